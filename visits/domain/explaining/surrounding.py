"""What surrounds a call: the customer's vehicles and orders, open visits in whosever hands, and who belongs to them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import QuerySet

from staff.models import Employee
from visits.choices import TaskStatus
from visits.domain.explaining.telling import Entry, events_told, tasks_told, vehicles_of
from visits.models import Customer, Ownership, ServiceEvent, VisitTask

LAST_ORDERS: Final = 5
MOST_RELATED: Final = 8


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the card tells beside the call. `related`: others who own, or owned, the same vehicles."""

    tasks: list[dict[str, Any]]
    vehicles: list[dict[str, Any]]
    orders: list[Entry]
    related: list[Customer]


def around(task: VisitTask, employee: Employee, *, now: datetime, on: date) -> Surroundings:
    """Return what surrounds the call about `task`, whoever did it, by a fixed number of queries."""
    others = VisitTask.objects.filter(customer=task.customer_id, status__in=(TaskStatus.OPEN, TaskStatus.PLANNED))
    return Surroundings(
        tasks=tasks_told(others.exclude(pk=task.pk), now=now),
        vehicles=vehicles_of(task.customer),
        orders=events_told(ServiceEvent.objects.filter(customer=task.customer_id), limit=LAST_ORDERS),
        related=list(related_to(task.customer, employee, on=on)[:MOST_RELATED]),
    )


def related_to(customer: Customer, employee: Employee, *, on: date) -> QuerySet[Customer]:
    """Return the customers in the person's scope who own, or owned, a vehicle of this customer."""
    cars = Ownership.objects.filter(customer=customer).values("vehicle")
    owners = Ownership.objects.filter(vehicle__in=cars).exclude(customer=customer).order_by().values("customer")
    seen = Customer.objects.visible_to(employee, on=on).filter(pk__in=owners, merged_into=None)
    return seen.order_by("pk")
