"""Asking the customer whether a problem is solved, and opening it again where it is not (F-02).

A problem that was settled after its visit is told as an event of kind complaint_resolved with ``type = "problem"``:
whether somebody calls because of it, by when and who, is a rule of the regulation.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db.models import Q

from config import clock
from staff.domain.activity import log
from staff.models import Employee
from visits.choices import WORKABLE, FollowUpDeedKind, FollowUpState, TaskStatus
from visits.domain.planning.following import SOURCE
from visits.domain.planning.rulebook import load_rulebook
from visits.models import EventKind, FollowUpDeed, FollowUpItem, ServiceEvent, VisitRecord, VisitTask

RESOLVED: Final = "complaint_resolved"
TITLE: Final = "投诉处理完毕"
REQUESTED: Final = "customer_request"
REQUESTED_TITLE: Final = "客户要求回访"
PROBLEM_EVENT: Final = "problem-{item}-{round}"
QUESTION_EVENT: Final = "question-{item}-{round}"


def announce_settled(item: FollowUpItem, *, now: datetime) -> None:
    """Tell the rules that a problem was settled, where one of them listens; in the caller's transaction."""
    facts = {"type": "problem", "round": str(item.reopened + 1), "summary": item.text, "solution": item.result}
    _announce(item, RESOLVED, TITLE, PROBLEM_EVENT, facts, now=now)


def announce_question(item: FollowUpItem, *, now: datetime) -> None:
    """Tell the rules that the customer waits for an answer until the moment that was promised (U-09)."""
    facts = {"type": "enquiry", "summary": item.text}
    if item.due_at:
        _announce(item, REQUESTED, REQUESTED_TITLE, QUESTION_EVENT, facts, now=now)


def _announce(
    item: FollowUpItem, kind: str, title: str, key: str, facts: dict[str, str], *, now: datetime
) -> None:  # fmt: skip
    if not load_rulebook().listens_to(kind):
        return
    known, _made = EventKind.objects.get_or_create(code=kind, defaults={"title": title})
    due = {"due_at": item.due_at, "due_has_time": True} if kind == REQUESTED else {}
    ServiceEvent.objects.create(
        source=SOURCE, order_no=key.format(item=item.pk, round=item.reopened), member="", kind=known, happened_at=now,
        happened_on=clock.local_day(now), customer_id=item.customer_id, vehicle_id=item.vehicle_id,
        branch_id=item.branch_id, department_id=item.department_id, advisor_id=item.owner_id,
        attributes=facts | {"handler": item.owner.username}, fingerprint="", taken_in_at=now, changed_at=now, **due,
    )  # fmt: skip


def judge_verification(record: VisitRecord, tasks: Iterable[VisitTask], *, by: Employee, now: datetime) -> None:
    """Let a visit that asked after follow-ups speak: not solved opens a problem again, an answer ends a question."""
    for task in tasks:
        word, _dash, rest = task.event.order_no.partition("-")
        if task.event.source != SOURCE or word not in ("problem", "question"):
            continue
        item = FollowUpItem.objects.filter(pk=int(rest.partition("-")[0])).first()
        if item is not None:
            (_verify if word == "problem" else _answer)(item, record, by, now)


def _verify(item: FollowUpItem, record: VisitRecord, by: Employee, now: datetime) -> None:
    """Take the customer's word on a settled problem."""
    unsolved = record.satisfied is False or record.settled is False
    settled = FollowUpItem.objects.filter(pk=item.pk, state=FollowUpState.SETTLED)
    if not unsolved:
        _line(item, FollowUpDeedKind.TOLD_CUSTOMER, record, by, now)
    elif settled.update(
        state=FollowUpState.OPEN, closed_at=None, result="", waiting_since=record.started_at, reopened=item.reopened + 1
    ):
        _line(item, FollowUpDeedKind.REOPENED, record, by, now)


def _answer(item: FollowUpItem, record: VisitRecord, by: Employee, now: datetime) -> None:
    """End a question with what the customer was told."""
    waiting = FollowUpItem.objects.filter(pk=item.pk, closed_at=None)
    if record.summary and waiting.update(state=FollowUpState.SETTLED, closed_at=now, result=record.summary):
        _line(item, FollowUpDeedKind.SETTLED, record, by, now)


def _line(item: FollowUpItem, kind: FollowUpDeedKind, record: VisitRecord, by: Employee, now: datetime) -> None:
    text = record.problem or record.summary
    FollowUpDeed.objects.create(item=item, kind=kind, at=now, by=by, record=record, text=text)
    log(now=now, actor=by, verb=f"follow_up_{kind.value}", subject=item, record=record.pk)


def withdraw_events(items: Iterable[int], *, reason: str, now: datetime) -> None:
    """Take back what was told of these follow-ups; visits because of it that nobody began are cancelled."""
    for item in items:
        own = Q(order_no__startswith=f"problem-{item}-") | Q(order_no__startswith=f"question-{item}-")
        told = ServiceEvent.objects.filter(own, source=SOURCE)
        tasks = VisitTask.objects.filter(event__in=told, attempts=0, status__in=WORKABLE)
        tasks.update(status=TaskStatus.CANCELLED, closed_reason=reason)
        told.update(history=True, needs_planning=False, changed_at=now)
