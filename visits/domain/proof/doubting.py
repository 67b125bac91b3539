"""Evidence that may prove nothing: used twice, too short, silent, or of another time (RELIABILITY T16, T17).

A doubt is a line for a person to look at, never a verdict: two honest screenshots can look alike.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from config.media import prints
from visits.choices import DoubtKind, EvidenceKind
from visits.models import Evidence, EvidenceDoubt, VisitRecord

ALIKE_BITS: Final = 34  # of 256; different screens of the same telephone differ in 46 and more
LOOK_BACK: Final = timedelta(days=400)
AT_ONCE: Final = 200
SLACK: Final = timedelta(minutes=15)  # between a call and the moment that its recording or screenshot tells
SHORTFALL_SECONDS: Final = 15  # of ringing that the caller counted in
SHORTFALL_SHARE: Final = Decimal("0.2")


def doubt_of_file(evidence: Evidence, *, now: datetime) -> None:
    """Note what the file alone gives away: that it belongs to another visit too, that nothing is heard."""
    twin = twins(evidence).order_by("pk").first()
    if twin is not None:
        _note(evidence, DoubtKind.SAME_FILE, now=now, other=twin)
    if evidence.silent:
        _note(evidence, DoubtKind.SILENT, now=now)


def twins(evidence: Evidence) -> QuerySet[Evidence]:
    """Return evidence of other contacts that is this very file, as it came or as it was kept."""
    hashes = (evidence.sha256, evidence.stored_sha256)
    same = Q(sha256__in=hashes) | Q(stored_sha256__in=hashes)
    return Evidence.objects.filter(same).exclude(pk=evidence.pk).filter(_of_another_contact(evidence))


def doubts_of_record(record: VisitRecord, *, now: datetime) -> None:
    """Note what evidence and contact together give away: too short a recording, a file of another time.

    What was found before is judged anew, for the missing half of a recording may have come since.
    """
    together = (DoubtKind.TOO_SHORT, DoubtKind.OTHER_TIME)
    EvidenceDoubt.objects.filter(evidence__record=record, kind__in=together).delete()
    found = list(Evidence.objects.filter(record=record).order_by("pk"))
    recordings = [one for one in found if one.kind == EvidenceKind.RECORDING and one.seconds is not None]
    if recordings and (lacking := _lacking_seconds(record, recordings)):
        _note(recordings[-1], DoubtKind.TOO_SHORT, now=now, measure=lacking)
    for one in found:
        if one.made_at and not _fits(one, record):
            _note(one, DoubtKind.OTHER_TIME, now=now)


def _lacking_seconds(record: VisitRecord, recordings: Sequence[Evidence]) -> int:
    """Return how many seconds the recordings lack to the call as it was logged, beyond what is forgiven."""
    if record.ended_at is None:
        return 0
    told = Decimal((record.ended_at - record.started_at).total_seconds())
    lacking = told - sum((one.seconds or Decimal(0) for one in recordings), Decimal(0))
    return int(lacking) if lacking > SHORTFALL_SECONDS and lacking > told * SHORTFALL_SHARE else 0


def _fits(evidence: Evidence, record: VisitRecord) -> bool:
    """Say whether a file was made during the call, or, as a picture of it, until it was handed in."""
    last = evidence.uploaded_at
    if evidence.kind == EvidenceKind.RECORDING:
        last = (record.ended_at or record.logged_at) + SLACK
    return bool(evidence.made_at and record.started_at - SLACK <= evidence.made_at <= last + SLACK)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture among others: its prints, and the contact that it belongs to."""

    pk: int
    prints: tuple[int, ...]
    contact: tuple[str, int | None]


def compare_images(*, now: datetime) -> dict[str, int]:
    """Compare new pictures with those of the past year; note those that look like one of another visit."""
    rows = Evidence.objects.images().exclude(kind=EvidenceKind.SIGNATURE)  # one hand writes one name
    fresh = list(_pictures(rows.filter(compared_at=None).order_by("pk")[:AT_ONCE]))
    if not fresh:
        return {}
    closest: dict[int, tuple[int, int]] = {}
    for other in _pictures(rows.filter(pk__lt=fresh[-1].pk, uploaded_at__gte=now - LOOK_BACK)):
        for one in fresh:
            if other.pk < one.pk and other.contact != one.contact:
                found = (prints.distance(one.prints, other.prints), other.pk)
                closest[one.pk] = min(found, closest.get(one.pk, found))
    alike = {pk: found for pk, found in closest.items() if found[0] <= ALIKE_BITS}
    with transaction.atomic():
        for pk, (bits, other_pk) in alike.items():
            _note(Evidence(pk=pk), DoubtKind.SIMILAR_IMAGE, now=now, other=Evidence(pk=other_pk), measure=bits)
        Evidence.objects.filter(pk__in=[one.pk for one in fresh]).update(compared_at=now)
    return {"compared": len(fresh), "alike": len(alike)}


def _pictures(rows: QuerySet[Evidence]) -> Iterator[Picture]:
    for pk, text, record, task in rows.values_list("pk", "prints", "record", "task").iterator(chunk_size=2000):
        yield Picture(pk, prints.read(text), ("record", record) if record else ("task", task))


def _of_another_contact(evidence: Evidence) -> Q:
    """Return the condition of evidence that proves, or is to prove, another contact than this one."""
    if evidence.record_id:
        return ~Q(record=evidence.record_id)
    return ~Q(record=None, task=evidence.task_id)


def _note(
    evidence: Evidence, kind: DoubtKind, *, now: datetime, other: Evidence | None = None, measure: int = 0
) -> None:
    """Write a doubt down, once."""
    EvidenceDoubt.objects.get_or_create(
        evidence_id=evidence.pk, kind=kind, other_id=other.pk if other else None,
        defaults={"measure": measure, "found_at": now},
    )  # fmt: skip
