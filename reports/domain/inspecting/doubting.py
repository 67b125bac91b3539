"""The nightly truth checks: what was saved the day before is held against itself, the days before, and its proof.

A doubt raises the chance of a record to be drawn and shows on the page of doubts. It fines nobody.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from reports.choices import Doubt
from reports.domain.inspecting.suspicions import Seen, Suspicion, bursts, copied, impossible
from reports.models import RecordDoubt
from staff.domain.calendar import day_end, day_start
from visits.choices import Channel, DoubtKind, Outcome
from visits.models import EvidenceDoubt, VisitRecord

TEXT_DAYS: Final = 30  # how far back the same words are looked for
REACH: Final = timedelta(days=1)  # no call lasts longer
BY_VOICE: Final = (Channel.DESK_PHONE, Channel.MOBILE)
TWICE: Final = (DoubtKind.SAME_FILE, DoubtKind.SIMILAR_IMAGE)
WORDS: Final = ("summary", "problem", "need", "suggestion", "displeasure", "rectification")


def doubt_records(*, now: datetime, on: date) -> dict[str, int]:
    """Look for what is hard to believe among the visits saved on the day before the business day `on` (a daily job)."""
    zone = ZoneInfo(settings.TIME_ZONE)
    day = on - timedelta(1)
    first, last = day_start(day - timedelta(TEXT_DAYS), zone), day_end(day, zone)
    lately = list(seen(visits().filter(logged_at__gte=first, logged_at__lt=last)))
    if not lately:
        return {"looked_at": 0, "doubts": 0}
    today = [one for one in lately if one.logged_at >= day_start(day, zone)]
    fresh = {one.pk for one in today}
    found = [
        one
        for one in chain(bursts(today), copied(lately), impossible(_near(lately, today)), proofs_used_twice(lately))
        if one.record in fresh or one.kind in (Doubt.COPIED, Doubt.SAME_PROOF)
    ]
    before = RecordDoubt.objects.count()
    RecordDoubt.objects.bulk_create(
        (
            RecordDoubt(record_id=one.record, kind=one.kind, weight=one.weight, facts=dict(one.facts), found_at=now)
            for one in found
        ),
        update_conflicts=True,
        unique_fields=["record", "kind"],
        update_fields=["weight"],
    )
    return {"looked_at": len(today), "doubts": RecordDoubt.objects.count() - before}


def visits() -> QuerySet[VisitRecord]:
    """Return the visits that stand: contacts in which the customer was reached."""
    return VisitRecord.objects.current().filter(outcome=Outcome.REACHED)


def seen(records: QuerySet[VisitRecord]) -> Iterator[Seen]:
    """Yield the records as the checks see them."""
    names = ("pk", "advisor", "customer", "started_at", "ended_at", "logged_at", "channel", "answers", *WORDS)
    for row in records.order_by("pk").values(*names).iterator(chunk_size=2000):
        yield Seen(
            row["pk"], row["advisor"], row["customer"], row["started_at"], row["ended_at"], row["logged_at"],
            by_voice=row["channel"] in BY_VOICE, asked=len(row["answers"] or {}),
            texts=tuple(row[name] for name in WORDS if row[name]),
        )  # fmt: skip


def _near(lately: Iterable[Seen], today: Iterable[Seen]) -> list[Seen]:
    """Return the calls whose time may touch one of today's."""
    earliest: dict[int, datetime] = {}
    for one in today:
        earliest[one.advisor] = min(one.started_at, earliest.get(one.advisor, one.started_at))
    return [one for one in lately if one.advisor in earliest and one.started_at >= earliest[one.advisor] - REACH]


def proofs_used_twice(records: Iterable[Seen]) -> Iterator[Suspicion]:
    """Yield the visits whose recording or picture proves another visit too, or looks like one that does."""
    ids = [one.pk for one in records]
    rows = EvidenceDoubt.objects.filter(evidence__record__in=ids, kind__in=TWICE).order_by("pk")
    told: dict[int, int] = {}
    for record, other in rows.values_list("evidence__record", "other"):
        told.setdefault(record, other)
    yield from (Suspicion(record, Doubt.SAME_PROOF, {"evidence": other}) for record, other in told.items())
