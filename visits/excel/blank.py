"""An empty list of orders to be filled in, with a sheet that explains its columns."""

from pathlib import Path

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from visits.excel.columns import EVENTS
from visits.excel.rejects import HEADING

NEEDED = PatternFill("solid", fgColor="FF0F6E68")
WHITE = Font(bold=True, color="FFFFFFFF")
WIDTHS = (18, 60, 12)


def write_blank(path: Path) -> None:
    """Write the list: one header, with the columns that every row needs first and in another colour."""
    book = Workbook()
    sheet = book.active
    sheet.title = _("Orders")
    sheet.freeze_panes = "A2"
    columns = sorted(EVENTS.columns, key=lambda column: not column.required)
    for place, column in enumerate(columns, 1):
        cell = sheet.cell(1, place, column.title)
        cell.font, cell.fill = WHITE, NEEDED if column.required else HEADING
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = max(12, 2 * len(column.title) + 4)
        sheet.column_dimensions[letter].number_format = "@"  # a long number keeps its digits
    _explain(book, columns)
    book.save(path)


def _explain(book: Workbook, columns) -> None:
    sheet = book.create_sheet(_("Columns"))
    sheet.append([_("Column"), _("Also understood as"), _("Needed")])
    for cell, width in zip(sheet[1], WIDTHS, strict=True):
        cell.font, cell.fill = WHITE, HEADING
        sheet.column_dimensions[cell.column_letter].width = width
    for column in columns:
        sheet.append([column.title, "、".join(column.names), _("yes") if column.required else ""])
