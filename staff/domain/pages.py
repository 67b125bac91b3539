"""Cutting a list into pages, and reading the same list from its first row to its last for a file.

A page and a file are the same call with another number, so that a file can hold nothing that its page would not show.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from django.db.models import QuerySet

PAGE: Final = 50
EVERY: Final = 0  # the number that stands for all pages together
AT_ONCE: Final = 2_000  # rows that are in memory while all are read

Told = Callable[[list[Any]], list[Any]]
Shown = QuerySet[Any, Any]


@dataclass(frozen=True, slots=True)
class Stream:
    """All rows of a list, read as they are asked for, `AT_ONCE` in memory at a time; its length is a query."""

    found: QuerySet[Any, Any]
    told: Told

    def __iter__(self) -> Iterator[Any]:
        source = self.found.iterator(chunk_size=AT_ONCE)
        while rows := list(islice(source, AT_ONCE)):
            yield from self.told(rows)

    def __len__(self) -> int:
        return self.found.count()


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: its rows, its number from 1, and whether another follows; number `EVERY`: all of them."""

    rows: Sequence[Any] | Stream
    number: int
    more: bool

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def cut(found: QuerySet[Any, Any], number: int, *, told: Told = list) -> Page:
    """Return the page of that number, or all rows as a stream for `EVERY`.

    A page takes a row more than it shows, which tells whether another follows without counting them all. `told` adds to
    rows what is asked for many at once: it gets the rows of a page, or `AT_ONCE` of a stream, and returns as many.
    """
    if number == EVERY:
        return Page(Stream(found, told), EVERY, more=False)
    rows = list(found[(number - 1) * PAGE : number * PAGE + 1])
    return Page(told(rows[:PAGE]), number, len(rows) > PAGE)


def cut_by_key(found: QuerySet[Any, Any], rows: Shown, number: int, *, told: Told = list) -> Page:
    """Return a page as `cut` does, of what was found, and look up what is shown of it.

    First the ids alone, so that an index that has the order ends after a page and nothing is joined to rows that are
    not shown. `rows`: the columns shown, of all rows, with `id` among them.
    """
    keys = found.values_list("pk", flat=True)
    if number == EVERY:
        return Page(Stream(keys, lambda some: told(_looked_up(some, rows))), EVERY, more=False)
    return page_of_keys(list(keys[(number - 1) * PAGE : number * PAGE + 1]), rows, number, told=told)


def page_of_keys(keys: list[int], rows: Shown, number: int, *, told: Told = list) -> Page:
    """Return the page of these ids, in their order; one more than a page holds tells that another follows."""
    return Page(told(_looked_up(keys[:PAGE], rows)), number, len(keys) > PAGE)


def _looked_up(keys: list[int], rows: Shown) -> list[dict[str, Any]]:
    shown = {row["id"]: row for row in rows.filter(pk__in=keys)} if keys else {}
    return [shown[pk] for pk in keys if pk in shown]
