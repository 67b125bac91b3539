"""Opening what a contact leaves to be done, in the transaction that saves the contact (DECISIONS 28)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext as _

from staff.domain.activity import log_many
from staff.domain.calendar import day_end, local_date
from staff.domain.jobs import hand_over
from staff.models import Employee
from visits.choices import FollowUpDeedKind, FollowUpKind, FollowUpState, Outcome
from visits.domain.follow_up.confirming import announce_question
from visits.domain.follow_up.telling_people import tell_owner
from visits.domain.follow_up.wishes import FollowOn, Grievance
from visits.models import Customer, FollowUpDeed, FollowUpItem, Ownership, Vehicle, VisitRecord, VisitTask

TOLD_IN: Final = (Outcome.REACHED, Outcome.REFUSED)  # somebody spoke; what stands in a hidden field was not said


@dataclass(frozen=True)
class Ground:
    """Where follow-ups arise: whose customer, which car, in which unit, by whom, at which moment.

    `since`: when the customer told of it; `limit_on`: until when a return may be promised;
    `owner`: who answers for it where that is not who writes it down.
    """

    customer: Customer
    by: Employee
    now: datetime
    since: datetime
    zone: ZoneInfo
    record: VisitRecord | None = None
    vehicle: int | None = None
    branch: int | None = None
    department: int | None = None
    limit_on: date | None = None
    owner: Employee | None = None


def ground_of(record: VisitRecord, task: VisitTask | None, *, limit_on: date | None, now: datetime) -> Ground:
    """Return the ground of what follows from a record; `task`: the one that was opened, None for an inbound call."""
    return Ground(
        customer=record.customer, by=record.advisor, now=now, since=record.started_at,
        zone=ZoneInfo(settings.TIME_ZONE), record=record, vehicle=vehicle_of(task, record.customer),
        branch=task.branch_id if task else record.branch_id, department=task.department_id if task else None,
        limit_on=limit_on,
    )  # fmt: skip


def vehicle_of(task: VisitTask | None, customer: Customer) -> int | None:
    """Return the car that a contact is about: the event's, else the only one that the customer owns."""
    if task is not None and task.event.vehicle_id:
        return task.event.vehicle_id
    owned = list(Ownership.objects.filter(customer=customer, until_at=None).values_list("vehicle", flat=True)[:2])
    return owned[0] if len(owned) == 1 else None


def open_all(
    record: VisitRecord, follow: FollowOn, ground: Ground, *, standing: Iterable[FollowUpItem] = ()
) -> None:  # fmt: skip
    """Open what follows from a record, in the caller's transaction; `standing`: what a corrected one has left."""
    if record.outcome not in TOLD_IN:
        return
    there = {item.kind: item for item in standing}
    problem = there.get(FollowUpKind.PROBLEM)
    if record.problem and problem is None:
        problem = _problem(record, follow, ground)
    wished = [kind for kind in follow.kinds if kind not in there]
    what = record.problem or record.rectification or record.summary
    for kind in wished:
        _open(kind, follow, ground, problem, what, solution=record.rectification)


def _open(
    kind: str, follow: FollowOn, ground: Ground, problem: FollowUpItem | None, what: str, *, solution: str
) -> None:
    """Open one thing that is wished; `what` was said beside it, for where it has no words of its own."""
    match kind:
        case FollowUpKind.RETURN_APPOINTMENT if follow.return_on:
            book(ground, solution or what or _("Return to the workshop"), on=follow.return_on, problem=problem)
        case FollowUpKind.RECOMMENDED_REPAIR:
            recommend(ground, follow.repair, on=follow.return_on, problem=problem)
        case FollowUpKind.COMPLAINT:
            complain(ground, what or _("Complaint in a visit"), problem=problem, grievance=follow.grievance)
        case FollowUpKind.QUESTION:
            ask(ground, follow.question, due_at=follow.question_due, to=person(follow.question_to))
        case FollowUpKind.REMINDER if follow.remind_on:
            text = follow.remind_text.strip() or what or _("Follow up on the visit")
            remind(ground, text, on=follow.remind_on, to=person(follow.remind_to))


def _problem(record: VisitRecord, follow: FollowOn, ground: Ground) -> FollowUpItem:
    """Open the problem; it is settled at once where a result was written and nothing else was agreed."""
    facts: dict[str, Any] = {"text": record.problem}
    if follow.return_on:
        facts |= _bound(follow.return_on, ground.zone)
    if _is_settled(record, follow):
        result = record.rectification or _("Settled during the visit")
        facts |= {"state": FollowUpState.SETTLED, "closed_at": ground.now, "result": result}
    return open_item(FollowUpKind.PROBLEM, ground, **facts)


