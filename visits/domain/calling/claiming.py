"""Settling tasks by conditional UPDATEs: whoever changes the row first has settled it, the other one sees so."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count

from visits.choices import WORKABLE, RecordKind, TaskStatus
from visits.domain.calling.contacts import Contact
from visits.domain.calling.outcomes import LEFT, UNANSWERED, Move
from visits.domain.calling.terms import window_of
from visits.models import Customer, RecordTask, Series, VisitRecord, VisitTask


def claim(
    task: VisitTask, move: Move, record: VisitRecord, contact: Contact, *, now: datetime, seen: int | None
) -> RecordTask:
    """Settle one task if nobody did since its attempts were counted as `seen`; return the record's link to it.

    A link of attempt 0 belongs to the one who came too late: it settles nothing.
    """
    attempts = task.attempts if seen is None else seen
    decided_at = contact.decided_at(now=now)
    in_time = window_of(task).contains(decided_at)
    facts: dict[str, Any] = {
        "attempts": attempts + 1, "next_attempt_at": move.next_attempt_at, "call_back_at": move.call_back_at,
        "leased_by": None, "leased_until": None, "skipped_at": None,
    }  # fmt: skip
    if move.status is not None:
        facts |= {"status": move.status, "closed_reason": move.closed_reason}
    if move.completes:
        facts |= {"completed_at": contact.ended_at or contact.started_at, "completed_in_time": in_time}
    won = VisitTask.objects.filter(pk=task.pk, status__in=WORKABLE, attempts=attempts).update(**facts)
    return RecordTask.objects.create(
        record=record, task=task, completes=bool(won and move.completes), in_time=bool(won and in_time),
        attempt=attempts + 1 if won else 0,
    )  # fmt: skip


def let_go(customer: Customer, record: VisitRecord, settled: Iterable[int], *, now: datetime) -> None:
    """End everything that is planned for somebody who is no longer a customer; the record names what it cancelled."""
    undone = VisitTask.objects.filter(customer=customer, status__in=(*WORKABLE, TaskStatus.INVALID_NUMBER))
    others = list(undone.exclude(pk__in=list(settled)).select_for_update().order_by("pk").values_list("pk", flat=True))
    VisitTask.objects.filter(pk__in=others).update(
        status=TaskStatus.CANCELLED, closed_reason=LEFT, leased_by=None, leased_until=None
    )
    RecordTask.objects.bulk_create(
        RecordTask(record=record, task_id=pk, completes=False, in_time=False, attempt=0) for pk in others
    )
    Series.objects.filter(customer=customer, ended_at=None).update(ended_at=now, ended_reason=LEFT)
    Customer.objects.filter(pk=customer.pk, left_at=None).update(left_at=now)


def unanswered_of(tasks: Iterable[VisitTask]) -> dict[int, int]:
    """Return of each task, by id, how many of its attempts nobody answered; voided ones are no attempts."""
    found = list(tasks)
    tried = [task.pk for task in found if task.attempts]
    return {task.pk: 0 for task in found} | (_counted(tried) if tried else {})


def _counted(ids: list[int]) -> dict[int, int]:
    counted = (
        RecordTask.objects.filter(task__in=ids, attempt__gt=0, record__kind=RecordKind.CONTACT)
        .filter(record__outcome__in=UNANSWERED)
        .exclude(record__superseded_by__kind=RecordKind.VOID)
        .order_by()
        .values_list("task")
        .annotate(Count("pk"))
    )
    return dict(counted)


def winner_of(task: VisitTask, *, but: VisitRecord) -> VisitRecord | None:
    """Return the record that last settled the task, other than `but`; None where no person did."""
    links = RecordTask.objects.filter(task=task).exclude(record=but).filter(record__kind=RecordKind.CONTACT)
    link = links.select_related("record__advisor").order_by("-pk").first()
    return link.record if link else None
