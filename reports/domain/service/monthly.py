"""The month of the whole company: the newest version of each regulation's report, read as one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import QuerySet

from reports.choices import ServiceKind
from reports.models import ServiceReport
from staff.models import Employee

MOST_MONTHS: Final = 6
BESIDE: Final = (ServiceKind.BRANCH, ServiceKind.CATEGORY)


@dataclass(frozen=True)
class Chapter:
    """What one regulation adds to the month: its report, and those of branches and by category beside it."""

    report: ServiceReport
    beside: Sequence[ServiceReport]


def months(employee: Employee, *, on: date) -> list[str]:
    """Return the months of which the person may see a report of the company, the newest first."""
    found = _seen(employee, on).filter(kind=ServiceKind.MONTHLY).order_by("-period").values_list("period", flat=True)
    return list(found.distinct()[:MOST_MONTHS])


def chapters(employee: Employee, month: str, *, on: date) -> list[Chapter]:
    """Return the chapters of a month, in the order of the titles of the regulations; none where nothing may be seen."""
    found = _seen(employee, on).filter(period=month).select_related("branch", "policy", "release")
    whole = found.filter(kind=ServiceKind.MONTHLY).order_by("policy__title", "policy_id")
    beside = list(found.filter(kind__in=BESIDE).order_by("kind", "branch__name").defer("content"))
    return [Chapter(one, [each for each in beside if each.policy_id == one.policy_id]) for one in whole]


def _seen(employee: Employee, on: date) -> QuerySet[ServiceReport]:
    return ServiceReport.objects.visible_to(employee, on=on).latest()
