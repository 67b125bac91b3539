"""Who may do what with a work order: one function for pages and domain."""

from datetime import date

from complaints.choices import OrderDeed, WorkOrderKind
from complaints.models import WorkOrder
from staff.domain.access import CALLERS, MANAGERS, Scope, roles_of, scope_of
from staff.models import Employee

# Deeds of whoever does the work; all others are of whoever gives it out.
OF_WORK = frozenset({
    OrderDeed.ACCEPTED, OrderDeed.ARRIVED, OrderDeed.PROGRESS, OrderDeed.REPORTED, OrderDeed.MEASURE,
    OrderDeed.NOTICE, OrderDeed.BOOKED, OrderDeed.CONFIRMED, OrderDeed.NOT_SOLVED,
})  # fmt: skip
# Deeds that only a manager answers for.
OF_MANAGERS = frozenset({OrderDeed.APPROVED, OrderDeed.DISAPPROVED, OrderDeed.UNCONFIRMED})


def may(order: WorkOrder, deed: OrderDeed, by: Employee, *, on: date) -> bool:
    """Say whether the person may do this with the order; it is one that they see.

    Work: the technician, for a contact sheet everybody of the department that is asked, and who gives the order out.
    Giving out: who opened it, handles, tracks or coordinates the case, and managers of the order's or case's unit.
    """
    rights, scope = roles_of(by, on=on), scope_of(by, on=on)
    manages = bool(rights & MANAGERS) and looks_after(order, scope)
    if deed in OF_MANAGERS:
        return manages
    if manages or (rights & CALLERS and by.pk in responsible(order)):
        return True
    return deed in OF_WORK and bool(rights & CALLERS) and does(order, by, on=on)


def responsible(order: WorkOrder) -> set[int | None]:
    """Return who gives the order out: who opened it and who answers for its case."""
    case = order.case
    return {order.opened_by_id, case.handler_id, case.tracker_id, case.coordinator_id} - {None}


def does(order: WorkOrder, by: Employee, *, on: date) -> bool:
    """Say whether the person does the work: its technician, or one of the department that a contact sheet asks."""
    if order.assignee_id is not None:
        return order.assignee_id == by.pk
    if order.kind != WorkOrderKind.CONTACT_SHEET or order.department_id is None:
        return False
    return order.department_id in scope_of(by, on=on).home_departments


def looks_after(order: WorkOrder, scope: Scope) -> bool:
    """Say whether a scope holds the unit of the order or of its case."""
    if scope.everything:
        return True
    departments = {order.department_id, order.case.department_id} - {None}
    branches = {order.branch_id, order.case.branch_id} - {None}
    return bool(departments & scope.departments or branches & scope.branches)
