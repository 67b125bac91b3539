"""What was found and done: the report of a repair, the reply of a department, exchange or refund (V-03, W-05, I-03)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_urlsafe
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from complaints.choices import CaseDeedKind, Measure, OrderDeed, WorkOrderKind, WorkOrderState
from complaints.domain import announcing
from complaints.domain.orders.changing import change, check_open, wanted_text
from complaints.domain.orders.facts import NO_MATERIALS, check_order_filled, facts_of_order, words_of_order
from complaints.domain.orders.telling import done, of_turn, tell
from complaints.domain.orders.timing import UNDER_WARRANTY, in_warranty, needs_confirmation, waits_for_approval
from complaints.domain.verifying import handled_by
from complaints.domain.writing import CannotDo
from complaints.models import WorkOrder
from staff.models import Employee
from visits.domain.assigning.choosing import HANDLED_BY

REPORTED: Final = "work_order_reported"
DONE: Final = "work_order_done"
SAID: Final = gettext_noop("Work order %(number)s was reported: %(what)s")
ASKS: Final = gettext_noop("Work order %(number)s waits for your approval: %(what)s")
DECIDED: Final = gettext_noop("Work order %(number)s, decided: %(what)s")


@dataclass(frozen=True)
class Report:
    """What was found and done. `materials`: name and quantity of each; `minutes` of work; texts may be empty."""

    result: str
    fault: str = ""
    solution: str = ""
    process: str = ""
    minutes: int | None = None
    materials: tuple[Mapping[str, str], ...] = ()
    no_materials: bool = False
    at: datetime | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


def report(order: WorkOrder, told: Report, *, by: Employee, now: datetime) -> WorkOrder:
    """Report an order: it waits for the customer's word; a contact sheet ends with the reply of its department.

    Refused without a result, without what the regulation wants in a report, and while an exchange or refund outside
    the warranty waits for its approval.
    """
    is_sheet = order.kind == WorkOrderKind.CONTACT_SHEET
    states = (WorkOrderState.DISPATCHED, WorkOrderState.ARRIVED)
    check_open(order, *((WorkOrderState.OPENED, *states) if is_sheet else states))
    result = wanted_text(told.result, _("Write what came of it."), field="result")
    if told.at is not None and not order.opened_at <= told.at <= now:
        raise CannotDo(_("This moment lies before the order, or has not come yet."), field="at")
    if waits_for_approval(order):
        raise CannotDo(_("The exchange or refund waits for its approval."))
    values = order.values | dict(told.values) | {NO_MATERIALS: told.no_materials and not told.materials}
    columns = {
        "state": WorkOrderState.REPORTED if needs_confirmation(order) else WorkOrderState.DONE, "result": result,
        "fault": told.fault.strip(), "solution": told.solution.strip(), "process": told.process.strip(),
        "minutes": told.minutes, "materials": [dict(one) for one in told.materials], "reported_at": told.at or now,
        "values": values, "token": order.token or token_urlsafe(24), "accepted_at": order.accepted_at or now,
    }  # fmt: skip
    kind = CaseDeedKind.DEPARTMENT_REPLIED if is_sheet else CaseDeedKind.WORK_ORDER
    with transaction.atomic():
        change(
            order, OrderDeed.REPORTED, by=by, now=now, at=told.at, text=result, kind=kind,
            department=order.department, **columns,
        )  # fmt: skip
        check_order_filled(order, "report")
        _follow_report(order, by, now)
    return order


def _follow_report(order: WorkOrder, by: Employee, now: datetime) -> None:
    """Close the clocks that the report stops, let rules make their visits, tell whoever handles the case."""
    at = order.reported_at or now
    done(order, "first_reply", "department_reply", "progress", "resolve", "onsite_visit", by=by, at=at, now=now)
    if order.kind == WorkOrderKind.CONTACT_SHEET:
        announcing.done(order.case, "department_reply", by=by, at=at, now=now)
    happened(order, REPORTED, at=at, now=now)
    if order.is_ended:
        finish(order, by=by, now=now)
    tell(order, [order.case.handler, order.opened_by], SAID, what=order.result, by=by, now=now)


def happened(order: WorkOrder, kind: str, *, at: datetime, now: datetime) -> None:
    """Tell the rest of the program what has happened to the order, once for each time that it was reopened."""
    key = f"{order.number}/{'R' if kind == REPORTED else 'D'}{order.reopened + 1}"
    announcing.announce(
        order.case, kind, key=key, at=at, now=now, facts=facts_of_order(order),
        words=words_of_order(order) | {HANDLED_BY: " ".join(handled_by(order.case, None))},
        subject=of_turn(order), unit=order.department,
        written={"assignee": order.assignee.username if order.assignee else ""},
    )  # fmt: skip


def finish(order: WorkOrder, *, by: Employee | None, now: datetime) -> None:
    """Let go what was owed for an order that has just ended, and let rules make their visits."""
    at = order.closed_at or now
    done(order, "resolve", "work_order", "tell_customer", by=by, at=at, now=now)
    happened(order, DONE, at=at, now=now)


def propose_measure(order: WorkOrder, measure: str, *, by: Employee, now: datetime, text: str = "") -> WorkOrder:
    """Settle the order by another measure than repairing: within the warranty at once, else with an approval (W-05)."""
    check_open(order, WorkOrderState.CHECKED, WorkOrderState.DISPATCHED, WorkOrderState.ARRIVED)
    if measure not in Measure.values:
        raise CannotDo(_("Choose a measure."), field="measure")
    needs = measure in UNDER_WARRANTY and not in_warranty(order)
    if needs:
        text = wanted_text(text, _("The warranty is over or not known: write why it is still right."))
    with transaction.atomic():
        change(
            order, OrderDeed.MEASURE, by=by, now=now, text=f"{Measure(measure).label} {text}".strip(), measure=measure,
            approved_by=None, approved_at=None, facts={"measure": measure, "needs_approval": needs},
        )  # fmt: skip
        if needs:
            tell(order, [order.case.handler, order.opened_by], ASKS, what=str(Measure(measure).label), by=by, now=now)
    return order


def approve(order: WorkOrder, *, by: Employee, now: datetime, text: str = "") -> WorkOrder:
    """Approve an exchange or refund outside the warranty; never one's own proposal."""
    _check_approver(order, by)
    change(order, OrderDeed.APPROVED, by=by, now=now, text=text.strip(), approved_by=by, approved_at=now)
    tell(order, [order.assignee, proposer(order)], DECIDED, what=str(OrderDeed.APPROVED.label), by=by, now=now)
    return order


def disapprove(order: WorkOrder, *, by: Employee, now: datetime, text: str) -> WorkOrder:
    """Refuse an exchange or refund, saying why: the order goes on without it."""
    _check_approver(order, by)
    text = wanted_text(text, _("Write why it is refused."))
    change(order, OrderDeed.DISAPPROVED, by=by, now=now, text=text, measure="")
    tell(order, [order.assignee, proposer(order)], DECIDED, what=str(OrderDeed.DISAPPROVED.label), by=by, now=now)
    return order


def proposer(order: WorkOrder) -> Employee | None:
    """Return who proposed the exchange or refund last."""
    line = order.deeds.filter(facts__deed=OrderDeed.MEASURE).select_related("by").order_by("pk").last()
    return line.by if line else None


def _check_approver(order: WorkOrder, by: Employee) -> None:
    if order.is_ended or not waits_for_approval(order):
        raise CannotDo(_("Nothing waits for an approval here."))
    if proposer(order) == by or order.assignee == by:
        raise CannotDo(_("Somebody else approves what one has proposed."))
