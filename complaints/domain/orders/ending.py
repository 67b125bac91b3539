"""How a work order ends: the customer confirms, or not; it is reopened, cancelled (V-04, W-04, N-04)."""

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from complaints.choices import CaseDeedKind, Confirmed, Mode, OrderDeed, WorkOrderState
from complaints.domain.orders.changing import change, check_open, wanted_text
from complaints.domain.orders.facts import check_order_filled
from complaints.domain.orders.opening import begin_clocks
from complaints.domain.orders.reporting import finish
from complaints.domain.orders.telling import done, subject_of, tell
from complaints.domain.orders.timing import waits_for_approval
from complaints.domain.writing import CannotDo
from complaints.models import Case, WorkOrder
from staff.models import Employee
from visits.domain.obliging.fulfilling import drop
from visits.models import VisitRecord

CONFIRMED: Final = gettext_noop("Work order %(number)s: the customer confirmed the result.")
AGAIN: Final = gettext_noop("Work order %(number)s is not settled: %(what)s")
CANCELLED: Final = gettext_noop("Work order %(number)s was cancelled: %(what)s")
LONGEST: Final = 1000


def notice(order: WorkOrder, *, by: Employee, now: datetime, text: str, tracking_no: str = "") -> WorkOrder:
    """Write down that the customer was told to collect the device, or that it is on its way (W-04)."""
    check_open(order, WorkOrderState.ARRIVED, WorkOrderState.REPORTED)
    text = wanted_text(text, _("Write what the customer was told, and how."))
    sent: dict[str, Any] = {"tracking_no": tracking_no.strip()} if tracking_no.strip() else {}
    with transaction.atomic():
        change(order, OrderDeed.NOTICE, by=by, now=now, text=text, kind=CaseDeedKind.TOLD_CUSTOMER, **sent)
        done(order, "tell_customer", by=by, now=now)
    return order


def was_told(order: WorkOrder) -> bool:
    """Say whether the customer was told since the order was last reported."""
    since = order.reported_at or order.opened_at
    return order.deeds.filter(facts__deed=OrderDeed.NOTICE, logged_at__gte=since).exists()


def confirm(
    order: WorkOrder, how: Confirmed, *, by: Employee | None, now: datetime, at: datetime | None = None,
    text: str = "", signature: str = "",
) -> WorkOrder:  # fmt: skip
    """End a reported order with the customer's word, at the moment of that word (V-04).

    `by` empty: the customer, by the link. By telephone somebody else asks than who did the work. `signature` names
    the file of evidence.
    """
    check_open(order, WorkOrderState.REPORTED)
    if at is not None and not (order.reported_at or order.opened_at) <= at <= now:
        raise CannotDo(_("This moment lies before the report, or has not come yet."), field="at")
    if how == Confirmed.TELEPHONE and by == order.assignee:
        raise CannotDo(_("Somebody else than who did the work asks the customer by telephone."))
    if how == Confirmed.SIGNATURE and not signature:
        raise CannotDo(_("Let the customer sign first."), field="signature")
    moment = at or now
    signed: dict[str, Any] = {"signature": signature} if signature else {}
    with transaction.atomic():
        _check_told(order)
        change(
            order, OrderDeed.CONFIRMED, by=by, now=now, at=moment, text=" ".join(filter(None, (str(how.label), text))),
            state=WorkOrderState.DONE, confirmed_how=how, confirmed_at=moment, **signed,
        )  # fmt: skip
        check_order_filled(order, "close")
        finish(order, by=by, now=now)
        tell(order, [order.assignee, order.case.handler], CONFIRMED, by=by, now=now)
    return order


def close_unconfirmed(order: WorkOrder, *, by: Employee, now: datetime, text: str) -> WorkOrder:
    """End a reported order whose customer cannot be reached; a manager answers for it, with the reason."""
    check_open(order, WorkOrderState.REPORTED)
    text = wanted_text(text, _("Write why it is closed without the customer's confirmation."))
    with transaction.atomic():
        _check_told(order)
        change(order, OrderDeed.UNCONFIRMED, by=by, now=now, text=text, state=WorkOrderState.DONE)
        finish(order, by=by, now=now)
    return order


