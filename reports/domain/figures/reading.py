"""The door through which pages, reports and exports read figures: whole, in parts, over time, and row by row.

A figure is of one `Query` (what, over which days) and one `Part` (of whom, where, of which rule …). Whatever is asked
here comes from the one definition of the metric (`counted`), so that the parts of a figure add up to it and its rows
are as many as it says.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from reports.domain.figures.behind import Behind, Rows, rows_behind
from reports.domain.figures.counted import BY, EVERYTHING, Part, with_part
from reports.domain.figures.measured import NOTHING, Measured
from reports.domain.figures.measuring import DIMENSIONS, as_figure, counted, sums_over, sums_over_by
from reports.domain.figures.query import Query
from staff.domain.access import scope_of
from staff.domain.oversight import overseen_by
from staff.domain.periods import Period
from staff.domain.workforce import load_workforce
from staff.models import Employee

__all__ = (
    "BY", "EVERYTHING", "Behind", "Part", "Rows", "dimensions_of", "narrowed", "part_of", "parted", "parted_over",
    "parted_over_each", "rows_behind", "series", "whole",
)  # fmt: skip
UNITS = ("employee", "team", "department", "branch")


def dimensions_of(metric: str) -> tuple[str, ...]:
    """Return by which of `BY` a metric can be broken down; by none the result of a scorecard."""
    return tuple(name for name in BY if name in UNITS or name in DIMENSIONS[metric]) if metric in DIMENSIONS else ()


def whole(asked: Query, part: Part = EVERYTHING) -> Measured:
    """Return the figure of the part."""
    return counted(asked, part)


def parted(asked: Query, by: str, part: Part = EVERYTHING) -> dict[str, Measured]:
    """Return the figure of the part by one dimension: by the key of an employee or a unit, the code of an entry.

    The key "" holds what has none. Team and department are those of the people on the last day of the period; a team
    is named by who leads it. ValueError for what the metric cannot be broken down by.
    """
    return parted_over(asked, [asked.period], by, part)[0]


def parted_over(
    asked: Query, periods: Sequence[Period], by: str, part: Part = EVERYTHING
) -> list[dict[str, Measured]]:  # fmt: skip
    """Return the same over other periods, in their order; each with the units of its last day."""
    return parted_over_each(asked, periods, [by], part)[by]


def parted_over_each(
    asked: Query, periods: Sequence[Period], dimensions: Sequence[str], part: Part = EVERYTHING
) -> dict[str, list[dict[str, Measured]]]:  # fmt: skip
    """Return the same by each of several dimensions, which costs less than asking for one after the other."""
    for by in dimensions:
        if by not in dimensions_of(asked.kpi.metric):
            raise ValueError(f"{asked.kpi.metric}: not by {by}.")
    asks = _over(asked, periods)
    found = sums_over_by(asks, [*dict.fromkeys(_column(by) for by in dimensions)], part)
    return {by: _named(by, asks, found[_column(by)]) for by in dimensions}


def _named(by: str, asks: Sequence[Query], found_sums: Sequence[dict[Any, Measured]]) -> list[dict[str, Measured]]:
    name = _namer(by)
    found = []
    for one, sums in zip(asks, found_sums, strict=True):
        named: dict[str, Measured] = {}
        for value, measured in sums.items():
            key = name(value, one.whole.last)
            named[key] = named.get(key, NOTHING) + measured
        found.append({key: as_figure(measured, one.kpi.metric) for key, measured in named.items()})
    return found


def _over(asked: Query, periods: Sequence[Period]) -> list[Query]:
    return [asked if one == asked.period else asked.over(one) for one in periods]


def _column(by: str) -> str:
    if by == "branch":
        return "where"
    return "who" if by in UNITS else by


def _namer(by: str) -> Callable[[Any, date], str]:
    """Return how the key of a row names the part that the row belongs to, as of a day."""
    if by not in ("team", "department"):
        return lambda value, _on: "" if value is None else str(value)
    workforce = load_workforce()

    def unit(who: int | None, on: date) -> str:
        post = workforce.post(who, on=on) if who is not None else None
        return str((post and (post.line_manager if by == "team" else post.department)) or "")

    return unit


def series(asked: Query, periods: Sequence[Period], part: Part = EVERYTHING) -> list[Measured]:
    """Return the same figure of the part over other periods, in their order."""
    found = sums_over(_over(asked, periods), "", part)
    return [as_figure(sum(sums.values(), NOTHING), asked.kpi.metric) for sums in found]


def part_of(actor: Employee, *, on: date) -> Part:
    """Return the part of all figures that somebody may see: everything, the branches, or the people in one's care."""
    scope = scope_of(actor, on=on)
    if scope.everything:
        return EVERYTHING
    if scope.branches:
        return Part(branches=scope.branches)
    return Part(people=frozenset(overseen_by(actor, on=on).values_list("pk", flat=True)))


def narrowed(
    part: Part, *, on: date, employee: int | None = None, team: int | None = None, department: int | None = None,
    branch: int | None = None, by: str = "", key: str = "",
) -> Part:  # fmt: skip
    """Return the part limited further: to a person, a unit as it is on that day, one value of a dimension.

    It never grows: who may see one branch and asks for another gets nothing. A dimension replaces the one before.
    """
    people: set[int] | None = None if employee is None else {employee}
    for name, unit in (("line_manager", team), ("department", department)):
        if unit is not None:
            members = _members(name, unit, on)
            people = members if people is None else people & members
    found = with_part(part, people=people, branches=None if branch is None else {branch})
    return replace(found, by=by, key=key) if by else found


def _members(name: str, unit: int, on: date) -> set[int]:
    workforce = load_workforce()
    return {who for who in workforce.people if getattr(workforce.post(who, on=on), name) == unit}
