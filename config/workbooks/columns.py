"""Declared columns: which headers mean what, and which row of a sheet is the header.

A table may begin with titles; a header may be one row, or two with merged cells above. The row that names most of
the declared columns is the header.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

from config.workbooks.refusals import Unreadable

HEADER_WITHIN: Final = 30  # rows of titles at most
NOISE: Final = re.compile(r"[\s*＊:：_\-]+|[(（\[【].*?[)）\]】]")


@dataclass(frozen=True)
class Setting:
    """What the reading of a cell depends on beyond its text: the local time zone, the workbook's first day."""

    zone: ZoneInfo
    date1904: bool = False


Clean = Callable[[str, Setting], Any]


@dataclass(frozen=True)
class Column:
    """A column that is understood. `clean` turns its text into a value that JSON can hold, or raises Unfit."""

    key: str
    title: str
    names: tuple[str, ...]
    clean: Clean
    required: bool = False  # a table without it is refused
    joined: bool = False  # several columns of this meaning are read as one cell

    @property
    def every_name(self) -> tuple[str, ...]:
        """All headers by which the column is known."""
        return (self.title, self.key, *self.names)

    def rank(self, name: str) -> int:
        """Return how early the plain form of a name stands among the column's names; 0 is its title."""
        return [plain(known) for known in self.every_name].index(name)


@dataclass(frozen=True)
class Layout:
    """The declared columns of one kind of table, and what completes the facts of a row."""

    columns: tuple[Column, ...]
    finish: Callable[[dict[str, Any], Setting], None] | None = None
    keep_others: bool = True
    ignored: tuple[str, ...] = ()  # headers that the program itself wrote

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """The declared columns by the plain form of each of their names."""
        return {plain(name): column for column in self.columns for name in column.every_name}

    @cached_property
    def required(self) -> tuple[Column, ...]:
        """The columns without which no table is read."""
        return tuple(column for column in self.columns if column.required)


@dataclass(frozen=True)
class Header:
    """The header of one table: its row (from 0), and for each place its words and the declared column, if any."""

    row: int
    titles: tuple[str, ...]
    columns: tuple[Column | None, ...]

    @classmethod
    def chosen(cls, reading: Mapping[str, Any], layout: Layout) -> "Header":
        """Return the header as somebody has settled it: `row`, `titles`, and `keys` of the columns, None for others."""
        by_key = {column.key: column for column in layout.columns}
        return cls(reading["row"], tuple(reading["titles"]), tuple(by_key.get(key) for key in reading["keys"]))

    @property
    def known(self) -> frozenset[str]:
        """The keys of the declared columns that are there."""
        return frozenset(column.key for column in self.columns if column)


def plain(header: str) -> str:
    """Return a header without blanks, stars, units in brackets and differences of width and case."""
    return NOISE.sub("", unicodedata.normalize("NFKC", header)).casefold()


def words(header: str) -> str:
    """Return a header as people read it: blanks folded."""
    return " ".join(header.split())


def find_header(rows: Iterable[Sequence[str]], layout: Layout) -> Header:
    """Return the header among the first rows; Unreadable with the missing columns where there is none."""
    best = best_header(rows, layout)
    missing = [column.title for column in layout.required if column.key not in best.known]
    if missing:
        raise Unreadable("no_header", missing="、".join(missing))
    return best


def best_header(rows: Iterable[Sequence[str]], layout: Layout) -> Header:
    """Return the row among the first that names most declared columns; row -1 where none names any."""
    best = Header(-1, (), ())
    above: Sequence[str] = ()
    for number, cells in zip(range(HEADER_WITHIN), rows, strict=False):
        for titles in (cells, _under(above, cells)):
            found = header_at(number, titles, layout)
            if len(found.known) > len(best.known):
                best = found
        above = cells
    return best


def _under(above: Sequence[str], cells: Sequence[str]) -> list[str]:
    """Return the lower row of a merged header, with the upper one where the lower is empty."""
    width = max(len(above), len(cells))
    upper = [*above, *[""] * (width - len(above))]
    lower = [*cells, *[""] * (width - len(cells))]
    return [low if low.strip() else high for low, high in zip(lower, upper, strict=True)]


def header_at(number: int, cells: Sequence[str], layout: Layout) -> Header:
    """Return the row of that number as a header: what each of its words means, as far as the layout knows it."""
    titles = [words(cell) for cell in cells]
    columns = _meanings([plain(title) for title in titles], layout)
    titles = ["" if title in layout.ignored else title for title in titles]
    return Header(number, tuple(_told_apart(titles, columns)), tuple(columns))


def _meanings(names: Sequence[str], layout: Layout) -> list[Column | None]:
    """Return the declared column of each place. Of several names of one meaning the one listed first has it.

    The others are further columns then (a settling date beside the completion date), unless the column is a joined one.
    """
    found = [layout.by_name.get(name) for name in names]
    best: dict[str, str] = {}
    for name, column in zip(names, found, strict=True):
        if column and (column.key not in best or column.rank(name) < column.rank(best[column.key])):
            best[column.key] = name
    return [
        column if column and (column.joined or best[column.key] == name) else None
        for name, column in zip(names, found, strict=True)
    ]


def _told_apart(titles: Sequence[str], columns: Sequence[Column | None]) -> list[str]:
    """Return the titles with a number behind each repeated one that is not declared ("颜色", "颜色 2")."""
    seen: dict[str, int] = {}
    told = []
    for title, column in zip(titles, columns, strict=True):
        seen[title] = seen.get(title, 0) + 1
        told.append(f"{title} {seen[title]}" if title and seen[title] > 1 and not column else title)
    return told
