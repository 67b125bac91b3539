"""Agreed moments that passed: call-backs, appointments, promised answers (POLICY_PACK `promise_broken`; E-02, U-09).

An agreed call is kept until 15 minutes after its moment, a promised answer until its bound. Who had the task, or
answered for the question, at that moment is asked; an appointment that lay in a pool was nobody's.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from django.db.models import Q

from staff.domain.calendar import local_date
from staff.domain.conduct.breach import Breach
from staff.models import Violation
from visits.choices import FollowUpKind, FollowUpState, PromiseState
from visits.domain.assigning.holding import held_at
from visits.domain.calling.terms import terms_of_all
from visits.domain.calling.versioning import first_records
from visits.domain.detecting.bounds import OVERLAP, due_between, house, is_past
from visits.domain.detecting.dissatisfied import tasks_of
from visits.domain.detecting.exempting import LEAVE, Circumstances, exemption
from visits.domain.detecting.naming import codes_of, fields_of_tasks, visit_of
from visits.domain.detecting.returning import owners_at
from visits.domain.promising.keeping import KEPT_WITHIN
from visits.models import FollowUpItem, Promise

KIND: Final = "promise_broken"
PROMISE, REPLY = "promise:", "reply:"


def detect(*, since: datetime, until: datetime, now: datetime) -> Iterator[Breach]:
    """Yield the promises and the promised answers whose bound was over in (`since`, `until`]."""
    del now
    back = since - OVERLAP
    due = due_between("promised_at", back - KEPT_WITHIN, until - KEPT_WITHIN, inclusive=True)
    related = ("task__release", "task__step__rule", "task__event")
    found = Promise.objects.filter(due).exclude(state=PromiseState.KEPT).select_related(*related).order_by("pk")
    broken = [promise for promise in found if is_broken(promise)]
    while broken:  # each task once at a time: who had it is asked as of one moment
        once = {promise.task_id: promise for promise in reversed(broken)}
        yield from _of_promises(list(once.values()))
        broken = [promise for promise in broken if promise is not once[promise.task_id]]
    late = due_between("due_at", back, until, inclusive=False)
    asked = FollowUpItem.objects.filter(late, kind=FollowUpKind.QUESTION).select_related("record").order_by("pk")
    owed = [item for item in asked if is_unanswered(item)]
    if owed:
        yield from _of_answers(owed)


def is_broken(promise: Promise) -> bool:
    """Say whether a promise was not kept at its bound: neither kept, nor taken back before it."""
    bound = promise.promised_at + KEPT_WITHIN
    gone = promise.state == PromiseState.WITHDRAWN and not is_past(promise.settled_at or bound, bound, inclusive=True)
    return promise.state != PromiseState.KEPT and not gone


def is_unanswered(item: FollowUpItem) -> bool:
    """Say whether a promised answer was not given before its bound; a question that was taken back is none."""
    if item.state == FollowUpState.WITHDRAWN or item.due_at is None:
        return False
    return item.closed_at is None or is_past(item.closed_at, item.due_at, inclusive=False)


def _of_promises(promises: Sequence[Promise]) -> Iterator[Breach]:
    holders = held_at({promise.task_id: promise.promised_at for promise in promises})
    terms = terms_of_all({promise.task for promise in promises})
    known = Circumstances.of(
        min(promise.made_at for promise in promises), max(promise.promised_at for promise in promises) + KEPT_WITHIN
    )
    days = {promise.task_id: local_date(promise.promised_at, house()) for promise in promises}
    fields = fields_of_tasks({promise.task for promise in promises}, days)
    for promise in promises:
        who = holders[promise.task_id]
        if who is None:
            continue
        on, bound = local_date(promise.promised_at, house()), promise.promised_at + KEPT_WITHIN
        why = exemption(who, promise.promised_at, bound, hours=terms[promise.task_id].hours, known=known)
        post = known.workforce.post(who, on=on)
        yield Breach(
            violation=KIND, subject=f"{PROMISE}{promise.pk}", employee=who, on=on, at=bound, exempt=why.why,
            release=promise.task.release_id, of=codes_of([promise.task]), fields=fields.get(promise.task_id, {}),
            facts={
                "promise": promise.pk, "visit": f"task:{promise.task_id}",
                "promised_at": promise.promised_at.isoformat(), "bound": bound.isoformat(),
                "kind": promise.kind, **why.facts,
            },
            evidence=({"kind": "task", "id": promise.task_id},), branch=post.branch or promise.task.branch_id,
            department=post.department or promise.task.department_id,
        )  # fmt: skip


def _of_answers(items: Sequence[FollowUpItem]) -> Iterator[Breach]:
    known, owners = Circumstances.of(None, None), owners_at(items)
    first = first_records(item.record for item in items if item.record)
    records = {item.pk: first[item.record_id] for item in items if item.record_id}
    settled = tasks_of(records.values())
    for item in items:
        if item.due_at is None:
            continue
        who, on = owners[item.pk], local_date(item.due_at, house())
        tasks = settled.get(records[item.pk].pk, []) if item.record else []
        post = known.workforce.post(who, on=on)
        yield Breach(
            violation=KIND, subject=f"{REPLY}{item.pk}", employee=who, on=on, at=item.due_at,
            release=tasks[0].release_id if tasks else None, of=codes_of(tasks),
            exempt=LEAVE if known.workforce.leave_of(who, on=on) is not None else "",
            facts={
                "reply": item.pk, "bound": item.due_at.isoformat(), "kind": "reply",
                **({"visit": visit_of(item.record_id, tasks)} if item.record_id else {}),
            },
            evidence=({"kind": "reply", "id": item.pk},), branch=post.branch or item.branch_id,
            department=post.department or item.department_id,
        )  # fmt: skip


def mended(violations: Iterable[Violation]) -> frozenset[int]:
    """Return the proposals whose promise was kept after all: the call began in time and was saved later."""
    found = {violation.pk: violation.subject for violation in violations}
    promises = _numbers(found.values(), PROMISE)
    still = {f"{PROMISE}{one.pk}" for one in Promise.objects.filter(pk__in=promises) if is_broken(one)}
    replies = FollowUpItem.objects.filter(Q(pk__in=_numbers(found.values(), REPLY)))
    still |= {f"{REPLY}{one.pk}" for one in replies if is_unanswered(one)}
    return frozenset(pk for pk, subject in found.items() if subject not in still)


def _numbers(subjects: Iterable[str], kind: str) -> list[int]:
    return [int(subject.removeprefix(kind)) for subject in subjects if subject.startswith(kind)]
