"""Promises as a list: the day sorted by the agreed moment, and the figures of what is shown (E-02)."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from staff.domain.calendar import day_end, day_start
from staff.models import Employee
from visits.choices import PromiseState
from visits.domain.finding.searching import customers_matching
from visits.models import Customer, Promise


def promises(employee: Employee, wanted: Mapping[str, Any], *, on: date) -> QuerySet[Promise]:
    """Return the promises in the employee's scope. `wanted`: q, who, state, first, last."""
    zone = ZoneInfo(settings.TIME_ZONE)
    found = Promise.objects.visible_to(employee, on=on)
    if wanted["who"] == "mine":
        found = found.filter(task__assignee=employee)
    if wanted["state"] not in ("", "all"):
        found = found.filter(state=wanted["state"])
    if wanted["first"]:
        found = found.filter(promised_at__gte=day_start(wanted["first"], zone))
    if wanted["last"]:
        found = found.filter(promised_at__lt=day_end(wanted["last"], zone))
    if wanted["q"]:
        found = found.filter(task__customer__in=Customer.objects.filter(customers_matching(wanted["q"])))
    backwards = wanted["state"] not in (PromiseState.WAITING, "")
    return found.order_by(*(("-promised_at", "-id") if backwards else ("promised_at", "id")))
