"""How much work each person had: visits that fell due, cases and work orders (AA-05: 60 tasks of 4 people are 15 each).

Each piece belongs to whoever holds it; what nobody holds is nobody's work. A person counts once, in the branch of the
last day of the period, so that the figure of a unit is the work of one head.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final, cast

from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from complaints.choices import WorkOrderState
from complaints.models import Case, WorkOrder
from config.packs.codes import CASE_TYPES
from reports.domain.figures.cases import SHOWN, cases, of_units
from reports.domain.figures.counted import EVERYTHING, Counted, Given, GivenRow, Shown, day_of
from reports.domain.figures.query import Query
from reports.domain.figures.tasks import SHOWN_TASK, bound_day, due_tasks, holder_at_bound
from staff.models import Posting

EVERY_TYPE: Final = frozenset(CASE_TYPES)


def workload(asked: Query) -> tuple[Counted | Given, ...]:
    """Return the pieces of work / 1 of each person who had any."""
    pieces = tuple(work(asked))
    return (*pieces, Given(tuple(_heads(asked, pieces)), is_listed=False))


def _heads(asked: Query, pieces: tuple[Counted, ...]) -> Iterator[GivenRow]:
    """Yield each person who had work, once."""
    found = {key for one in pieces for key, _top, _count in one.grouped(EVERYTHING, "who", "where")}
    for who, where in sorted(found, key=str):
        yield GivenRow(cast(int, who), cast(int | None, where), asked.whole.last)


def work(asked: Query) -> Iterator[Counted]:
    """Yield visits, cases and work orders of the period, as far as somebody holds them.

    `of` limits the figure to visits where it names rules, kinds of events or channels, and to cases where it names
    types, levels or categories; conditions are judged on visits and cases, and leave work orders out.
    """
    of_visits = bool(asked.rules or asked.steps or asked.kinds or asked.channels)
    of_cases = bool(EVERY_TYPE & set(asked.kpi.of) or asked.codes("complaint_level") or asked.codes("category"))
    zone = asked.zone
    if of_visits or not of_cases:
        yield _held(asked, due_tasks(asked), holder_at_bound(), bound_day(zone), "closes_at", SHOWN_TASK)
    if of_cases or not of_visits:
        found = cases(asked, types=EVERY_TYPE)
        yield _held(asked, found, F("handler"), day_of("opened_at", zone), "opened_at", SHOWN)
    if not (of_cases or of_visits or asked.conditions):
        shown = Shown("number", "complaints:order")
        yield _held(asked, orders(asked), F("assignee"), day_of("opened_at", zone), "opened_at", shown)


def _held(asked: Query, found: QuerySet[Any], who: Combinable, on: Combinable, order: str, shown: Shown) -> Counted:
    """Return pieces of work: a person's, in the branch in which they work on the last day of the period."""
    last = asked.whole.last
    posts = Posting.objects.on(last).filter(employee=OuterRef("row_who")).order_by("-from_on")
    where = Subquery(posts.values_list(Coalesce("branch", "department__branch"))[:1])
    held = found.annotate(row_who=who).exclude(row_who=None)
    return Counted(held, "row_who", where, on, order, replace(shown, value=Value(1)), asked.zone, weight=0)


def orders(asked: Query) -> QuerySet[WorkOrder]:
    """Return the work orders that were opened in the period on cases that figures count, those cancelled left out."""
    found = WorkOrder.objects.filter(of_units(asked, "case__"), opened_at__gte=asked.since, opened_at__lt=asked.stops)
    counted = Case.objects.counted().filter(exemption="").values("pk")
    return found.filter(case__in=counted).exclude(state=WorkOrderState.CANCELLED)
