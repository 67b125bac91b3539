"""Who takes part: visits, workload and the time to a solution by unit (clauses S-02, AA-05)."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count

from config.clock import local_day
from staff.domain.access import CALLERS
from staff.domain.calendar import day_start
from staff.domain.workforce import Workforce
from staff.models import Branch, Department, Employee
from visits.choices import FollowUpKind, FollowUpState, Outcome
from visits.models import FollowUpItem, VisitRecord, VisitTask

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Unit:
    """One department (none: people of no department) in a period of days.

    `visits` are contacts made, `reached` those in which the customer was, `solved` problems settled and `hours` how
    long that took on average; None where none was. `open` and `people` are as of now: the workload per head.
    """

    name: str
    people: int
    visits: int
    reached: int
    open: int
    solved: int
    hours: Decimal | None

    @property
    def per_head(self) -> Decimal | None:
        """Return the open tasks per head; None where nobody is."""
        return _tenths(Decimal(self.open) / self.people) if self.people else None


def participation(actor: Employee, workforce: Workforce, *, first: date, last: date, now: datetime) -> list[Unit]:
    """Return the units that have made visits, or have people who make them, in the actor's scope.

    A visit counts for the unit in which its caller worked on that day, wherever they work now; a correction is the
    visit that it corrects.
    """
    zone = ZoneInfo(settings.TIME_ZONE)
    period = (day_start(first, zone), day_start(last + timedelta(1), zone))
    today = local_day(now)
    made = _visits(actor, workforce, period, today)
    hours = _hours(actor, workforce, period, today)
    people = Counter(
        workforce.post(one, on=today).department for one in workforce.holders_like(CALLERS, on=today)
        if not workforce.is_gone(one, on=today)
    )  # fmt: skip
    burden = VisitTask.objects.visible_to(actor, on=today).open().filter(assignee__isnull=False).order_by()
    load: Counter[int | None] = Counter()
    for one, count in burden.values_list("assignee").annotate(count=Count("pk")):
        load[workforce.post(one, on=today).department] += count
    seen = set(made) | set(hours) | set(load)
    return [
        Unit(name, people[unit], sum(made[unit].values()), made[unit][Outcome.REACHED.value], load[unit],
             len(hours[unit]), _average(hours[unit]))
        for unit, name in _names(seen)
    ]  # fmt: skip


def _visits(
    actor: Employee, workforce: Workforce, period: tuple[datetime, datetime], today: date
) -> dict[int | None, Counter[str]]:
    """Return the outcomes of the period by the unit in which each caller worked on that day."""
    found: dict[int | None, Counter[str]] = defaultdict(Counter)
    seen = VisitRecord.objects.visible_to(actor, on=today).current()
    rows = seen.filter(started_at__gte=period[0], started_at__lt=period[1]).order_by()
    for one, outcome, at in rows.values_list("advisor", "outcome", "started_at"):
        found[workforce.post(one, on=local_day(at)).department][outcome] += 1
    return found


def _hours(
    actor: Employee, workforce: Workforce, period: tuple[datetime, datetime], today: date
) -> dict[int | None, list[Decimal]]:
    """Return how many hours each problem settled in the period took, by the unit of who answered for it."""
    found: dict[int | None, list[Decimal]] = defaultdict(list)
    settled = FollowUpItem.objects.visible_to(actor, on=today).filter(
        kind=FollowUpKind.PROBLEM, state=FollowUpState.SETTLED, closed_at__gte=period[0], closed_at__lt=period[1]
    )
    for one, opened, closed in settled.values_list("owner", "opened_at", "closed_at"):
        found[workforce.post(one, on=local_day(closed)).department].append(Decimal((closed - opened) / HOUR))
    return found


def _names(units: set[int | None]) -> list[tuple[int | None, str]]:
    """Return these departments with the words of the screen, by branch and name; who has none comes last."""
    branches = dict(Branch.objects.values_list("pk", "name"))
    rows = Department.objects.filter(pk__in=[one for one in units if one]).order_by("branch__name", "name")
    named = [(row.pk, " ".join(filter(None, (branches.get(row.branch_id or 0), row.name)))) for row in rows]
    return [*named, *([(None, "")] if None in units else [])]


def _average(hours: list[Decimal]) -> Decimal | None:
    return _tenths(sum(hours, Decimal(0)) / len(hours)) if hours else None


def _tenths(figure: Decimal) -> Decimal:
    return figure.quantize(Decimal("0.1"))
