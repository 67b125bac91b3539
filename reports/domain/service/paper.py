"""A report on two sheets of A4: as much of it as fits, the same cells as on the page, the rest counted below."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import ceil
from typing import Any, Final

from reports.domain.service.cells import Cell, width_of
from reports.domain.service.content import Content
from reports.domain.service.drawing import categories, hours, pareto, trends
from reports.domain.service.tables import Sight, Table, tables

# Rows of each table for which there is room on its sheet.
FIRST: Final = {"headline": 16, "better": 5, "worse": 5}
SECOND: Final = {
    "clauses": 6, "complaints_category": 3, "complaints_branch": 3, "departments": 4, "actions": 3, "ledger": 5,
}  # fmt: skip
WITHOUT_CLAUSES: Final = {"basics": 5, "rules": 8, "problems": 8, "opinions": 14, "books": 6, "rounds": 6}
# The same of the company's month, whose first sheet shares its rows between regulations and figures.
MOST_SIDE, ROWS_OF_FIRST = 10, 28
HEADLINE_OF_MONTH: Final = 9  # columns: the changes since the year before stand in the workbook
SECOND_OF_MONTH: Final = {"worse": 12, "better": 10, "clauses": 12}
MOST_OTHERS: Final = 5  # tables of the second sheet
# The texts of clauses are written out, so that their rows differ in height: as many as fit into this many lines.
LINES_OF_CLAUSES, BETWEEN_ROWS, SIGNS_OF_A_LINE = 16.5, 0.5, 34
LINES_OF_MONTH: Final = 25.0


@dataclass(frozen=True)
class Cut:
    """A table as far as it fits; `more` rows are left to the page and the workbook."""

    table: Table
    more: int


def sheets(content: Content, sight: Sight) -> dict[str, Any]:
    """Return what stands on the two sheets: tables of the first, charts, tables of the second."""
    made = {one.code: one for one in tables(content, sight)}
    second = [one for one in (pareto(content), hours(content)) if one]
    return {
        "first": _cut(made, FIRST),
        "trends": trends(content),
        "charts": second or [one for one in (categories(content),) if one],
        "second": (_cut(made, SECOND) + _cut(made, WITHOUT_CLAUSES))[:MOST_OTHERS],
    }


def sheets_of_month(made: Sequence[Table]) -> dict[str, list[Cut]]:
    """Return what stands on the two sheets of the company's month.

    Every regulation has its part of a table; of the clauses those broken most stand there, whosoever they are.
    """
    known = {one.code: one if one.code == "clauses" else replace(one, rows=_in_turns(one.rows)) for one in made}
    if head := known.get("headline"):
        rows = [row[:HEADLINE_OF_MONTH] for row in head.rows]
        known["headline"] = replace(head, heads=head.heads[:HEADLINE_OF_MONTH], rows=rows)
    regulations = [row[0].text for row in known["side"].rows]
    first = {"side": MOST_SIDE, "headline": ROWS_OF_FIRST - min(len(regulations), MOST_SIDE)}
    return {
        "first": [_grouped(one, regulations) for one in _cut(known, first)],
        "second": [_grouped(one, regulations) for one in _cut(known, SECOND_OF_MONTH, LINES_OF_MONTH)],
    }


def _in_turns(rows: Sequence[Sequence[Cell]]) -> list[Sequence[Cell]]:
    """Return the first row of each regulation, then the second of each."""
    seen: Counter[str] = Counter()
    turns = []
    for row in rows:
        turns.append((seen[row[0].text], row))
        seen[row[0].text] += 1
    return [row for _turn, row in sorted(turns, key=lambda one: one[0])]


def _grouped(cut: Cut, regulations: Sequence[str]) -> Cut:
    """Put the rows of a regulation together again, but leave clauses in the order of how often they were broken."""
    if cut.table.code == "clauses":
        return cut
    rows = sorted(cut.table.rows, key=lambda row: regulations.index(row[0].text))
    return replace(cut, table=replace(cut.table, rows=rows))


def _cut(made: dict[str, Table], room: dict[str, int], lines: float = LINES_OF_CLAUSES) -> list[Cut]:
    """Return the tables as far as there is room; the rows of clauses share so many lines."""
    found = [(made[code], most) for code, most in room.items() if code in made]
    kept = [
        (one, _written_out(one.rows[:most], lines) if one.code == "clauses" else one.rows[:most]) for one, most in found
    ]
    return [Cut(replace(one, rows=rows), len(one.rows) - len(rows)) for one, rows in kept]


def _written_out(rows: Sequence[Sequence[Cell]], lines: float) -> Sequence[Sequence[Cell]]:
    """Return as many of the first rows as there is room for with their texts in full; one at least."""
    heights = (BETWEEN_ROWS + max(ceil(width_of(cell.text) / SIGNS_OF_A_LINE) for cell in row) for row in rows)
    fitting = sum(height <= lines for height in accumulate(heights))
    return rows[: max(1, fitting)]
