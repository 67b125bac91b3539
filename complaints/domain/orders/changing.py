"""The one door by which a work order changes: its columns, a line of its case's timeline, in one transaction.

A deed names the version of the order that its page has shown; of two at once the later one is told. The case is held
meanwhile, so that its own timeline stays in order.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.choices import ORDER_ENDED, ORDER_MOVES, CaseDeedKind, OrderDeed, WorkOrderState
from complaints.domain.orders.timing import state_words
from complaints.domain.writing import CannotDo, Line, locked, write
from complaints.models import CaseDeed, WorkOrder
from staff.models import Department, Employee
from visits.models import VisitRecord


class OrderChanged(CannotDo):
    """Somebody else has changed the work order since it was shown."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody has changed this work order in the meantime. Look at it again; what you typed is still here.")
        )


@transaction.atomic
def change(
    order: WorkOrder, deed: OrderDeed, *, by: Employee | None, now: datetime, text: str = "",
    kind: CaseDeedKind = CaseDeedKind.WORK_ORDER, to: Employee | None = None, department: Department | None = None,
    at: datetime | None = None, facts: Mapping[str, Any] | None = None, record: VisitRecord | None = None,
    **columns: Any,
) -> CaseDeed:  # fmt: skip
    """Change the order and tell its case; raises `OrderChanged`, or `CannotDo` for a state that it does not lead to.

    The given `order` carries the new values afterwards. What ends sets `closed_at` (to `at` where that is told).
    """
    state = columns.get("state", order.state)
    if state != order.state:
        check_move(order, state)
        columns["closed_at"] = (at or now) if state in ORDER_ENDED else None
    case = locked(order.case_id)
    columns |= {"version": order.version + 1}
    if not WorkOrder.objects.filter(pk=order.pk, version=order.version).update(**columns):
        raise OrderChanged
    for name, value in columns.items():
        setattr(order, name, value)
    told = {"deed": deed.value, "order": order.number, "state": state} | dict(facts or {})
    words = f"{order.number} {deed.label}" + (f": {text}" if text else "")
    line = Line(text=words, at=at, to=to, department=department, facts=told, record=record, work_order=order)
    return write(case, kind, by=by, now=now, line=line)


def check_move(order: WorkOrder, new: str) -> None:
    """Refuse a state that the order's does not lead to."""
    if new not in ORDER_MOVES[order.state]:
        raise CannotDo(_("This cannot be done: the work order is “%(state)s” now.") % {"state": state_words(order)})


def check_open(order: WorkOrder, *states: WorkOrderState) -> None:
    """Refuse what is done to orders in these states only; without any named, to those that are not ended."""
    if order.state in ORDER_ENDED if not states else order.state not in states:
        raise CannotDo(_("This cannot be done: the work order is “%(state)s” now.") % {"state": state_words(order)})


def wanted_text(text: str, words: str, *, field: str = "text") -> str:
    """Return what was typed; refuse nothing, saying what is missing."""
    text = text.strip()
    if not text:
        raise CannotDo(words, field=field)
    return text
