"""To what the figures of a dashboard are limited: units, people, and the dimensions of the visits behind them.

What the address names is laid upon what the person may see, never beside it: nothing that is chosen opens more.
"""

from dataclasses import dataclass, fields, replace
from typing import Final

from reports.domain.figures.query import Query
from reports.domain.figures.reading import Part, dimensions_of
from staff.domain.periods import Period
from staff.domain.workforce import load_workforce

NO_UNIT: Final = 0
UNITS: Final = ("branch", "department", "team", "employee")
DIMENSIONS: Final = ("segment", "model", "category", "kind", "channel", "rule")


class Undivided(Exception):
    """A figure cannot be limited in this way; `by` is the dimension that it does not have."""

    def __init__(self, by: str) -> None:
        self.by = by
        super().__init__(by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrow:
    """What was chosen; None: not limited. A unit is a key, `NO_UNIT` those in none; a dimension a value, "" none."""

    branch: int | None = None
    department: int | None = None
    team: int | None = None
    employee: int | None = None
    rule: str | None = None
    channel: str | None = None
    segment: str | None = None
    model: str | None = None
    category: str | None = None
    kind: str | None = None

    def chosen(self) -> dict[str, int | str]:
        """Return what is limited, by name, in the order of the fields."""
        named = ((one.name, getattr(self, one.name)) for one in fields(self))
        return {name: value for name, value in named if value is not None}


def people_of(narrow: Narrow, part: Part, period: Period) -> Part:
    """Return whom and which branches the figures of a period are of, within what the person may see (`part`).

    A department and a team are the people who belong to it on the last day of the period.
    """
    people, branches = part.people, part.branches
    if narrow.department is not None:
        people = _both(people, _members("department", narrow.department, period))
    if narrow.team is not None:
        people = _both(people, _members("line_manager", narrow.team, period))
    if narrow.employee is not None:
        people = _both(people, {narrow.employee or None})
    if narrow.branch is not None:
        branches = _both(branches, {narrow.branch or None})
    return replace(part, people=people, branches=branches)


def _members(name: str, unit: int, period: Period) -> set[int | None]:
    """Return who is in a unit on the last day of the period; in none, there is also nobody."""
    workforce = load_workforce()
    units: dict[int | None, int] = {None: NO_UNIT}
    units |= {one: getattr(workforce.post(one, on=period.last), name) or NO_UNIT for one in workforce.people}
    return {one for one, where in units.items() if where == unit}


def limited(asked: Query, narrow: Narrow, part: Part) -> Part:
    """Return the part of a figure that `narrow` leaves. Raises `Undivided` for a dimension that the metric lacks."""
    there = dimensions_of(asked.kpi.metric)
    wanted = [(by, str(value)) for by, value in narrow.chosen().items() if by in DIMENSIONS]
    for by, _value in wanted:
        if by not in there:
            raise Undivided(by)
    found = people_of(narrow, part, asked.period)
    return replace(found, by=wanted[0][0], key=wanted[0][1], also=tuple(wanted[1:])) if wanted else found


def _both(known: frozenset[int | None] | None, more: set[int | None]) -> frozenset[int | None]:
    return frozenset(more) if known is None else known & frozenset(more)
