"""The calendar of absences: who is away on which day of a month, and who has asked to be."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from staff.choices import LeaveState
from staff.domain.calendar import WorkCalendar, add_months
from staff.models import Absence, Employee, LeaveRequest, WorkdayOverride


@dataclass(frozen=True, slots=True)
class Day:
    """One cell: `state` is away, asked, left, or nothing; `substitute` who stands in."""

    on: date
    state: str = ""
    substitute: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One person with a cell for each day, and how many working days of them they are away."""

    person: Employee
    days: tuple[Day, ...]
    working_days: int


@dataclass(frozen=True, slots=True)
class Head:
    """One column: a day, whether it is worked, how many of the people shown are away on it."""

    on: date
    is_workday: bool
    away: int


@dataclass(frozen=True, slots=True)
class Month:
    """A month of absences."""

    first: date
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]

    @property
    def before(self) -> date:
        """Return the first day of the month before."""
        return add_months(self.first, -1)

    @property
    def after(self) -> date:
        """Return the first day of the month after."""
        return add_months(self.first, 1)


def working_calendar() -> WorkCalendar:
    """Return the company's calendar with its own days off and on."""
    return WorkCalendar(dict(WorkdayOverride.objects.values_list("on", "is_workday")))


def month_of(on: date, people: QuerySet[Employee]) -> Month:
    """Return the absences of these people in the month of `on`, by four queries whatever their number."""
    first = on.replace(day=1)
    days = tuple(_days(first, add_months(first, 1) - timedelta(1)))
    calendar = working_calendar()
    marks = _marks(people, days[0], days[-1])
    rows = tuple(_row(person, days, marks[person.pk], calendar) for person in people)
    heads = tuple(
        Head(on, calendar.is_workday(on), sum(row.days[place].state == "away" for row in rows))
        for place, on in enumerate(days)
    )
    return Month(first, heads, rows)


def _row(person: Employee, days: Iterable[date], marks: dict[date, Day], calendar: WorkCalendar) -> Row:
    cells = tuple(_cell(person, on, marks) for on in days)
    return Row(person, cells, sum(cell.state == "away" and calendar.is_workday(cell.on) for cell in cells))


def _cell(person: Employee, on: date, marks: dict[date, Day]) -> Day:
    if person.left_on is not None and person.left_on < on:
        return Day(on, "left")
    return marks.get(on) or Day(on)


def _marks(people: QuerySet[Employee], first: date, last: date) -> dict[int, dict[date, Day]]:
    """Return what stands on which day for each person; what is granted hides what is asked."""
    found: dict[int, dict[date, Day]] = defaultdict(dict)
    names = ("employee", "from_on", "until_on", "substitute__name")
    ids = people.order_by().values("pk")
    asked = LeaveRequest.objects.filter(state=LeaveState.ASKED, employee__in=ids)
    granted = Absence.objects.filter(employee__in=ids)
    for state, rows in (("asked", asked), ("away", granted)):
        shared = rows.filter(from_on__lte=last, until_on__gte=first).order_by("pk")
        for person, from_on, until_on, substitute in shared.values_list(*names):
            for on in _days(max(from_on, first), min(until_on or last, last)):
                found[person][on] = Day(on, state, substitute or "")
    return found


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(count) for count in range((last - first).days + 1))
