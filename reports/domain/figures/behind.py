"""What stands behind a figure: the visits, contacts, events and other rows that it was counted from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import chain, islice
from typing import Any

from django.db.models import F, IntegerField, Max, Min, QuerySet, Value
from django.db.models.expressions import Combinable

from reports.domain.facts.measures import is_kept
from reports.domain.figures.counted import EVERYTHING, Counted, Given, GivenRow, Part, Path
from reports.domain.figures.measured import NOTHING, plain
from reports.domain.figures.measuring import sources_of, sums_now
from reports.domain.figures.query import Query

MOST = 500  # rows that a page shows
NOT_SAID = Value(None, output_field=IntegerField())
CHUNK = 2000  # rows that are read at once where all are asked for


@dataclass(frozen=True, slots=True)
class Behind:
    """One row: the day that places it, an order number, what it adds, and where it is looked at (URL name and key).

    `counts`: whether it is in the numerator too; None where the numerator is a sum, to which it adds `value`.
    """

    on: date
    text: str
    counts: bool | None = None
    value: str = ""
    page: str = ""
    key: int | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows behind a figure: how many there are in all, its numerator, and those that were asked for.

    Of a rate `count` is the denominator. A list, or where all were asked for an iterator that holds few at a time.
    """

    count: int
    good: Fraction
    rows: list[Behind] | Iterator[Behind]


def behind(asked: Query, employee: int) -> list[Behind]:
    """Return the rows of one person's figure, oldest first, as many as fit on a page."""
    found = _listed(sources_of(asked), Part(people=frozenset({employee})), most=MOST)
    return sorted(found, key=lambda one: (one.on, one.text))


def rows_behind(asked: Query, part: Part = EVERYTHING, *, first: int = 0, most: int | None = 50) -> Rows:
    """Return the rows behind the figure of a part: `most` of them from the `first` on, each in a fixed place.

    They are sorted by day, table by table where a figure is counted from several. `most` None: all, streamed.
    """
    sources = sources_of(asked)
    count, good = _sides(asked, sources, part)
    found = _listed(sources, part, first, most)
    return Rows(count, good, found if most is None else list(found))


def _sides(asked: Query, sources: Sequence[Counted | Given], part: Part) -> tuple[int, Fraction]:
    """Return how many rows there are and what they come to: of big figures by the sums of their days."""
    if is_kept(asked):  # each of its rows is listed and adds one to the denominator
        sums = sums_now(asked, "", part).get(None, NOTHING)
        return sums.denominator, sums.numerator
    count, good = 0, Fraction(0)
    for source in sources:
        for _key, numerator, rows in source.grouped(part):
            good += numerator
            count += rows if source.is_listed and isinstance(source, Counted) else 0
        if source.is_listed and isinstance(source, Given):
            count += sum(1 for _row in source.of(part))
    return count, good


def _listed(
    sources: Sequence[Counted | Given], part: Part, first: int = 0, most: int | None = None
) -> Iterator[Behind]:
    """Yield the rows of the part from the `first` on, `most` of them, a chunk in memory at a time."""
    listed = [source for source in sources if source.is_listed]
    if len(listed) == 1:  # the database itself skips what is not asked for
        yield from _rows(listed[0], part, first, most)
        return
    stop = None if most is None else first + most
    yield from islice(chain.from_iterable(_rows(one, part, 0, stop) for one in listed), first, stop)


def _rows(source: Counted | Given, part: Part, first: int, most: int | None) -> Iterator[Behind]:
    stop = None if most is None else first + most
    if isinstance(source, Given):
        yield from (_given(row) for row in islice(source.of(part), first, stop))
    elif source.weigh is not None:  # one row of the table may be none here, or several
        yield from islice(_read(source, _found(source, part)), first, stop)
    elif stop is None or source.each != "pk":
        yield from _read(source, _found(source, part)[first:stop])
    else:  # which rows they are is asked first: what is looked up for a row is so for those of the page alone
        some = list(source.limited(part).order_by(source.order, "pk").values_list("pk", flat=True)[first:stop])
        yield from _read(source, _found(source, part).filter(pk__in=some))


def _given(row: GivenRow) -> Behind:
    if row.value is None:
        return Behind(row.on, row.text, row.good)
    return Behind(row.on, row.text, None, plain(Fraction(row.value)), row.page, row.key)


def _found(source: Counted, part: Part) -> QuerySet[Any, Any]:
    """Return day, text, key, whether it is good, and the value of each row, then what `weigh` wants."""
    shown, found = source.shown, source.limited(part, "who", "where")
    named = {"row_text": _expression(shown.text), "row_key": _expression(shown.key)}
    is_flagged = source.good is not None
    if source.each != "pk":
        found = found.annotate(**named).values("by_who", "by_where", "row_text", "row_key").annotate(
            row_on=Min(source.on), row_counts=Max("row_good") if is_flagged else NOT_SAID,
            row_value=NOT_SAID if is_flagged else Value(1),
        ).order_by("row_on", "row_key", "by_who", "by_where")  # fmt: skip
    else:
        found = found.annotate(
            **named, row_on=source.on, row_counts=F("row_good") if is_flagged else NOT_SAID,
            row_value=NOT_SAID if shown.value is None else _expression(shown.value),
        ).order_by(source.order, "pk")  # fmt: skip
    return found.values_list("row_on", "row_text", "row_key", "row_counts", "row_value", *source.columns)


def _read(source: Counted, found: QuerySet[Any, Any]) -> Iterator[Behind]:
    shown = source.shown
    for on, text, key, good, value, *cells in found.iterator(chunk_size=CHUNK):
        row = Behind(
            on, f"{shown.mark}{text}", None if good is None else bool(good),
            "" if value is None else shown.words(value), shown.page, key,
        )  # fmt: skip
        if source.weigh is None:
            yield row
            continue
        for number in source.weigh(*cells):
            yield replace(row, counts=bool(number)) if source.tells else replace(row, value=shown.words(number))


def _expression(path: Path) -> Combinable:
    return F(path) if isinstance(path, str) else path
