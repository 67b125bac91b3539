"""Which evidence a contact has, what its step wanted, and what it still lacks (DECISIONS 27; A-18, K-08)."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from django.db.models import Count, QuerySet

from staff.models import Employee
from visits.choices import EvidenceKind, ProofWanted
from visits.domain.follow_up.mending import mended
from visits.domain.proof.doubting import doubts_of_record
from visits.models import Evidence, RecordTask, VisitRecord, VisitTask

LACKED_AS: Final = {ProofWanted.ANY: "evidence", ProofWanted.RECORDING: "evidence", ProofWanted.SIGNATURE: "signature"}
MENDED_BY_FILES: Final = frozenset(LACKED_AS.values())


def waiting(tasks: Iterable[VisitTask], by: Employee) -> QuerySet[Evidence]:
    """Return what a person has handed in for calls about these tasks that are not saved yet."""
    return Evidence.objects.waiting().filter(task__in=[task.pk for task in tasks], uploaded_by=by).order_by("pk")


def kinds_waiting(tasks: Iterable[VisitTask], by: Employee) -> frozenset[str]:
    """Return the kinds of what waits."""
    return frozenset(waiting(tasks, by).values_list("kind", flat=True))


def attach(record: VisitRecord, tasks: Iterable[VisitTask], *, now: datetime) -> None:
    """Make what waited at the tasks the record's, in the transaction that saves it."""
    if waiting(tasks, record.advisor).update(record=record):
        doubts_of_record(record, now=now)


def detach(record: VisitRecord) -> None:
    """Let the files of a contact that was taken back wait at their task again."""
    found = Evidence.objects.filter(record=record)
    first = RecordTask.objects.filter(record=record).order_by("pk").values_list("task", flat=True).first()
    if first is not None:
        found.filter(task=None).update(task=first)
    found.filter(task__isnull=False).update(record=None)


def carry_over(record: VisitRecord, correction: VisitRecord) -> None:
    """Make the files of a record those of the record that corrects it."""
    Evidence.objects.filter(record=record).update(record=correction)


def count_files(records: Iterable[VisitRecord]) -> dict[int, int]:
    """Return how many files prove each record that has any, by its id."""
    found = Evidence.objects.filter(record__in=[record.pk for record in records]).order_by().values_list("record")
    return dict(found.annotate(Count("pk")))


def meets(wanted: str, kinds: Collection[str]) -> bool:
    """Say whether evidence of these kinds is the proof that was wanted; a signature proves no telephone call."""
    match wanted:
        case ProofWanted.NONE:
            return True
        case ProofWanted.ANY:
            return bool(set(kinds) - {EvidenceKind.SIGNATURE})
    return wanted in kinds


def lacks_now(incomplete: Iterable[str], wanted: str, kinds: Collection[str]) -> list[str]:
    """Return what a record lacks today: what it lacked when it was saved, less what came since."""
    if not meets(wanted, kinds):
        return list(incomplete)
    return [code for code in incomplete if code not in MENDED_BY_FILES]


def still_lacks(record: VisitRecord) -> list[str]:
    """Return what one record lacks today."""
    kinds = Evidence.objects.filter(record=record).values_list("kind", flat=True)
    lacking, done_since = lacks_now(record.incomplete, record.proof_wanted, set(kinds)), mended(record)
    return [code for code in lacking if code not in done_since]
