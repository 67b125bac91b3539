"""How long a work order took, whether one came in time, until when the warranty lasts. Pure."""

from datetime import date, datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from complaints.choices import Measure, WorkOrderKind, WorkOrderState
from complaints.domain.ruling import rules_of
from complaints.models import WorkOrder
from config.clock import local_day
from staff.domain.calendar import add_months

UNDER_WARRANTY: Final = (Measure.EXCHANGE, Measure.REFUND)
CONFIRMED_KINDS: Final = (WorkOrderKind.REPAIR, WorkOrderKind.RETURN_EXCHANGE)


def response_of(order: WorkOrder) -> timedelta | None:
    """Return how long it took until somebody took the order on (V-06); None where nobody has."""
    return order.accepted_at - order.opened_at if order.accepted_at else None


def total_of(order: WorkOrder) -> timedelta | None:
    """Return how long the order took from its opening to its end (V-06); None while it is open."""
    return order.closed_at - order.opened_at if order.closed_at else None


def tolerance_of(order: WorkOrder) -> timedelta:
    """Return by how much one may come after the agreed time, as the regulation of the case says (V-02)."""
    span = rules_of(order.case.release).arrival_tolerance
    return timedelta(minutes=span.offset.minutes) if span else timedelta()


def arrived_late(order: WorkOrder, *, now: datetime | None = None) -> bool | None:
    """Say whether one came later than agreed; None where nothing is agreed, or nobody has come and it is in time."""
    if order.slot_from is None:
        return None
    latest = order.slot_from + tolerance_of(order)
    if order.arrived_at is not None:
        return order.arrived_at > latest
    return True if now is not None and now > latest and order.reported_at is None else None


def warranty_ends(purchased_on: date | None, months: int | None) -> date | None:
    """Return the last day of the warranty: the same day of the month so many months later, that day included."""
    return add_months(purchased_on, months) if purchased_on and months is not None else None


def in_warranty(order: WorkOrder) -> bool:
    """Say whether the warranty held on the day on which the customer told of the fault (W-05)."""
    last = warranty_ends(order.purchased_on, order.warranty_months)
    return last is not None and local_day(order.case.opened_at) <= last


def waits_for_approval(order: WorkOrder) -> bool:
    """Say whether an exchange or refund outside the warranty still needs somebody else's approval."""
    return order.measure in UNDER_WARRANTY and order.approved_at is None and not in_warranty(order)


def needs_confirmation(order: WorkOrder) -> bool:
    """Say whether the customer confirms the result before the order ends (V-04); a contact sheet ends by its reply."""
    return order.kind in CONFIRMED_KINDS


def is_overdue(order: WorkOrder, *, now: datetime) -> bool:
    """Say whether the order is late: not reported when it was due."""
    ended = order.reported_at or order.closed_at
    return order.due_at is not None and order.due_at < (ended or now)


def state_words(order: WorkOrder) -> str:
    """Return in words where an order stands: what it waits for, or how it ended."""
    waits = {
        WorkOrderState.OPENED: _("to be checked") if needs_confirmation(order) else _("awaiting the reply"),
        WorkOrderState.CHECKED: _("to be given to somebody"), WorkOrderState.DISPATCHED: _("given to somebody"),
        WorkOrderState.ARRIVED: _("under way"), WorkOrderState.REPORTED: _("awaiting the customer"),
    }  # fmt: skip
    return waits.get(WorkOrderState(order.state)) or str(order.get_state_display())
