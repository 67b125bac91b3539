"""One figure over several periods side by side, counted from the rows in one statement for each table it looks at.

The figures are those of `reading`: the same definition, each period judged at its own end. It only spares the way to
the database for each period. Where sums of days are kept, `reading` asks them instead.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, Final

from django.db.models import Count, IntegerField, Q, QuerySet, Sum, Value

from reports.domain.facts.frozen import frozen_sums
from reports.domain.facts.measures import is_kept, key_of
from reports.domain.figures.counted import Counted, Key, Part
from reports.domain.figures.measured import NOTHING, Measured
from reports.domain.figures.measuring import as_figure, counted_by, sources_of
from reports.domain.figures.query import Query
from reports.domain.figures.reading import dimensions_of, parted_over, series
from reports.models import Measure
from staff.domain.periods import Period

NAMED_BY_POST: Final = ("team", "department")  # what a person belongs to must be looked up: `reading` does
COLUMNS: Final = {"employee": "who", "branch": "where"}
Sums = dict[Any, Measured]


def series_abreast(asked: Query, periods: Sequence[Period], part: Part) -> list[Measured]:
    """Return the figure of the part over each of the periods, in their order: what `series` returns."""
    metric = asked.kpi.metric
    if _is_summed(asked) or not sources_of(asked):
        return series(asked, periods, part)
    found = _sums_abreast([asked.over(one) for one in periods], "", part)
    return [as_figure(sum(sums.values(), NOTHING), metric) for sums in found]


def parted_abreast(asked: Query, periods: Sequence[Period], by: str, part: Part) -> list[dict[str, Measured]]:
    """Return the figure by one dimension over each of the periods: what `parted_over` returns."""
    metric = asked.kpi.metric
    if by in NAMED_BY_POST or by not in dimensions_of(metric) or _is_summed(asked):
        return parted_over(asked, periods, by, part)
    found = _sums_abreast([asked.over(one) for one in periods], COLUMNS.get(by, by), part)
    return [_named(sums, metric) for sums in found]


def _named(sums: Sums, metric: str) -> dict[str, Measured]:
    named: Sums = {}
    for value, measured in sums.items():
        key = "" if value is None else str(value)
        named[key] = named.get(key, NOTHING) + measured
    return {key: as_figure(measured, metric) for key, measured in named.items()}


def _is_summed(asked: Query) -> bool:
    """Say whether sums of days are kept of the figure: they are read for all periods at once anyhow."""
    return is_kept(asked) and Measure.objects.filter(key=key_of(asked), complete_from__isnull=False).exists()


def _sums_abreast(asks: Sequence[Query], key: str, part: Part) -> list[Sums]:
    found = frozen_sums(asks, key, part)
    moving = iter(_counted_abreast([one for one, sums in zip(asks, found, strict=True) if sums is None], key, part))
    return [next(moving) if sums is None else sums for sums in found]


def _counted_abreast(asks: Sequence[Query], key: str, part: Part) -> list[Sums]:
    """Return both sides of each question by the key, table by table; one by one where rows are not summed by SQL."""
    tables = list(zip(*(sources_of(one) for one in asks), strict=True))
    if any(not isinstance(source, Counted) or source.weigh for table in tables for source in table):
        return [counted_by(one, key, part) for one in asks]
    sums: list[Sums] = [{} for _one in asks]
    for table in tables:
        for place, value, one in _of_table(table, key, part):
            sums[place][value] = sums[place].get(value, NOTHING) + one
    return sums


def _of_table(table: Sequence[Counted], key: str, part: Part) -> Iterator[tuple[int, Key, Measured]]:
    """Yield place of the question, key and both sides, in one statement for all questions."""
    wanted = (key,) if key else ()
    asked = wanted if table[0].each == "pk" else tuple(dict.fromkeys((*wanted, "who", "where")))
    [first, *others] = (_summed(source, place, asked, part) for place, source in enumerate(table))
    for place, *values, top, count in first.union(*others, all=True) if others else first:
        source = table[place]
        yield place, values[0] if key else None, Measured(Fraction(top or 0) / source.scale, count * source.weight)


def _summed(source: Counted, place: int, keys: Sequence[str], part: Part) -> QuerySet[Any, Any]:
    once = source.each != "pk"
    every = Count(source.each, distinct=once)
    top: Any = every
    if source.value is not None:
        top = Sum(source.value)
    elif source.good is not None:
        top = Count(source.each, distinct=once, filter=Q(row_good=1))
    names = [f"by_{key}" for key in keys]
    found = source.limited(part, *keys).annotate(place=Value(place, output_field=IntegerField()))
    sums = found.values("place", *names).annotate(sum_top=top, sum_all=every)
    return sums.values_list("place", *names, "sum_top", "sum_all")
