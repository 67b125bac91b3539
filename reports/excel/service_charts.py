"""The native charts of a report's workbook: lines over time, a pareto of clauses, hours and categories as bars."""

from collections.abc import Mapping
from math import ceil
from typing import Any, Final

from django.utils.translation import gettext as _
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.text import RichText
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RichTextProperties
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from reports.domain.service.tables import Table

WIDTH, HEIGHT = 22.0, 7.0  # centimetres; two of them fit on a page below the lines that repeat on each
ROWS_OF_CHART, HIGH_AS_A_ROW = 16, 0.529  # centimetres
ON_A_PAGE: Final = 2 * ROWS_OF_CHART  # rows: two usual charts, or one below as many rows of a table
AROUND_BARS, HIGH_AS_A_BAR = 2.6, 0.62  # centimetres: title, axis and legend; a pair of bars with its name
SMALL: Final = 900  # hundredths of a point
DARK, LIGHT, LINE = "0F6E68", "9CC7C3", "9B1C1C"
MOST_LINES: Final = 5
MOST_BARS: Final = 12  # pairs of lying bars
LEFT_FREE: Final = 2


def draw(sheet: Worksheet, tables: Mapping[str, Table], places: Mapping[str, tuple[int, int]]) -> int:
    """Put the charts of a sheet's tables below them and return the last row that they reach.

    `places` are the rows of each table's heads and its last row.
    """
    row, taken = sheet.max_row + LEFT_FREE, 0
    for code, make in CHARTS.items():
        chart = make(sheet, tables[code], *places[code]) if code in tables else None
        if chart is not None:
            rows = max(ROWS_OF_CHART, ceil(chart.height / HIGH_AS_A_ROW) + 1)
            if (taken or row) + rows > ON_A_PAGE:
                sheet.row_breaks.append(Break(id=row - 1))  # no page ends in the middle of a chart
                taken = 0
            sheet.add_chart(chart, f"A{row}")
            row, taken = row + rows, taken + rows
    return row


def dress_head(cell: Any, *, first: bool = False) -> None:
    """Dress the head of a column."""
    cell.font, cell.fill = Font(bold=True, color="FFFFFFFF"), PatternFill("solid", fgColor=f"FF{DARK}")
    cell.alignment = Alignment(horizontal="left" if first else "center", vertical="center", wrap_text=True)


def _trend(sheet: Worksheet, table: Table, head: int, last: int) -> Any:
    """Return the rates over time, one line each."""
    lines = _drawn(table)
    if not lines:
        return None
    chart = LineChart()
    across = len(table.heads)
    for at in lines:
        of = Reference(sheet, min_col=table.lead + 1, max_col=across, min_row=head + 1 + at)
        chart.add_data(of, from_rows=True, titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=table.lead + 2, max_col=across, min_row=head))
    for at, line in zip(lines, chart.series, strict=True):
        line.smooth = False  # a curve would rise above what was measured
        if table.lead:
            line.tx = SeriesLabel(v=" · ".join(cell.text for cell in table.rows[at][: table.lead + 1]))
    chart.title, chart.y_axis.number_format = _("Rates over time"), "0%"
    return _axes(chart)


def _drawn(table: Table) -> list[int]:
    """Return which rows are drawn: the first rates, or the first of each regulation where there are several."""
    found: dict[object, int] = {}
    for at, row in enumerate(table.rows):
        if _is_share(row):
            found.setdefault(row[0].text if table.lead else at, at)
    return list(found.values())[:MOST_LINES]


def _is_share(row: Any) -> bool:
    return any(cell.kind == "share" and cell.value is not None for cell in row)


def _clauses(sheet: Worksheet, table: Table, head: int, last: int) -> Any:
    """Return the clauses; those of several regulations are no parts of one whole and have no share of it."""
    return (_compared if table.lead else _pareto)(sheet, table, head, last)


def _pareto(sheet: Worksheet, table: Table, head: int, last: int) -> Any:
    """Return the clauses as bars with the line of the share that they make up so far."""
    bars = BarChart()
    bars.add_data(Reference(sheet, min_col=2, min_row=head, max_row=last), titles_from_data=True)
    bars.set_categories(Reference(sheet, min_col=1, min_row=head + 1, max_row=last))
    _fill(bars, 0, DARK)
    column = len(table.heads) + 1
    whole, so_far = sum(row[1].value for row in table.rows), 0
    dress_head(sheet.cell(head, column, _("Share so far")))
    for at, row in enumerate(table.rows, head + 1):
        so_far += row[1].value
        cell = sheet.cell(at, column, so_far / whole if whole else 0)
        cell.number_format = "0.0%"
    sheet.column_dimensions[get_column_letter(column)].width = 12
    line = LineChart()
    line.add_data(Reference(sheet, min_col=column, min_row=head, max_row=last), titles_from_data=True)
    line.y_axis.axId, line.y_axis.number_format, line.y_axis.crosses = 200, "0%", "max"
    line.y_axis.scaling.min, line.y_axis.scaling.max = 0, 1
    line.series[0].graphicalProperties.line.solidFill = LINE
    line.series[0].smooth = False
    line.y_axis.delete = False
    bars.title = _("Broken clauses and their share of all")
    if len(table.rows) <= MOST_BARS:
        _name_each(bars.x_axis)
    chart = _axes(bars)
    chart += line
    return chart


def _hours(sheet: Worksheet, table: Table, head: int, last: int) -> Any:
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, max_col=3, min_row=head, max_row=last), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=head + 1, max_row=last))
    _fill(chart, 0, LIGHT)
    _fill(chart, 1, DARK)
    chart.title, chart.overlap = table.title, 100
    return _axes(chart)


def _compared(sheet: Worksheet, table: Table, head: int, last: int) -> Any:
    """Return two counts beside each other: mostly those of the period and of the one before."""
    chart, names, last = BarChart(), table.lead + 1, min(last, head + MOST_BARS)
    chart.type = "bar"
    chart.add_data(
        Reference(sheet, min_col=names + 1, max_col=names + 2, min_row=head, max_row=last), titles_from_data=True
    )
    chart.set_categories(Reference(sheet, min_col=names, min_row=head + 1, max_row=last))
    _fill(chart, 0, DARK)
    _fill(chart, 1, LIGHT)
    chart.title = table.title
    chart.x_axis.scaling.orientation = "maxMin"  # from above
    _name_each(chart.x_axis)
    return _axes(chart, height=max(HEIGHT, AROUND_BARS + HIGH_AS_A_BAR * (last - head)))


def _name_each(axis: Any) -> None:
    """Let each bar be named: Excel asks how many names it skips, LibreOffice names all where the text lies level."""
    axis.tickLblSkip = 1
    small = Paragraph(pPr=ParagraphProperties(defRPr=CharacterProperties(sz=SMALL)), endParaRPr=CharacterProperties())
    small.r = []  # openpyxl puts an empty text into each paragraph; the texts of an axis are its names
    axis.txPr = RichText(bodyPr=RichTextProperties(rot=0), p=[small])


def _fill(chart: Any, at: int, colour: str) -> None:
    chart.series[at].graphicalProperties.solidFill = colour


def _axes(chart: Any, *, height: float = HEIGHT) -> Any:
    """Let the axes be seen: a chart of openpyxl hides them otherwise in newer programs."""
    chart.width, chart.height = WIDTH, height
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.legend.position = "b"
    return chart


CHARTS: Final = {
    "side": _compared, "trend": _trend, "clauses": _clauses, "hours": _hours, "complaints_category": _compared,
    "problems": _compared,
}  # fmt: skip
