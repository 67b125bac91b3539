"""From the cells of a row to its facts: each declared column is cleaned, everything else is kept as text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from config.workbooks.cells import address
from config.workbooks.columns import Column, Header, Layout, Setting, plain
from config.workbooks.refusals import Doubtful, Unfit
from config.workbooks.values import bare

UNREADABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\ufffe\uffff\ud800-\udfff]")
FOOTER: Final = re.compile(
    r"\s*(?:合计|总计|小计|共计|本页|制表|打印|审核|备注\s*[:：]|说明\s*[:：]|注\s*[:：]|total)", re.IGNORECASE
)
CELL_SEPARATOR: Final = "\x1f"  # never in a cell that was read: UNREADABLE has it
VALUE_SHOWN: Final = 40
REMEMBERED: Final = 1_000  # of each column: kinds, models and names of staff come again and again
LONGEST_OTHER: Final = 500
OTHERS: Final = "attributes"

Reason = list[Any]  # [code, details]: as JSON carries it


@dataclass
class Row:
    """One row that was read: what it says, why it is refused (`wrong`), what is doubtful about it."""

    row_no: int
    cells: list[str]
    facts: dict[str, Any] = field(default_factory=dict)
    wrong: list[Reason] = field(default_factory=list)
    doubts: list[Reason] = field(default_factory=list)
    encoded: str = ""  # the facts as JSON, once somebody has made it


class RowReader:
    """Reads the rows under one header. `first_column` is the place of the first cell in its sheet, from 0."""

    def __init__(self, header: Header, layout: Layout, setting: Setting, first_column: int = 0) -> None:
        self.header = header
        self.layout = layout
        self.setting = setting
        self.first_column = first_column
        self.width = len(header.titles)
        declared = list(_places(header).values())
        self.remembered: dict[str, dict[str, Any]] = {column.key: {} for column, _places in declared}
        self.single = [
            (places[0], column.key, self.remembered[column.key], column)
            for column, places in declared
            if len(places) == 1
        ]
        self.several = [(column, places) for column, places in declared if len(places) > 1]
        self.required = [column for column, _places in declared if column.required]
        self.others = [
            (place, title)
            for place, (title, column) in enumerate(zip(header.titles, header.columns, strict=True))
            if title and not column and layout.keep_others
        ]
        first, places = declared[0]
        self.first_place = places[0]
        self.first_names = frozenset({plain(name) for name in (*first.every_name, header.titles[places[0]])})
        self.footers = 0

    def read(self, row_no: int, cells: Sequence[str], formula: str = "") -> Row | None:
        """Return what the row says, or None where it is empty, a repeated header or a footer."""
        if not any(cells) or not any(map(str.strip, cells)) or self._is_header(cells):
            return None
        row = Row(row_no, list(cells[: self.width]) + [""] * (self.width - len(cells)))
        if formula:
            row.wrong.append(["formula", {"cell": formula}])
        self._look_beyond(row, cells)
        self._look_for_broken_characters(row)
        self._clean(row)
        if self._is_footer(row):
            self.footers += 1
            return None
        self._keep_others(row)
        if row.wrong:
            row.facts = {key: value for key, value in row.facts.items() if isinstance(value, str)}
        elif self.layout.finish:
            self.layout.finish(row.facts, self.setting)
        return row

    def _clean(self, row: Row) -> None:
        facts, cells = row.facts, row.cells
        for place, key, remembered, column in self.single:
            if text := cells[place]:
                value = remembered.get(text)
                if value is None:
                    self._take(column, text, row)
                else:
                    facts[key] = value
        for column, places in self.several:
            if text := self._agreed(column, places, row):
                self._take(column, text, row)
        for column in self.required:
            if column.key not in facts and not _is_named(row.wrong, column):
                row.wrong.append(["required", {"column": column.title}])

    def _take(self, column: Column, text: str, row: Row) -> None:
        try:
            value = column.clean(text, self.setting)
        except Unfit as problem:
            shown = {"column": column.title, "value": bare(text)[:VALUE_SHOWN], **problem.details}
            (row.doubts if isinstance(problem, Doubtful) else row.wrong).append([problem.code, shown])
            return
        if value is not None:
            row.facts[column.key] = value
            remembered = self.remembered[column.key]
            if len(remembered) < REMEMBERED:
                remembered[text] = value

    def _agreed(self, column: Column, places: Sequence[int], row: Row) -> str:
        """Return the text of a meaning that several columns have: all of a joined one, else the first."""
        said = [row.cells[place] for place in places if row.cells[place].strip()]
        if column.joined:
            return "\n".join(said)
        if len(set(said)) > 1:
            row.doubts.append(["columns_disagree", {"column": column.title}])
        return said[0] if said else ""

    def _keep_others(self, row: Row) -> None:
        kept = {}
        for place, title in self.others:
            text = row.cells[place]
            if text and (said := bare(text)):
                kept[title] = said[:LONGEST_OTHER]
        if kept:
            row.facts[OTHERS] = kept

    def _look_beyond(self, row: Row, cells: Sequence[str]) -> None:
        if any(cell.strip() for cell in cells[self.width :]):
            row.wrong.append(["more_cells", {}])

    def _look_for_broken_characters(self, row: Row) -> None:
        if not UNREADABLE.search("".join(row.cells)):
            return
        place = next(place for place, cell in enumerate(row.cells) if UNREADABLE.search(cell))
        row.wrong.append(["unreadable_character", {"cell": address(row.row_no, self.first_column + place)}])
        row.cells = [UNREADABLE.sub("\u25a1", cell) for cell in row.cells]

    def _is_header(self, cells: Sequence[str]) -> bool:
        """Say whether the header stands here once more, as at the top of each printed page."""
        if self.first_place >= len(cells) or any(map(str.isdigit, cells[self.first_place])):
            return False
        return plain(cells[self.first_place]) in self.first_names

    def _is_footer(self, row: Row) -> bool:
        """Say whether the row is a sum or a signature below the table rather than an entry."""
        first = next((cell for cell in row.cells if cell.strip()), "")
        lacking = [column for column in self.layout.required if column.key not in row.facts]
        return bool(FOOTER.match(first)) and len(lacking) > 1 - (len(self.layout.required) == 1)


def _places(header: Header) -> dict[str, tuple[Column, list[int]]]:
    """Return the declared columns that are there with their places."""
    found: dict[str, tuple[Column, list[int]]] = {}
    for place, column in enumerate(header.columns):
        if column:
            found.setdefault(column.key, (column, []))[1].append(place)
    return found


def _is_named(reasons: Sequence[Reason], column: Column) -> bool:
    return any(details.get("column") == column.title for _code, details in reasons)
