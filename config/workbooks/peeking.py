"""A first look at a file: which tables it has, which row of one is the header, and a few rows below it."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Final, Protocol

from config.workbooks.columns import HEADER_WITHIN, Header, Layout, best_header, header_at
from config.workbooks.refusals import Unreadable

SAMPLES: Final = 6
LONGEST_CELL: Final = 60


class Table(Protocol):
    """What is looked at: the name of a sheet (empty for text), its rows, how many there are if that is known."""

    name: str
    rows: Any
    height: int | None


def first_look(tables: Iterable[Table], layout: Layout, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the names of the tables, and of one of them its header with some rows as they stand below it.

    The table is the `sheet` that is wanted, else the one whose header is understood best; the header is its row
    `row`, else the one that is understood best, else its first row that is not empty. Unreadable: no table at all.
    """
    looks = [_look(number, table, layout, wanted) for number, table in enumerate(tables)]
    if not looks:
        raise Unreadable("no_sheet")
    chosen = looks[wanted["sheet"]] if wanted.get("sheet", len(looks)) < len(looks) else max(looks, key=_understood)
    return {**chosen, "sheets": [look["name"] for look in looks]}


def _understood(look: Mapping[str, Any]) -> tuple[int, int]:
    return len(set(filter(None, look["keys"]))), -look["sheet"]


def _look(number: int, table: Table, layout: Layout, wanted: Mapping[str, Any]) -> dict[str, Any]:
    first = [list(row) for row in islice(table.rows, HEADER_WITHIN + SAMPLES)]
    header = _header(first, layout, wanted.get("row") if wanted.get("sheet", number) == number else None)
    below = [row for row in first[header.row + 1 :] if any(cell.strip() for cell in row)][:SAMPLES]
    width = len(header.titles)
    rest = sum(1 for _row in table.rows) if table.height is None else table.height - len(first)
    return {
        "sheet": number, "name": table.name, "row": header.row, "titles": list(header.titles),
        "keys": [column.key if column else None for column in header.columns],
        "samples": [[cell.strip()[:LONGEST_CELL] for cell in _wide(row, width)] for row in below],
        "top": [_words(row) for row in first[:HEADER_WITHIN]],
        "rows": max(0, len(first) + rest - header.row - 1),
    }  # fmt: skip


def _header(first: Sequence[Sequence[str]], layout: Layout, row: int | None) -> Header:
    if row is not None and row < len(first):
        return header_at(row, first[row], layout)
    best = best_header(first, layout)
    if best.row >= 0:
        return best
    filled = (number for number, cells in enumerate(first) if any(cell.strip() for cell in cells))
    number = next(filled, 0)
    return header_at(number, first[number] if first else (), layout)


def _words(row: Sequence[str]) -> list[str]:
    return [cell.strip()[:LONGEST_CELL] for cell in row if cell.strip()][:SAMPLES]


def _wide(row: Sequence[str], width: int) -> list[str]:
    return [*row[:width], *[""] * (width - len(row))]
