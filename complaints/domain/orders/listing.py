"""Work orders as lists: what is urgent first, then what is due first; who has how many; how often one came in time."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet

from complaints.choices import ORDER_ENDED, WorkOrderState
from complaints.domain.orders.timing import arrived_late
from complaints.models import WorkOrder
from staff.models import Employee
from visits.domain.finding.searching import customers_matching, prefixed

RELATED: Final = ("case__customer", "case__release", "assignee", "department", "branch")
QUEUE: Final = ("-urgent", F("due_at").asc(nulls_last=True), "pk")
UNDER_WAY: Final = (WorkOrderState.DISPATCHED, WorkOrderState.ARRIVED)
PILES: Final[dict[str, tuple[str, ...]]] = {
    "check": (WorkOrderState.OPENED,), "give": (WorkOrderState.CHECKED,), "way": UNDER_WAY,
    "confirm": (WorkOrderState.REPORTED,), "ended": ORDER_ENDED,
}  # fmt: skip


def orders(employee: Employee, wanted: Mapping[str, Any], *, now: datetime, on: date) -> QuerySet[WorkOrder]:
    """Return the work orders in the employee's scope. `wanted`: q, who, state, kind, partner, sort."""
    found = WorkOrder.objects.visible_to(employee, on=on).filter(matching(wanted["q"]))
    if wanted["who"] == "mine":
        found = found.filter(assignee=employee)
    if wanted["who"] == "partner":
        found = found.exclude(partner="")
    if wanted["kind"]:
        found = found.filter(kind=wanted["kind"])
    match wanted["state"]:
        case "open":
            found = found.open()
        case "late":
            found = found.open().filter(due_at__lt=now, reported_at=None)
        case state if state in PILES:
            found = found.filter(state__in=PILES[state])
    return found.order_by(*(("-opened_at", "-pk") if wanted["sort"] == "-opened" else QUEUE))


def matching(text: str) -> Q:
    """Return the condition on orders: by their number or their case's, their partner or product, else the customer."""
    text = text.strip()
    if not text:
        return Q()
    own = Q(number__icontains=text) | Q(case__number__icontains=text) | Q(case__name__icontains=text)
    own |= Q(partner__icontains=text) | Q(product__icontains=text)
    return own | prefixed(customers_matching(text), "case__customer")


def counts(employee: Employee, *, now: datetime, on: date) -> dict[str, int]:
    """Return how many orders of the employee's scope wait where, how many are late, how many partners have."""
    late = Q(due_at__lt=now, reported_at=None, closed_at=None)
    asked = {pile: Count("pk", filter=Q(state__in=states)) for pile, states in PILES.items() if pile != "ended"}
    told = WorkOrder.objects.visible_to(employee, on=on).aggregate(
        **asked, late=Count("pk", filter=late), partner=Count("pk", filter=~Q(partner="") & Q(closed_at=None))
    )
    return {name: number or 0 for name, number in told.items()}


def by_technician(found: Iterable[WorkOrder]) -> list[tuple[str, list[WorkOrder]]]:
    """Return orders by who has them: what nobody has first, then by name; each in the order of the list."""
    groups: dict[tuple[bool, str], list[WorkOrder]] = {}
    for order in found:
        name = order.partner or (str(order.assignee) if order.assignee else "")
        groups.setdefault((bool(name), name), []).append(order)
    return [(name, rows) for (_known, name), rows in sorted(groups.items(), key=lambda group: group[0])]


def punctuality(found: Iterable[WorkOrder]) -> tuple[int, int]:
    """Return how many of these orders were begun by the agreed time, and how many had one and were begun (V-02)."""
    judged = [late for order in found if (late := arrived_late(order)) is not None]
    return judged.count(False), len(judged)


def history_of(order: WorkOrder, employee: Employee, *, on: date, most: int = 10) -> list[WorkOrder]:
    """Return the earlier repairs of the customer and of the same product, the latest first (W-06)."""
    case = order.case
    same = Q(case__customer=case.customer_id) if case.customer_id else Q(pk__in=[])
    if case.vehicle_id:
        same |= Q(case__vehicle=case.vehicle_id)
    if order.product and order.model:
        same |= Q(product=order.product, model=order.model, case__customer=case.customer_id)
    found = WorkOrder.objects.visible_to(employee, on=on).filter(same).exclude(pk=order.pk)
    return list(found.select_related("assignee").order_by("-opened_at", "-pk")[:most])


def busy(technician: int, start: datetime, end: datetime, *, but: int) -> list[WorkOrder]:
    """Return the agreed times of a technician between two moments, first the earliest."""
    found = WorkOrder.objects.open().filter(assignee=technician, slot_from__lt=end, slot_until__gt=start)
    return list(found.filter(reported_at=None).exclude(pk=but).order_by("slot_from"))
