"""Whether what a unit reported is true: the visit that asks, its verdict, the look-back (N-04, N-05)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from complaints.choices import OrderDeed, OrderTag, Verdict, WorkOrderState
from complaints.domain.orders.changing import change, check_open
from complaints.domain.orders.ending import reopen
from complaints.domain.orders.telling import of_turn
from complaints.domain.writing import CannotDo
from complaints.models import CaseDeed, WorkOrder
from staff.models import Employee
from visits.choices import CASES
from visits.domain.obliging.fulfilling import drop
from visits.domain.origin.requesting import ASSIGNED, NoRule, Wish, request_visit
from visits.models import ServiceEvent, VisitRecord, VisitTask

# The questions of a questionnaire that ask it, and what an answer means.
ASKED: Final = ("verification", "verdict", "verified")
MEANS: Final[dict[str, Verdict]] = {
    "属实": Verdict.TRUE, "true": Verdict.TRUE, "yes": Verdict.TRUE, "是": Verdict.TRUE,
    "不属实": Verdict.FALSE, "false": Verdict.FALSE, "no": Verdict.FALSE, "否": Verdict.FALSE,
    "部分属实": Verdict.PARTLY, "partly": Verdict.PARTLY,
}  # fmt: skip
SHOWN: Final = 12  # answers of an earlier visit that a look-back shows


def follow_visit(*, record: VisitRecord, tasks: Iterable[VisitTask], by: Employee, now: datetime) -> None:
    """Take the verdict of a visit that asked after a work order (a hand-over); a false report reopens the order."""
    verdict = verdict_in(record.answers)
    for task in tasks:
        order = order_of(task.event) if verdict else None
        if order is not None and verdict is not None:
            judge(order, verdict, by=by, now=now, record=record)


def verdict_in(answers: dict[str, Any]) -> Verdict | None:
    """Return what a visit found, where it asked."""
    said = (str(answers[code]).strip().lower() for code in ASKED if code in answers)
    return next((MEANS[one] for one in said if one in MEANS), None)


def order_of(event: ServiceEvent) -> WorkOrder | None:
    """Return the work order that an event is about: announced by its case, or begun as a look-back."""
    number = str(event.attributes.get("work_order", ""))
    if not number or (event.source != CASES and event.kind.code != ASSIGNED):
        return None
    return WorkOrder.objects.select_related("case").filter(number=number).first()


def judge(order: WorkOrder, verdict: Verdict, *, by: Employee, now: datetime, record: VisitRecord) -> WorkOrder:
    """Write down whether the report was true; where it was false, the order is worked on again."""
    with transaction.atomic():
        change(
            order, OrderDeed.VERDICT, by=by, now=now, text=str(verdict.label), record=record, verdict=verdict,
            facts={"verdict": verdict.value, "was": order.verdict},
        )  # fmt: skip
        if verdict == Verdict.FALSE and order.state in (WorkOrderState.REPORTED, WorkOrderState.DONE):
            reopen(order, by=by, now=now, text=_("The visit found that the report is not true."), record=record)
    return order


def follow_undo(*, record: VisitRecord, now: datetime) -> None:
    """Put the orders back that a visit judged which was taken back (a hand-over); not what was worked on since."""
    lines = CaseDeed.objects.filter(record=record, work_order__isnull=False).select_related("work_order__case")
    orders: dict[int, list[CaseDeed]] = {}
    for line in lines.order_by("-pk"):
        orders.setdefault(line.work_order_id or 0, []).append(line)
    for found in orders.values():
        order = found[0].work_order
        if order is not None and order.deeds.last() == found[0]:
            for line in found:
                _put_back(order, line, now)


def _put_back(order: WorkOrder, line: CaseDeed, now: datetime) -> None:
    was = line.facts.get("was")
    if line.facts.get("deed") == OrderDeed.VERDICT:
        change(order, OrderDeed.VERDICT, by=None, now=now, text=_("The visit was taken back."), verdict=was or "")
    elif isinstance(was, dict):
        names = ("reported_at", "arrived_at", "slot_from", "slot_until", "confirmed_at")
        moments: dict[str, Any] = {name: parse_datetime(was[name]) if name in was else None for name in names}
        ended = parse_datetime(was["closed_at"]) if "closed_at" in was else None
        drop(of_turn(order), now=now)
        change(
            order, OrderDeed.REPORTED, by=None, now=now, at=ended, text=_("The visit was taken back."),
            state=was["state"], reopened=order.reopened - 1, confirmed_how=was["confirmed_how"], **moments,
        )  # fmt: skip


def tag(order: WorkOrder, tags: Iterable[str], *, by: Employee, now: datetime) -> WorkOrder:
    """Mark an order as key, typical or difficult, or take the marks off (N-05); ended ones too."""
    wanted = [one for one in OrderTag.values if one in set(tags)]
    if wanted != order.tags:
        words = "、".join(str(OrderTag(one).label) for one in wanted) or _("no mark")
        change(order, OrderDeed.TAGGED, by=by, now=now, text=words, tags=wanted)
    return order


def look_back(order: WorkOrder, *, by: Employee, now: datetime) -> ServiceEvent:
    """Begin a second visit to the customer of a reported order, which shows the answers of the first (N-05)."""
    check_open(order, WorkOrderState.REPORTED, WorkOrderState.DONE)
    case = order.case
    if case.customer is None:
        raise CannotDo(_("Nobody can be visited: the case names no customer."))
    told = {"aim": _("look-back"), "content": order.instruction[:200], "work_order": order.number}
    wish = Wish(
        token=uuid4(), kind=ASSIGNED, customer=case.customer, asked_at=now, vehicle=case.vehicle,
        told=told | first_answers(order), remark=f"{case.number} {order.number}",
    )  # fmt: skip
    try:
        with transaction.atomic():
            event = request_visit(wish, by=by, now=now)
            change(
                order, OrderDeed.LOOKED_BACK, by=by, now=now, text=event.order_no, facts={"event": event.pk}
            )  # fmt: skip
    except NoRule as refusal:
        raise CannotDo(str(refusal)) from refusal
    return event


def first_answers(order: WorkOrder) -> dict[str, str]:
    """Return what the first visit about the order or its case heard, as columns of an event."""
    about = VisitTask.objects.filter(event__source=CASES, event__attributes__case=order.case.number)
    first = (
        VisitRecord.objects.current().filter(links__task__in=about, links__attempt__gt=0).order_by("started_at").first()
    )
    if first is None:
        return {}
    said = {code: str(answer) for code, answer in first.answers.items() if answer not in (None, "", [])}
    said |= {"summary": first.summary} if first.summary else {}
    return {f"{_('first visit')} {code}": text[:200] for code, text in list(said.items())[:SHOWN]}
