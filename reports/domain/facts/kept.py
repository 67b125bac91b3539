"""Reading a figure from its facts: the days that stand are summed, those that were touched and today are counted.

So a figure is that of the rows at the moment it is asked for, whenever facts were last counted, and never waits.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final

from django.db.models import Case, F, IntegerField, Q, Sum, Value, When

from reports.choices import Touched
from reports.domain.facts.measures import DIMENSIONS, HUNDREDTHS, is_kept, key_of, kind_of
from reports.domain.figures.counted import Part, among
from reports.domain.figures.measured import NOTHING, Measured
from reports.domain.figures.query import Query
from reports.models import DayFact, Measure, RollMark, TouchedDay
from staff.domain.calendar import local_date

DAY: Final = timedelta(1)
NEAR: Final = 3  # days between two spans that are counted as one
Span = tuple[date, date]


@dataclass(frozen=True)
class Kept:
    """What facts hold of a question: the figure of the days that stand, and the spans of days that must be counted."""

    sums: dict[Any, Measured]
    spans: list[Span]


def kept(asks: Sequence[Query], key: str, part: Part) -> list[Kept | None]:
    """Return what is kept of one question over several periods, by one key of its rows ("" for all together).

    None for a period of which nothing is. Whatever the number of periods, the facts are asked once, and once more for
    periods that overlap.
    """
    nothing: list[Kept | None] = [None] * len(asks)
    dimension = _dimension(key, part)
    if dimension is None or not asks or not is_kept(asks[0]):
        return nothing
    measure = Measure.objects.filter(key=key_of(asks[0]), complete_from__isnull=False).first()
    mark = RollMark.objects.order_by("pk").first() if measure else None
    if measure is None or mark is None or asks[0].now < mark.rolled_to:
        return nothing
    dirty = _unkept(asks, measure, mark)
    counted = [spans(on for on in dirty if one.period.holds(on)) for one in asks]
    stand = [_between(one, gaps) for one, gaps in zip(asks, counted, strict=True)]
    sums = _sums(measure, asks, stand, _Sought(key, part, dimension))
    return [Kept(found, gaps) if days else None for found, gaps, days in zip(sums, counted, stand, strict=True)]


def _unkept(asks: Sequence[Query], measure: Measure, mark: RollMark) -> set[date]:
    """Return the days of the periods that must be counted: touched, not kept yet, or not over when facts were made."""
    first, last = min(one.period.first for one in asks), max(one.period.last for one in asks)
    found = touched(kind_of(asks[0]), first, last)
    if measure.complete_from is not None and first < measure.complete_from:
        found |= set(_days(first, min(last, measure.complete_from - DAY)))
    return found | set(_days(local_date(mark.rolled_to, asks[0].zone), local_date(asks[0].now, asks[0].zone)))


def _between(asked: Query, gaps: Sequence[Span]) -> list[Span]:
    """Return the spans of the period that lie between those that are counted."""
    found, begin = [], asked.period.first
    for first, last in gaps:
        found.append((begin, first - DAY))
        begin = last + DAY
    found.append((begin, asked.period.last))
    return [(first, last) for first, last in found if first <= last]


def touched(kind: Touched, first: date, last: date) -> set[date]:
    """Return the local days whose figures of that kind may have changed since they were counted."""
    noted = TouchedDay.objects.filter(kind=kind, day__gte=first - DAY, day__lte=last + DAY)
    return around(kind, noted.order_by().values_list("day", flat=True).distinct())


def around(kind: Touched, noted: Iterable[date]) -> set[date]:
    """Return the local days that noted days are, or lie in: a moment is noted by its day of UTC."""
    reach = (0,) if kind is Touched.EVENT else (-1, 0, 1)
    return {day + step * DAY for day in noted for step in reach}


def spans(days: Iterable[date]) -> list[Span]:
    """Return spans that hold these days and begin and end with one; days near to each other are one span."""
    found: list[Span] = []
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


@dataclass(frozen=True, slots=True)
class _Sought:
    """Of whom the facts are asked, by which key, and which rows answer."""

    key: str
    part: Part
    dimension: str

    @property
    def column(self) -> str:
        return {"": "", "who": "employee", "where": "branch"}.get(self.key, "key")

    @property
    def condition(self) -> Q:
        found = Q(dimension=self.dimension)
        if self.part.people is not None:
            found &= among("employee", self.part.people)
        if self.part.branches is not None:
            found &= among("branch", self.part.branches)
        return found & Q(key=self.part.key) if self.part.by else found


def _sums(
    measure: Measure, asks: Sequence[Query], stand: Sequence[Sequence[Span]], sought: _Sought
) -> list[dict[Any, Measured]]:  # fmt: skip
    """Return the sums of the days that stand, of each period."""
    found: list[dict[Any, Measured]] = [{} if sought.key else {None: NOTHING} for _one in asks]
    for layer in _apart([place for place, days in enumerate(stand) if days], asks):
        days, of_day = Q(pk__in=[]), []
        for place in layer:
            for first, last in stand[place]:
                days |= Q(on__gte=first, on__lte=last, since__lte=asks[place].whole.last)
            of_day.append(When(on__lte=asks[place].period.last, then=Value(place)))
        rows = DayFact.objects.filter(days, sought.condition, measure=measure).order_by()
        if len(layer) > 1:
            rows = rows.annotate(place=Case(*of_day, output_field=IntegerField()))
        else:
            rows = rows.annotate(place=Value(layer[0]))
        rows = rows.annotate(by=F(sought.column) if sought.column else Value(None, output_field=IntegerField()))
        for place, by, top, count in rows.values_list("place", "by").annotate(Sum("numerator"), Sum("denominator")):
            found[place][by] = Measured(Fraction(top or 0, HUNDREDTHS), count or 0)
    return found


def _apart(places: Iterable[int], asks: Sequence[Query]) -> list[list[int]]:
    """Return the places in rows of periods that do not overlap, each row in the order of time."""
    rows: list[list[int]] = []
    for place in sorted(places, key=lambda one: asks[one].period.first):
        row = next((row for row in rows if asks[row[-1]].period.last < asks[place].period.first), None)
        if row is None:
            rows.append([place])
        else:
            row.append(place)
    return rows


def _days(first: date, last: date) -> Iterator[date]:
    for step in range((last - first).days + 1):
        yield first + step * DAY


def on_days(found: Iterable[Span]) -> Q:
    """Return the condition that a fact lies in one of the spans."""
    condition = Q(pk__in=[])
    for first, last in found:
        condition |= Q(on__gte=first, on__lte=last)
    return condition
