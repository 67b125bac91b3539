"""How much work each person had: visits that fell due, cases and work orders (AA-05: 60 tasks of 4 people are 15 each).

Each piece belongs to whoever holds it; what nobody holds is nobody's work. A person counts once, in the branch of the
last day of the period, so that the figure of a unit is the work of one head.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from django.db.models import Count, QuerySet

from complaints.choices import WorkOrderState
from complaints.models import Case, WorkOrder
from config.packs.codes import CASE_TYPES
from reports.domain.figures.cases import cases, of_units
from reports.domain.figures.query import Query, Row
from reports.domain.figures.tasks import due_tasks
from staff.domain.workforce import load_workforce

EVERY_TYPE: Final = frozenset(CASE_TYPES)


def workload(asked: Query) -> Iterator[Row]:
    """Yield the pieces of work / 1 of each person who had any."""
    workforce, found = load_workforce(), pieces(asked)
    for who in sorted(found):
        yield who, workforce.post(who, on=asked.period.last).branch, found[who], 1


def pieces(asked: Query) -> Counter[int]:
    """Return how many pieces of work each person had."""
    found: Counter[int] = Counter()
    for rows, whose in work(asked):
        counted = rows.exclude(**{whose: None}).order_by().values(whose).annotate(all=Count("pk"))
        found.update(dict(counted.values_list(whose, "all")))
    return found


def work(asked: Query) -> Iterator[tuple[QuerySet[Any], str]]:
    """Yield visits, cases and work orders of the period, each with the field that says whose they are.

    `of` limits the figure to visits where it names rules, kinds of events or channels, and to cases where it names
    types, levels or categories; conditions are judged on visits and cases, and leave work orders out.
    """
    of_visits = bool(asked.rules or asked.steps or asked.kinds or asked.channels)
    of_cases = bool(EVERY_TYPE & set(asked.kpi.of) or asked.codes("complaint_level") or asked.codes("category"))
    if of_visits or not of_cases:
        yield due_tasks(asked), "holder"
    if of_cases or not of_visits:
        yield cases(asked, types=EVERY_TYPE), "handler"
    if not (of_cases or of_visits or asked.conditions):
        yield orders(asked), "assignee"


def orders(asked: Query) -> QuerySet[WorkOrder]:
    """Return the work orders that were opened in the period on cases that figures count, those cancelled left out."""
    found = WorkOrder.objects.filter(of_units(asked, "case__"), opened_at__gte=asked.since, opened_at__lt=asked.until)
    counted = Case.objects.counted().filter(exemption="").values("pk")
    return found.filter(case__in=counted).exclude(state=WorkOrderState.CANCELLED)
