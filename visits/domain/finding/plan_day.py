"""What stands behind one figure of the plan: the tasks and the visits foreseen of one person and day."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from staff.domain.calendar import day_end, day_start
from visits.domain.finding.browsing import past
from visits.domain.finding.outlook import NOBODY, OTHERS, By, Planner
from visits.domain.planning.forecasting import Forecast
from visits.models import Customer, VisitStep, VisitTask


@dataclass(frozen=True, slots=True)
class Coming:
    """One visit foreseen, with the names that the page shows."""

    visit: Forecast
    customer: str
    title: str


def tasks_behind(planner: Planner, who: int | None, on: date | None, shown: set[int]) -> QuerySet[VisitTask]:
    """Return the tasks of a figure: of one person, of `NOBODY`, of `OTHERS` (than those `shown`), or of all (None).

    Without `on` it is what is overdue.
    """
    return planner.tasks().filter(_of(who, shown), _on(planner, on))


def visits_behind(planner: Planner, who: int | None, on: date, shown: set[int]) -> list[Coming]:
    """Return the visits foreseen of a figure, with the customers' names as far as the actor may see them."""
    found = [visit for visit in planner.foreseen().visits if planner.day_of(visit) == on and _is_of(visit, who, shown)]
    seen = Customer.objects.visible_to(planner.actor, on=planner.today)
    names = dict(seen.filter(pk__in={visit.customer for visit in found}).values_list("pk", "name"))
    steps = VisitStep.objects.select_related("rule").in_bulk({visit.step for visit in found})
    return [Coming(visit, names.get(visit.customer, ""), title_of(steps[visit.step])) for visit in found]


def title_of(step: VisitStep) -> str:
    """Return what a step is called."""
    return step.title or step.rule.title or step.rule.code


def _of(who: int | None, shown: set[int]) -> Q:
    match who:
        case None:
            return Q()
        case 0:
            return Q(assignee=None)
        case -1:
            return Q(assignee__isnull=False) & ~Q(assignee__in=shown)
    return Q(assignee=who)


def _is_of(visit: Forecast, who: int | None, shown: set[int]) -> bool:
    if who == OTHERS:
        return visit.person is not None and visit.person not in shown
    return who is None or (visit.person or NOBODY) == who


def _on(planner: Planner, on: date | None) -> Q:
    """Return the condition of the day; what opened before today is counted today, as it can be worked on now."""
    zone = ZoneInfo(settings.TIME_ZONE)
    if on is None:
        return past(day_start(planner.today, zone))
    start, end = day_start(on, zone), day_end(on, zone)
    if planner.by == By.OPENS:
        return Q(opens_at__lt=end) if on == planner.today else Q(opens_at__gte=start, opens_at__lt=end)
    in_days = Q(closes_inclusive=False, closes_at__gt=start, closes_at__lte=end)
    return in_days | Q(closes_inclusive=True, closes_at__gte=start, closes_at__lt=end)
