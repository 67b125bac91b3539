"""Reading a figure from its facts: the days that stand are summed, those that were touched and today are counted.

So a figure is that of the rows at the moment it is asked for, whenever facts were last counted, and never waits.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final

from django.db.models import Q, Sum

from reports.domain.facts.measures import HEADLINES, HUNDREDTHS, key_of
from reports.domain.figures.counted import Part
from reports.domain.figures.measured import Measured
from reports.domain.figures.query import Query
from reports.domain.figures.tasks import is_of_customers
from reports.models import DayFact, Measure, RollMark, TouchedDay
from staff.domain.calendar import local_date

DIMENSIONS: Final = ("rule", "channel", "kind")  # kept by; what a customer or a car is today is not
DAY: Final = timedelta(1)
NEAR: Final = 3  # days between two spans that are counted as one


@dataclass(frozen=True)
class Kept:
    """What facts hold of a question: the figure of the days that stand, and the spans of days that must be counted."""

    sums: dict[Any, Measured]
    spans: list[tuple[date, date]]


def kept(asked: Query, key: str, part: Part) -> Kept | None:
    """Return what is kept of a question by one key of its rows ("" for all together); None where nothing is."""
    dimension = _dimension(key, part)
    if dimension is None or asked.kpi.metric not in HEADLINES or asked.conditions:
        return None
    if asked.kpi.metric == "coverage_rate" and is_of_customers(asked):
        return None  # under another release the same words were a sum of days
    measure = Measure.objects.filter(key=key_of(asked), complete_from__isnull=False).first()
    mark = RollMark.objects.order_by("pk").first() if measure else None
    if measure is None or mark is None or measure.complete_from is None or asked.now < mark.rolled_to:
        return None
    days = asked.period
    dirty = touched(days.first - DAY, days.last + DAY)
    if days.first < measure.complete_from:
        dirty |= set(_days(days.first, min(days.last, measure.complete_from - DAY)))
    dirty |= set(_days(local_date(mark.rolled_to, asked.zone), local_date(asked.now, asked.zone)))
    counted = {on for on in dirty if days.holds(on)}
    if len(counted) == (days.last - days.first).days + 1:
        return None
    return Kept(_sums(measure, asked, key, part, dimension, counted), spans(counted))


def touched(first: date, last: date) -> set[date]:
    """Return the local days that may have changed since they were counted: what was noted, and its neighbours."""
    noted = TouchedDay.objects.filter(day__gte=first, day__lte=last).values_list("day", flat=True).distinct()
    return {day + step * DAY for day in noted.order_by() for step in (-1, 0, 1)}


def spans(days: Iterable[date]) -> list[tuple[date, date]]:
    """Return spans that hold these days and begin and end with one; days near to each other are one span."""
    found: list[tuple[date, date]] = []
    for on in sorted(days):
        if found and (on - found[-1][1]).days <= NEAR:
            found[-1] = (found[-1][0], on)
        else:
            found.append((on, on))
    return found


def _dimension(key: str, part: Part) -> str | None:
    """Return which kept rows answer the question, None where none do: rows of a dimension tell of no person."""
    wanted = {one for one in (key, *part.values) if one not in ("", "who", "where")}
    if not wanted:
        return ""
    [dimension, *others] = wanted
    people = part.people is not None or key == "who"
    return None if others or people or dimension not in DIMENSIONS else dimension


def _sums(
    measure: Measure, asked: Query, key: str, part: Part, dimension: str, counted: set[date]
) -> dict[Any, Measured]:  # fmt: skip
    days = asked.period
    rows = DayFact.objects.filter(
        measure=measure, dimension=dimension, on__gte=days.first, on__lte=days.last, since__lte=asked.whole.last
    )
    for first, last in spans(counted):
        rows = rows.exclude(on__gte=first, on__lte=last)
    if part.people is not None:
        rows = rows.filter(employee__in=part.people)
    if part.branches is not None:
        rows = rows.filter(branch__in=part.branches)
    if part.by:
        rows = rows.filter(key=part.key)
    sums = {"top": Sum("numerator"), "all": Sum("denominator")}
    if not key:
        whole = rows.aggregate(**sums)
        return {None: Measured(Fraction(whole["top"] or 0, HUNDREDTHS), whole["all"] or 0)}
    column = {"who": "employee", "where": "branch"}.get(key, "key")
    found = rows.order_by().values(column).annotate(**sums).values_list(column, "top", "all")
    return {by: Measured(Fraction(top, HUNDREDTHS), count) for by, top, count in found}


def _days(first: date, last: date) -> Iterator[date]:
    for step in range((last - first).days + 1):
        yield first + step * DAY


def on_days(found: Iterable[tuple[date, date]]) -> Q:
    """Return the condition that a fact lies in one of the spans."""
    condition = Q(pk__in=[])
    for first, last in found:
        condition |= Q(on__gte=first, on__lte=last)
    return condition
