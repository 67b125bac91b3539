"""How fast requests of customers are met, and how much of the work they are (Q-01, Q-03)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from staff.domain.calendar import day_end, day_start
from staff.models import Employee
from visits.choices import TaskStatus
from visits.domain.origin.requesting import PASSIVE
from visits.models import VisitTask

LATEST: Final = 100
NO_WORK: Final = (TaskStatus.CANCELLED, TaskStatus.EXPIRED, TaskStatus.NOT_SAMPLED)


@dataclass(frozen=True)
class Request:
    """One visit that a customer asked for. `hours`: from the request to the visit, None while it is not made."""

    task: VisitTask
    hours: Decimal | None


@dataclass(frozen=True)
class Share:
    """How many visits of a period the house arranged, and how many customers asked for."""

    active: int
    passive: int


def requests(employee: Employee, *, on: date) -> list[Request]:
    """Return the latest visits on request in the person's scope, the newest request first."""
    return [Request(task, hours_to_visit(task)) for task in asked_for(employee, on=on)[:LATEST]]


def asked_for(employee: Employee, *, on: date) -> QuerySet[VisitTask]:
    """Return all visits on request in the person's scope, the newest request first."""
    found = VisitTask.objects.visible_to(employee, on=on).filter(event__kind__code__in=PASSIVE)
    return found.select_related("customer", "assignee", "event").distinct().order_by("-event__happened_at", "-pk")


def hours_to_visit(task: VisitTask) -> Decimal | None:
    """Return the hours from the request to the visit, to one decimal; None where nobody was reached yet."""
    if task.completed_at is None:
        return None
    seconds = Decimal(int((task.completed_at - task.event.happened_at).total_seconds()))
    return max(Decimal(0), seconds / 3600).quantize(Decimal("0.1"))


def average(found: Sequence[Request]) -> Decimal | None:
    """Return the average response time in hours, None where no request has been met."""
    met = [one.hours for one in found if one.hours is not None]
    return (sum(met, Decimal(0)) / len(met)).quantize(Decimal("0.1")) if met else None


def share(employee: Employee, *, first: date, last: date, on: date) -> Share:
    """Return the visits whose events happened from `first` to `last`, both included, by who asked for them."""
    zone = ZoneInfo(settings.TIME_ZONE)
    span: tuple[datetime, datetime] = (day_start(first, zone), day_end(last, zone))
    seen = VisitTask.objects.visible_to(employee, on=on).exclude(status__in=NO_WORK)
    found = seen.filter(event__happened_at__gte=span[0], event__happened_at__lt=span[1]).distinct()
    passive = found.filter(event__kind__code__in=PASSIVE).count()
    return Share(found.count() - passive, passive)
