"""The workbook of refused rows: the columns as they came and the reason, to be mended and imported again."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

HEADING = PatternFill("solid", fgColor="FF1F4E79")
REASON = PatternFill("solid", fgColor="FFFDE9D9")
WHITE = Font(bold=True, color="FFFFFFFF")
WIDTH = 16
REASON_WIDTH = 60


def write_rejects(path: Path, titles: Sequence[str], rows: Iterable[tuple[int, Sequence[str], Sequence[str]]]) -> None:
    """Write the refused rows (number, cells, reasons); whole or not at all, readable by the owner alone."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Rejected rows"))
    heads = [*titles, _("Row of the first file"), _("Why it was rejected")]
    sheet.freeze_panes = "A2"
    for place in range(1, len(heads) + 1):
        sheet.column_dimensions[get_column_letter(place)].width = REASON_WIDTH if place == len(heads) else WIDTH
    sheet.append([_heading(sheet, head) for head in heads])
    for row_no, cells, reasons in rows:
        texts = [_text(sheet, cell) for cell in cells]
        sheet.append([*texts, row_no, _reason(sheet, " ".join(reasons))])
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.touch(mode=0o600)
        book.save(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _heading(sheet, text: str) -> WriteOnlyCell:
    cell = _text(sheet, text)
    cell.font, cell.fill = WHITE, HEADING
    return cell


def _text(sheet, text: str) -> WriteOnlyCell:
    """Return a cell that stays text: a value that begins with = is no formula, a long number keeps its digits."""
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.number_format = "@"
    return cell


def _reason(sheet, text: str) -> WriteOnlyCell:
    cell = _text(sheet, text)
    cell.fill = REASON
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell
