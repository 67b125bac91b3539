"""The plan: how much work falls to whom on which day to come, forecasts included, beside what each can do in a day.

Open and planned tasks are counted by the database; what the series make later is foreseen (`planning.forecasting`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from config.clock import local_day
from staff.domain.absences import working_calendar
from staff.domain.access import CALLERS
from staff.domain.calendar import WorkCalendar, day_end
from staff.domain.oversight import overseen_by
from staff.domain.workforce import Workforce, load_workforce
from staff.models import Department, Employee
from visits.choices import WORKABLE, TaskStatus
from visits.domain.planning.forecasting import Forecast, Foreseen, Foresight
from visits.domain.planning.rulebook import load_rulebook
from visits.models import Series, VisitTask

DRAWN = Q(pool=None) | Q(sampled=True)
NOBODY: Final = 0
OTHERS: Final = -1  # people whom the actor does not look after, with tasks in the actor's scope
DEGREES: Final = (0.25, 0.6, 1.0)  # shares of what one can do in a day: light, fair, full, and above it too much


class By(StrEnum):
    """Which day of its window a visit is counted on."""

    DUE = "due"  # the last day on which it is in time
    OPENS = "opens"


@dataclass(slots=True)
class Load:
    """What falls on one person and day: open tasks, planned ones, and visits foreseen."""

    open: int = 0
    planned: int = 0
    foreseen: int = 0

    @property
    def total(self) -> int:
        """Return all of it."""
        return self.open + self.planned + self.foreseen


@dataclass(frozen=True, slots=True)
class Cell:
    """One person and day; `degree` is 0 (nothing) to 4 (more than can be done), `away` who cannot do it at all."""

    on: date
    load: Load
    degree: int
    away: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One person with what is overdue and a cell for each day; `who` is their id, `NOBODY` or `OTHERS`."""

    who: int
    person: Employee | None
    unit: str
    capacity: int
    overdue: int
    cells: tuple[Cell, ...]

    @property
    def total(self) -> int:
        """Return everything in the row."""
        return self.overdue + sum(cell.load.total for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Head:
    """One column: a day, whether it is worked, how much falls on it, and how much the people at work can do."""

    on: date
    is_workday: bool
    total: int
    capacity: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """The plan of some days; `more`: the forecast counts at least these."""

    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    overdue: int
    more: bool

    @property
    def total(self) -> int:
        """Return everything on the page."""
        return self.overdue + sum(head.total for head in self.heads)


@dataclass
class Planner:
    """One look ahead by `actor`: `days` days from today on, counted by one end of the windows."""

    actor: Employee
    now: datetime
    days: int
    by: By
    workforce: Workforce = field(default_factory=load_workforce)
    calendar: WorkCalendar = field(default_factory=working_calendar)

    @cached_property
    def today(self) -> date:
        """Return the house's local day."""
        return local_day(self.now)

    @cached_property
    def end(self) -> datetime:
        """Return the moment at which the last day ends."""
        return day_end(self.today + timedelta(self.days - 1), ZoneInfo(settings.TIME_ZONE))

    def outlook(self) -> Outlook:
        """Return the plan: a row for each person who makes visits, then what nobody has yet."""
        loads: dict[tuple[int, date], Load] = defaultdict(Load)
        overdue = self._count(loads)
        foreseen = self.foreseen()
        for visit in foreseen.visits:
            if self._in_days(on := self.day_of(visit)):
                loads[visit.person or NOBODY, on].foreseen += 1
        people = self._people({person for person, _on in loads} | set(overdue))
        rows = tuple(self._rows(people, loads, overdue))
        return Outlook(tuple(self._heads(rows)), rows, sum(row.overdue for row in rows), foreseen.more)

    def tasks(self) -> QuerySet[VisitTask]:
        """Return the open and planned tasks in the actor's scope that these days are about."""
        seen = VisitTask.objects.visible_to(self.actor, on=self.today).filter(DRAWN, status__in=WORKABLE)
        return seen.filter(opens_at__lt=self.end)

    def foreseen(self) -> Foreseen:
        """Return the visits that series in the actor's scope make in these days."""
        foresight = Foresight(load_rulebook(), self.workforce, self.calendar)
        return foresight.of(Series.objects.visible_to(self.actor, on=self.today), until=self.end)

    def day_of(self, visit: Forecast) -> date:
        """Return the day on which a visit is counted."""
        return visit.opens_on if self.by == By.OPENS else visit.due_on

    def _in_days(self, on: date) -> bool:
        return self.today <= on < self.today + timedelta(self.days)

    def _count(self, loads: dict[tuple[int, date], Load]) -> Counter[int]:
        """Count the tasks by person and day; return what is overdue, by person."""
        overdue: Counter[int] = Counter()
        column = "opens_at" if self.by == By.OPENS else "closes_at"
        grouped = self.tasks().order_by().values("assignee", "status", column, "closes_inclusive")
        rows = grouped.annotate(count=Count("pk"))
        for row in rows:
            on = self._day(row[column], row["closes_inclusive"])
            person = row["assignee"] or NOBODY
            if on < self.today and self.by == By.DUE:
                overdue[person] += row["count"]
            elif self._in_days(on := max(on, self.today)):
                load = loads[person, on]
                if row["status"] == TaskStatus.OPEN:
                    load.open += row["count"]
                else:
                    load.planned += row["count"]
        return overdue

    def _day(self, moment: datetime, inclusive: bool) -> date:
        """Return the local day of an opening, or the last day in time of a closing bound (DECISIONS 13)."""
        exclusive = self.by == By.DUE and not inclusive
        return local_day(moment - timedelta(microseconds=1) if exclusive else moment)

    def _people(self, burdened: Iterable[int]) -> list[Employee]:
        """Return who makes visits, or has some, among those whom the actor may look at."""
        callers = self.workforce.holders_like(CALLERS, on=self.today)
        wanted = {one for one in callers if not self.workforce.is_gone(one, on=self.today)} | set(burdened)
        seen = overseen_by(self.actor, on=self.today).filter(pk__in=wanted)
        return sorted(seen, key=lambda person: (self._unit(person.pk), person.pinyin, person.username))

    def _unit(self, person: int) -> int:
        return self.workforce.post(person, on=self.today).department or 0

    def _rows(
        self, people: Iterable[Employee], loads: Mapping[tuple[int, date], Load], overdue: Mapping[int, int]
    ) -> Iterator[Row]:
        shown = {person.pk for person in people}
        units = dict(_department_names(self._unit(pk) for pk in shown))
        for person in people:
            cells = tuple(self._cells(person.pk, person.capacity, loads))
            unit = units.get(self._unit(person.pk), "")
            yield Row(person.pk, person, unit, person.capacity, overdue.get(person.pk, 0), cells)
        yield from self._of_nobody({key: load for key, load in loads.items() if key[0] not in shown}, {
            who: count for who, count in overdue.items() if who not in shown
        })  # fmt: skip

    def _of_nobody(self, loads: Mapping[tuple[int, date], Load], overdue: Mapping[int, int]) -> Iterator[Row]:
        """Yield the rows without a person, as far as there is anything in them."""
        for who in (NOBODY, OTHERS):
            mine: dict[tuple[int, date], Load] = defaultdict(Load)
            for (one, on), load in loads.items():
                if (one == NOBODY) == (who == NOBODY):
                    _add(mine[who, on], load)
            late = sum(count for one, count in overdue.items() if (one == NOBODY) == (who == NOBODY))
            if mine or late:
                yield Row(who, None, "", 0, late, tuple(self._cells(who, 0, mine)))

    def _cells(self, person: int, capacity: int, loads: Mapping[tuple[int, date], Load]) -> Iterator[Cell]:
        for ahead in range(self.days):
            on = self.today + timedelta(ahead)
            load = loads.get((person, on)) or Load()
            away = person > NOBODY and not self.workforce.at_work(person, on=on)
            yield Cell(on, load, degree(load.total, capacity), away)

    def _heads(self, rows: Iterable[Row]) -> Iterator[Head]:
        rows = list(rows)
        for place in range(self.days):
            on = self.today + timedelta(place)
            total = sum(row.cells[place].load.total for row in rows)
            able = sum(row.capacity for row in rows if row.person and not row.cells[place].away)
            yield Head(on, self.calendar.is_workday(on), total, able)


def degree(total: int, capacity: int) -> int:
    """Return how heavy a day is: 0 nothing, 1 light, 2 fair, 3 full, 4 more than one can do in a day.

    Where nobody's capacity counts, a day is never too heavy.
    """
    if total == 0:
        return 0
    if capacity == 0:
        return 2
    return 1 + sum(total > share * capacity for share in DEGREES)


def _add(sum_: Load, load: Load) -> None:
    sum_.open += load.open
    sum_.planned += load.planned
    sum_.foreseen += load.foreseen


def _department_names(ids: Iterable[int]) -> QuerySet[Department, tuple[int, str]]:
    return Department.objects.filter(pk__in=set(ids)).values_list("pk", "name")
