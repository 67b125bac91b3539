"""The workbook of a service-quality report: a cover, a sheet for each theme, native charts, ready for A4.

It is made of the same tables as the page and the paper; figures are numbers in their formats, beside both exact sides.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from config.workbooks.writing import FORMULA_START, UNWRITABLE
from reports.domain.service.cells import Cell, in_points, width_of
from reports.domain.service.tables import THEMES, Table
from reports.excel.service_charts import draw, dress_head
from staff.domain.wording import local

ACCENT, SOFT, LINE, QUIET = "FF0F6E68", "FFE6F1F0", "FFB8C4C2", "FF5B6664"
GOOD, BAD = "FF1B6B3A", "FF9B1C1C"
FORMATS: Final = {
    "share": "0.00%", "part": "+0.00%;-0.00%;0.00%", "count": "#,##0", "number": "#,##0.00",
    "signed": "+#,##0.00;-#,##0.00;0",
    "money": '"¥"#,##0.00', "day": "yyyy-mm-dd",
}  # fmt: skip
WHOLE: Final = {"number": "#,##0", "signed": "+#,##0;-#,##0;0"}
A4, LANDSCAPE = 9, "landscape"
NARROWEST, WIDEST = 9, 46
FIRST_COLUMN: Final = 1
MOST_IN_SHEET_NAME: Final = 31
LEAST_COLUMNS: Final = 8  # of what is printed
FRAME, REPEATED = 2, 2  # rows of a table's title and heads; of the lines at the top of each printed page
ROWS_AT_FULL_SIZE, ACROSS_AT_FULL_SIZE = 30, 135.0  # rows, signs: what A4 across holds within the margins


@dataclass(frozen=True)
class Cover:
    """What the first sheet says: whose report of which period, how it stands, who took the file out and when.

    `opens_with` are the codes of the tables that stand on it.
    """

    company: str
    title: str
    period: str
    unit: str
    state: str
    as_of: datetime
    taken_by: str
    taken_at: datetime
    lines: Sequence[str] = ()
    opens_with: Sequence[str] = ("headline", "better", "worse")

    @property
    def mark(self) -> str:
        """Return the watermark: who took the file out, when, and up to when its figures were counted."""
        told = {"who": self.taken_by, "at": f"{local(self.taken_at):%Y-%m-%d %H:%M}",
                "as_of": f"{local(self.as_of):%Y-%m-%d %H:%M}"}  # fmt: skip
        return _("Taken out by %(who)s, %(at)s · figures as of %(as_of)s") % told


def workbook_of(cover: Cover, tables: Sequence[Table]) -> bytes:
    """Return the workbook as a file."""
    book = Workbook()
    drawn_to = _cover(book.active, cover, [one for one in tables if one.code in cover.opens_with])
    for theme, name in THEMES.items():
        own = [one for one in tables if one.theme == theme]
        if own:
            sheet = book.create_sheet(str(name)[:MOST_IN_SHEET_NAME])
            places = _theme(sheet, cover, own)
            _for_paper(sheet, cover, draw(sheet, {one.code: one for one in own}, places))
    _for_paper(book.worksheets[0], cover, drawn_to)
    book.worksheets[0].page_setup.fitToHeight = 1  # a cover is one page
    _told(book, cover)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _told(book: Workbook, cover: Cover) -> None:
    told = book.properties
    told.title, told.creator, told.subject = (
        plain(f"{cover.title} {cover.period}"),
        plain(cover.company),
        plain(cover.unit),
    )
    told.description, told.keywords = plain(cover.mark), cover.period
    told.created = told.modified = cover.taken_at.replace(tzinfo=None)


def _cover(sheet: Worksheet, cover: Cover, tables: Sequence[Table]) -> int:
    """Write the first sheet; return the last row that its charts reach."""
    sheet.title = _("Cover")
    _put(sheet, 1, 1, cover.company).font = Font(size=12, color=QUIET)
    _put(sheet, 2, 1, f"{cover.title} {cover.period}").font = Font(size=20, bold=True, color=ACCENT)
    sheet.row_dimensions[2].height = 30
    for at, line in enumerate([cover.unit, cover.state, *cover.lines, cover.mark], 3):
        _put(sheet, at, 1, line).font = Font(color=QUIET)
    row, places = sheet.max_row + 2, {}
    for one in tables:
        last = _table(sheet, one, row)
        places[one.code] = (row + 1, last)
        row = last + 2
    _widths(sheet, tables)
    sheet.freeze_panes = "B3"
    return draw(sheet, {one.code: one for one in tables}, places)


def _theme(sheet: Worksheet, cover: Cover, tables: Sequence[Table]) -> dict[str, tuple[int, int]]:
    """Write the tables of a theme below each other; return the rows of the heads and the last rows, by their codes."""
    _put(sheet, 1, 1, f"{cover.company} {cover.title} {cover.period}".strip()).font = Font(
        bold=True, size=13, color=ACCENT
    )
    _put(sheet, 2, 1, cover.mark).font = Font(size=9, color=QUIET)
    _widths(sheet, tables)
    row, places, room = 4, {}, _rows_of_a_page(sheet)
    began = 1  # the first row of the page
    for one in tables:
        height = len(one.rows) + FRAME + bool(one.note)
        if row > 4 and row - began + height > room:
            sheet.row_breaks.append(Break(id=row - 1))  # no table leaves its last rows on a page of their own
            began = row - REPEATED
        last = _table(sheet, one, row)
        places[one.code] = (row + 1, last - bool(one.note))
        if one.lead:
            began = _break_between(sheet, one, row + FRAME, began=began, room=room)
        row = last + 2
    sheet.freeze_panes = sheet.cell(places[tables[0].code][0] + 1, tables[0].lead + 2)
    sheet.print_title_rows = "1:2"
    return places


def _break_between(sheet: Worksheet, table: Table, first: int, *, began: int, room: int) -> int:
    """Let a table of several regulations go on on a new page with the first row of one of them.

    `first` is the row in which the table's rows begin, `began` the first row of the page; that of the last is returned.
    """
    names = [row[0].text for row in table.rows]
    starts = [at for at, name in enumerate(names) if at == 0 or name != names[at - 1]]
    for start, after in pairwise([*starts, len(names)]):
        if start and first + after - began > room:
            sheet.row_breaks.append(Break(id=first + start - 1))
            began = first + start - REPEATED
    return began


def _rows_of_a_page(sheet: Worksheet) -> int:
    """Return how many rows of usual height a printed page holds; a sheet that is shrunk to its width holds more."""
    wide = sum(one.width for one in sheet.column_dimensions.values())
    return int(ROWS_AT_FULL_SIZE * max(1.0, wide / ACROSS_AT_FULL_SIZE))


def _table(sheet: Worksheet, table: Table, row: int) -> int:
    """Write title, heads and rows of a table; return the last row written."""
    _put(sheet, row, 1, table.title).font = Font(bold=True, size=12)
    thin = Side(style="thin", color=LINE)
    for at, head in enumerate(table.heads, FIRST_COLUMN):
        dress_head(_put(sheet, row + 1, at, str(head)), first=at == FIRST_COLUMN)
    for down, cells in enumerate(table.rows, row + 2):
        for at, one in enumerate(cells, FIRST_COLUMN):
            drawn = table.code == "trend" and one.value is None  # a dash would be drawn as nought
            cell = sheet.cell(down, at) if drawn else _write(sheet, down, at, one)
            cell.border = Border(bottom=thin)
            if (down - row) % 2:
                cell.fill = PatternFill("solid", fgColor=SOFT)
    last = row + 1 + len(table.rows)
    if table.note:
        last += 1
        _put(sheet, last, 1, table.note).font = Font(italic=True, color=QUIET)
    return last


def _write(sheet: Worksheet, row: int, column: int, one: Cell) -> Any:
    written = one.value if one.value is not None else one.text
    cell = _put(sheet, row, column, written) if isinstance(written, str) else sheet.cell(row, column, written)
    if not isinstance(written, str):
        cell.number_format = _format(one)
    side = "right" if one.is_number else "left"
    cell.alignment = Alignment(horizontal=side, vertical="top", wrap_text=one.kind == "text" and column > 1)
    if one.tone:
        cell.font = Font(bold=True, color=GOOD if one.tone == "good" else BAD)
    return cell


def _put(sheet: Worksheet, row: int, column: int, text: str) -> Any:
    """Write a text that no spreadsheet takes for a formula, as it reads."""
    cell = sheet.cell(row, column, UNWRITABLE.sub("\u25a1", text))
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(FORMULA_START)
    return cell


def _format(one: Cell) -> str:
    """Return the format of a number; a whole one without places that say nothing."""
    if one.kind == "points":
        unit = in_points("")
        return f'+0.00"{unit}";-0.00"{unit}";0.00"{unit}"'
    whole = isinstance(one.value, Decimal) and one.value == one.value.to_integral_value()
    return WHOLE[one.kind] if one.kind in WHOLE and whole else FORMATS[one.kind]


def _widths(sheet: Worksheet, tables: Sequence[Table]) -> None:
    wanted: dict[int, int] = {}
    for table in tables:
        for at in range(len(table.heads)):
            texts = [width_of(row[at].text) for row in table.rows if at < len(row)]
            head = min(width_of(str(table.heads[at])), 14) if at else width_of(str(table.heads[at]))
            wanted[at] = max(wanted.get(at, 0), head, *texts) if texts else max(wanted.get(at, 0), head)
    for at, width in wanted.items():
        sheet.column_dimensions[get_column_letter(at + 1)].width = min(WIDEST, max(NARROWEST, width + 3))


def _for_paper(sheet: Worksheet, cover: Cover, drawn_to: int) -> None:
    """Let a sheet print on A4 across, as wide as the page, with company, period and page numbers around it."""
    setup = sheet.page_setup
    setup.paperSize, setup.orientation, setup.fitToWidth, setup.fitToHeight = A4, LANDSCAPE, 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.5
    margins.top = margins.bottom = 0.7
    sheet.print_options.horizontalCentered = True
    sheet.oddHeader.left.text, sheet.oddHeader.right.text = _sign(cover.company), _sign(f"{cover.title} {cover.period}")
    sheet.oddFooter.left.text, sheet.oddFooter.right.text = _sign(cover.mark), "&P / &N"
    across = get_column_letter(max(sheet.max_column, LEAST_COLUMNS))
    sheet.print_area = f"A1:{across}{max(sheet.max_row, drawn_to)}"
    sheet.sheet_view.showGridLines = False


def _sign(text: str) -> str:
    """Return a text for a header or footer, where & begins a code."""
    return plain(text).replace("&", "&&")


def plain(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula, without signs that a workbook cannot hold."""
    safe = UNWRITABLE.sub("\u25a1", text)
    return f"'{safe}" if safe.startswith(FORMULA_START) else safe
