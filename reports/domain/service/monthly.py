"""The month of the whole company: the newest version of each regulation's report, read as one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from django.db.models import QuerySet

from reports.choices import ServiceKind
from reports.domain.service import deeds
from reports.domain.service.content import Content, thawed
from reports.domain.service.summing import Summary, summary
from reports.domain.service.tables import Sight
from reports.models import ServiceReport
from staff.models import Employee

MOST_MONTHS: Final = 6
BESIDE: Final = (ServiceKind.BRANCH, ServiceKind.CATEGORY)


@dataclass(frozen=True)
class Chapter:
    """What one regulation adds to the month: its report as somebody sees it, those of branches and by category."""

    report: ServiceReport
    beside: Sequence[ServiceReport]
    content: Content
    sight: Sight

    @cached_property
    def summary(self) -> Summary:
        """Return what the report says first."""
        return summary(self.content, self.sight)


def months(employee: Employee, *, on: date) -> list[str]:
    """Return the months of which the person may see a report of the company, the newest first."""
    found = _seen(employee, on).filter(kind=ServiceKind.MONTHLY).order_by("-period").values_list("period", flat=True)
    return list(found.distinct()[:MOST_MONTHS])


def chapters(employee: Employee, month: str, *, on: date) -> list[Chapter]:
    """Return the chapters of a month, first those with a target; none where nothing may be seen.

    Within both they stand in the order of the titles of the regulations.
    """
    found = _seen(employee, on).filter(period=month).select_related("branch", "policy", "release")
    whole = found.filter(kind=ServiceKind.MONTHLY).order_by("policy__title", "policy_id")
    beside = list(found.filter(kind__in=BESIDE).order_by("kind", "branch__name").defer("content"))
    told = [
        Chapter(
            one, [each for each in beside if each.policy_id == one.policy_id], thawed(one.content),
            Sight(deeds.manages(one, employee, on=on)),
        )
        for one in whole
    ]  # fmt: skip
    return sorted(told, key=lambda one: not one.summary.aimed)


def _seen(employee: Employee, on: date) -> QuerySet[ServiceReport]:
    return ServiceReport.objects.visible_to(employee, on=on).latest()