def _check_told(order: WorkOrder) -> None:
    """Refuse the end of a device that lies here and whose owner was not told (W-04), or that waits for approval."""
    if waits_for_approval(order):
        raise CannotDo(_("The exchange or refund waits for its approval."))
    if order.mode == Mode.MAIL_IN and not was_told(order):
        raise CannotDo(_("First tell the customer to collect it, or how it was sent, and write that down."))


def not_solved(order: WorkOrder, *, by: Employee | None, now: datetime, text: str = "") -> WorkOrder:
    """Let a reported order go back to whoever did it, with what the customer says is not settled."""
    check_open(order, WorkOrderState.REPORTED)
    return reopen(order, OrderDeed.NOT_SOLVED, by=by, now=now, text=text.strip()[:LONGEST])


def reopen(
    order: WorkOrder, deed: OrderDeed = OrderDeed.REOPENED, *, by: Employee | None, now: datetime, text: str,
    record: VisitRecord | None = None,
) -> WorkOrder:  # fmt: skip
    """Let an order that was reported or done be worked on again, with new clocks; its report stays on the timeline."""
    check_open(order, WorkOrderState.REPORTED, WorkOrderState.DONE)
    given = order.assignee_id or order.partner
    if deed == OrderDeed.REOPENED and record is None:
        text = wanted_text(text, _("Write what is not settled."))
    with transaction.atomic():
        change(
            order, deed, by=by, now=now, text=text, record=record, facts={"was": kept(order)},
            state=WorkOrderState.DISPATCHED if given else WorkOrderState.OPENED, reopened=order.reopened + 1,
            reported_at=None, arrived_at=None, slot_from=None, slot_until=None, confirmed_how="", confirmed_at=None,
        )  # fmt: skip
        begin_clocks(order, at=now, now=now, visits=False)
        tell(order, [order.assignee, order.case.handler, order.opened_by], AGAIN, what=text, by=by, now=now)
    return order


def kept(order: WorkOrder) -> dict[str, str]:
    """Return what a reopening takes away, as plain data, so that it can be put back."""
    moments = ("reported_at", "arrived_at", "slot_from", "slot_until", "confirmed_at", "closed_at")
    plain = {name: moment.isoformat() for name in moments if (moment := getattr(order, name))}
    return plain | {"state": order.state, "confirmed_how": order.confirmed_how}


def cancel(order: WorkOrder, *, by: Employee | None, now: datetime, text: str) -> WorkOrder:
    """Give the order up: why. What was owed for it is let go."""
    check_open(order)
    text = wanted_text(text, _("Write why the order is given up."))
    with transaction.atomic():
        change(order, OrderDeed.CANCELLED, by=by, now=now, text=text, state=WorkOrderState.CANCELLED)
        drop(subject_of(order), now=now, note=text)
        tell(order, [order.assignee, order.opened_by], CANCELLED, what=text, by=by, now=now)
    return order


def check_no_open_order(case: Case, *, reported: bool = False) -> None:
    """Refuse the end of a case while a work order of it is open; with `reported`, one that was reported may be."""
    waiting = case.work_orders.open()
    if reported:
        waiting = waiting.exclude(state=WorkOrderState.REPORTED)
    if (found := waiting.order_by("pk").first()) is not None:
        raise CannotDo(_("Work order %s is still open: end it first, or give it up.") % found.number)


def cancel_orders_of(case: Case, *, by: Employee | None, now: datetime, text: str) -> int:
    """Give up the open orders of a case that asks for nothing any more (withdrawn, merged); return how many."""
    waiting = list(case.work_orders.open().order_by("pk"))
    for order in waiting:
        cancel(order, by=by, now=now, text=text)
    if waiting:
        case.refresh_from_db()
    return len(waiting)
