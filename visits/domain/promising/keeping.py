"""What a contact does to the promises of its tasks: it keeps the one that waits, and may make the next.

A promise is kept by a contact that was saved, or whose number was shown by the server, no later than `KEPT_WITHIN`
after the agreed moment; a moment that was only typed in proves nothing (DECISIONS 12). Nobody answering well before
the agreed moment leaves the promise as it stands.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from staff.domain import notifying
from staff.models import Activity
from visits.choices import WORKABLE, Channel, Outcome, PromiseKind, PromiseState
from visits.domain.calling.contacts import Contact
from visits.domain.calling.outcomes import UNANSWERED, Move
from visits.domain.calling.revealing import SHOWN
from visits.domain.calling.terms import Terms
from visits.models import Promise, RecordTask, VisitRecord, VisitTask

RING_BEFORE: Final = timedelta(minutes=5)
KEPT_WITHIN: Final = timedelta(minutes=15)


def waiting_for(tasks: Iterable[VisitTask]) -> dict[int, Promise]:
    """Return the promise that waits for each of these tasks, by the task's id."""
    return {found.task_id: found for found in Promise.objects.waiting().filter(task__in=[task.pk for task in tasks])}


def with_promise(move: Move, promise: Promise | None, contact: Contact, *, now: datetime) -> Move:
    """Return the move of a task, with its agreed moment left standing where nobody answered long before it."""
    if promise is None or not _is_too_early(promise, contact, now=now) or move.status is not None:
        return move
    return replace(move, next_attempt_at=promise.promised_at, call_back_at=promise.promised_at)


def settle(
    record: VisitRecord,
    links: Mapping[int, RecordTask],
    waiting: Mapping[int, Promise],
    contact: Contact,
    *,
    now: datetime,
) -> None:
    """Settle what waited for the tasks that this contact was about, in the caller's transaction."""
    for task, promise in waiting.items():
        if not links[task].attempt or _is_too_early(promise, contact, now=now):
            continue
        kept = _called_at(promise, record, contact, now=now) <= promise.promised_at + KEPT_WITHIN
        state = PromiseState.KEPT if kept else PromiseState.LATE
        owner = promise.owner_id or links[task].task.assignee_id
        Promise.objects.waiting().filter(pk=promise.pk).update(
            state=state, settled_at=now, settled_by=record, owner=owner
        )
        for key in bell_keys(promise.pk):
            notifying.withdraw(key=key, now=now)


def promise_again(
    record: VisitRecord, tasks: Sequence[VisitTask], links: Mapping[int, RecordTask], terms: Mapping[int, Terms]
) -> None:
    """Write down the call-back that the contact promised, for each task that it was about."""
    if record.outcome != Outcome.CALL_BACK or record.call_back_at is None:
        return
    for task in tasks:
        if links[task.pk].attempt:
            kind = PromiseKind.APPOINTMENT if terms[task.pk].step.appointment else PromiseKind.CALL_BACK
            Promise.objects.create(
                kind=kind, task=task, record=record, promised_at=record.call_back_at, made_by=record.advisor,
                made_at=record.logged_at, owner=task.assignee,
            )  # fmt: skip


def unappointed(tasks: Sequence[VisitTask], terms: Mapping[int, Terms], contact: Contact) -> frozenset[int]:
    """Return the tasks that this visit cannot complete because no time was agreed first (POLICY_PACK, appointment).

    Whoever calls in has chosen the time; one that only agrees a time completes nothing anyway.
    """
    if contact.inbound or not contact.reached:
        return frozenset()
    wanting = [task.pk for task in tasks if _wants_appointment(terms[task.pk], contact.channel)]
    agreed = Promise.objects.exclude(state=PromiseState.WITHDRAWN).filter(task__in=wanting) if wanting else None
    return frozenset(wanting) - frozenset(agreed.values_list("task", flat=True) if agreed is not None else ())


def take_back(record: VisitRecord, *, now: datetime) -> None:
    """Undo what the contact did to promises: its own are withdrawn, those that it settled wait again."""
    Promise.objects.waiting().filter(record=record).update(state=PromiseState.WITHDRAWN, settled_at=now)
    restored = Promise.objects.filter(settled_by=record)
    restored.update(state=PromiseState.WAITING, settled_at=None, settled_by=None)
    for promise in Promise.objects.waiting().filter(task__links__record=record):
        book_on(promise.task_id, promise.promised_at)


def book_on(task: int, at: datetime) -> bool:
    """Let the queue call the task at that moment; False where it can no longer be worked on."""
    return bool(VisitTask.objects.filter(pk=task, status__in=WORKABLE).update(next_attempt_at=at, call_back_at=at))


def withdraw(task: int, *, now: datetime) -> int:
    """Take back what waits for a task, because another moment was agreed or nobody is to call any more."""
    return Promise.objects.waiting().filter(task=task).update(state=PromiseState.WITHDRAWN, settled_at=now)


def bell_keys(promise: int) -> tuple[str, str]:
    """Return under which keys the bell rings for a promise: before its moment, and when nobody kept it."""
    return f"promise-{promise}", f"promise-unkept-{promise}"


def _wants_appointment(terms: Terms, channel: str) -> bool:
    wanted = terms.step.appointment
    return wanted is True or (wanted == "onsite" and channel == Channel.ONSITE)


def _is_too_early(promise: Promise, contact: Contact, *, now: datetime) -> bool:
    """Say whether nobody answered so long before the agreed moment that it still stands."""
    return contact.outcome in UNANSWERED and contact.decided_at(now=now) < promise.promised_at - RING_BEFORE


def _called_at(promise: Promise, record: VisitRecord, contact: Contact, *, now: datetime) -> datetime:
    """Return the moment of the call by the server's clock: when its number was shown, else when it was saved."""
    shown = Activity.objects.filter(
        verb=SHOWN, subject_type="customer", subject_id=record.customer_id, at__gte=promise.promised_at - RING_BEFORE
    )
    first = shown.order_by("at").values_list("at", flat=True).first()
    decided = contact.decided_at(now=now)
    return min(first, decided) if first else decided
