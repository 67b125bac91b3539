"""The quotas of the periods around a day, with how much of each was made, as far as one may see whose they are."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from config.packs.codes import PERIODS
from staff.domain.access import Scope, scope_of
from staff.domain.periods import period_of
from staff.domain.workforce import Workforce, load_workforce
from staff.models import Department, Employee
from visits.domain.calling.terms import work_calendar
from visits.domain.quotas.counting import CUSTOMER, Goal, Tally, counts, goals_of
from visits.domain.quotas.warning import days_worked


@dataclass(frozen=True)
class Row:
    """One line of a goal: whose, how many, what is left."""

    name: str
    tally: Tally


@dataclass(frozen=True)
class Group:
    """One goal with its lines, those with most left first. `days`: working days left with today; 0 when it is over."""

    goal: Goal
    rows: tuple[Row, ...]
    days: int

    @property
    def title(self) -> str:
        """Return what the regulation calls it."""
        return str(self.goal.spec.title or self.goal.spec.code)

    @property
    def is_of_customers(self) -> bool:
        """Whether it counts customers who had their visits."""
        return bool(self.goal.spec.who == CUSTOMER)


def groups(employee: Employee, *, of: date, on: date) -> list[Group]:
    """Return the goals of the periods in which the day `of` lies, seen by somebody on the day `on`."""
    scope, workforce = scope_of(employee, on=on), load_workforce()
    calendar = work_calendar()
    people = dict(Employee.objects.values_list("pk", "name"))
    units = dict(Department.objects.values_list("pk", "name"))
    found = []
    for goal in goals_of(period_of(per, of) for per in PERIODS):
        first, last = goal.period.first, goal.period.last
        seen = [tally for tally in counts(goal, workforce) if may_see(tally, scope, workforce, last)]
        rows = tuple(Row(_name(tally, people, units), tally) for tally in sorted(seen, key=lambda one: -one.left))
        if rows:
            days = days_worked(max(on, first), last, calendar) if on <= last else 0
            found.append(Group(goal, rows, days))
    return found


def may_see(tally: Tally, scope: Scope, workforce: Workforce, on: date) -> bool:
    """Say whether a scope opens a line: one's own, those of one's units; what the company makes, everybody sees."""
    if scope.everything:
        return True
    if tally.employee is None:
        return tally.department is None or tally.department in scope.departments or bool(scope.branches)
    post = workforce.post(tally.employee, on=on)
    return tally.employee == scope.own or post.branch in scope.branches or post.department in scope.departments


def _name(tally: Tally, people: dict[int, Any], units: dict[int, Any]) -> str:
    if tally.employee is not None:
        return str(people.get(tally.employee, ""))
    return str(units.get(tally.department or 0, ""))


def beside(of: date) -> tuple[date, date]:
    """Return a day of the month before and one of the month after."""
    first = of.replace(day=1)
    return first - timedelta(1), (first + timedelta(31)).replace(day=1)
