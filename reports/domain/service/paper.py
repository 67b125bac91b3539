"""A report on two sheets of A4: as much of it as fits, the same cells as on the page, the rest counted below."""

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
MOST_OTHERS: Final = 5  # tables of the second sheet
# The texts of clauses are written out, so that their rows differ in height: as many as fit into this many lines.
LINES_OF_CLAUSES, BETWEEN_ROWS, SIGNS_OF_A_LINE = 16.5, 0.5, 34


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


def _cut(made: dict[str, Table], room: dict[str, int]) -> list[Cut]:
    found = [(made[code], most) for code, most in room.items() if code in made]
    kept = [(one, _written_out(one.rows[:most]) if one.code == "clauses" else one.rows[:most]) for one, most in found]
    return [Cut(replace(one, rows=rows), len(one.rows) - len(rows)) for one, rows in kept]


def _written_out(rows: Sequence[Sequence[Cell]]) -> Sequence[Sequence[Cell]]:
    """Return as many of the first rows as there is room for with their texts in full; one at least."""
    heights = (BETWEEN_ROWS + max(ceil(width_of(cell.text) / SIGNS_OF_A_LINE) for cell in row) for row in rows)
    fitting = sum(height <= LINES_OF_CLAUSES for height in accumulate(heights))
    return rows[: max(1, fitting)]