def _is_settled(record: VisitRecord, follow: FollowOn) -> bool:
    if follow.remedies or record.settled is False:
        return False
    return bool(record.settled or (record.rectification and not follow.remind_on))


def book(ground: Ground, text: str, *, on: date, problem: FollowUpItem | None, **facts: Any) -> FollowUpItem:
    """Agree on a day for the car to come back."""
    return open_item(
        FollowUpKind.RETURN_APPOINTMENT, ground, state=FollowUpState.BOOKED, text=text, problem=problem,
        limit_on=ground.limit_on, **_bound(on, ground.zone), **facts,
    )  # fmt: skip


def recommend(ground: Ground, text: str, *, on: date | None, problem: FollowUpItem | None) -> FollowUpItem:
    """Enter a recommended repair under the next number of the vehicle, else of the customer (A-15)."""
    kept = FollowUpItem.objects.filter(number__isnull=False)
    if ground.vehicle:
        Vehicle.objects.select_for_update().get(pk=ground.vehicle)  # two at once count one after the other
        kept = kept.filter(vehicle=ground.vehicle)
    else:
        Customer.objects.select_for_update().get(pk=ground.customer.pk)
        kept = kept.filter(vehicle=None, customer=ground.customer)
    number = (kept.aggregate(last=Max("number"))["last"] or 0) + 1
    bound = _bound(on, ground.zone) if on else {}
    return open_item(FollowUpKind.RECOMMENDED_REPAIR, ground, text=text, problem=problem, number=number, **bound)


def complain(ground: Ground, text: str, *, problem: FollowUpItem | None, grievance: Grievance) -> FollowUpItem:
    """Note that the customer complains, and hand it to whoever handles complaints."""
    item = open_item(FollowUpKind.COMPLAINT, ground, text=grievance.text.strip() or text, problem=problem)
    hand_over("complaint_raised", item=item.pk, grievance=grievance, now=ground.now)
    return item


def ask(ground: Ground, text: str, *, due_at: datetime | None, to: Employee | None) -> FollowUpItem:
    """Note a question that nobody may answer alone, for somebody to clarify until a moment (U-09)."""
    due_on = local_date(due_at, ground.zone) if due_at else None
    item = open_item(FollowUpKind.QUESTION, ground, text=text, due_at=due_at, due_on=due_on, owner=to)
    announce_question(item, now=ground.now)
    return item


def remind(ground: Ground, text: str, *, on: date, to: Employee | None) -> FollowUpItem:
    """Flag a follow-up for a person and a day (P-04)."""
    return open_item(FollowUpKind.REMINDER, ground, text=text, owner=to, **_bound(on, ground.zone))


def open_item(
    kind: FollowUpKind, ground: Ground, *, text: str, owner: Employee | None = None, **facts: Any
) -> FollowUpItem:
    """Write one follow-up with the first line of its history; tell its owner where that is somebody else."""
    usual: dict[str, Any] = {
        "kind": kind, "state": FollowUpState.OPEN, "record": ground.record, "customer": ground.customer,
        "vehicle_id": ground.vehicle, "branch_id": ground.branch, "department_id": ground.department,
        "owner": owner or ground.owner or ground.by, "text": text.strip(),
        "opened_at": ground.since, "waiting_since": ground.since,
    }  # fmt: skip
    item = FollowUpItem.objects.create(**(usual | facts))
    told = {FollowUpDeedKind.OPENED: ""} | ({FollowUpDeedKind.SETTLED: item.result} if item.closed_at else {})
    FollowUpDeed.objects.bulk_create(
        FollowUpDeed(item=item, kind=deed, at=ground.now, by=ground.by, text=said, record=ground.record)
        for deed, said in told.items()
    )
    deed = ("follow_up_opened", item.pk, {"kind": kind.value, "owner": item.owner_id})
    log_many(now=ground.now, actor=ground.by, model=FollowUpItem, deeds=[deed])
    tell_owner(item, by=ground.by, now=ground.now)
    return item


def person(pk: int | None) -> Employee | None:
    """Return the person that was chosen, None where nobody was or they have left."""
    return Employee.objects.filter(pk=pk, is_active=True).first() if pk else None


def _bound(on: date, zone: ZoneInfo) -> dict[str, Any]:
    """Return the columns of a day: the day itself, and its end as the bound."""
    return {"due_on": on, "due_at": day_end(on, zone)}
