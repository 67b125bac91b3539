"""An empty staff list to fill in: the columns, the roles to choose from, and a sheet that explains them."""

import io
from collections.abc import Sequence

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from staff.excel.columns import STAFF

HEADING = PatternFill("solid", fgColor="FF0F6E68")
WHITE = Font(bold=True, color="FFFFFFFF")
WIDTHS = {"username": 14, "name": 12, "roles": 22, "email": 26}
USUAL_WIDTH = 14
ROWS = 500
LONGEST_LIST = 255  # of the choices that a spreadsheet keeps with a cell


def staff_template(roles: Sequence[str], branches: Sequence[str]) -> bytes:
    """Return the workbook; `roles` and `branches` are the titles to choose from."""
    book = Workbook()
    sheet = book.active
    sheet.title = _("Staff list")
    _heads(sheet, [column.title for column in STAFF.columns])
    sheet.freeze_panes = "C2"
    for place, column in enumerate(STAFF.columns, 1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = WIDTHS.get(column.key, USUAL_WIDTH)
        choices = {"roles": roles, "branch": branches}.get(column.key, ())
        _offer(sheet, letter, choices)
    _explain(book.create_sheet(_("How to fill it in")))
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _heads(sheet, titles: Sequence[str]) -> None:
    sheet.append(list(titles))
    for cell in sheet[1]:
        cell.font, cell.fill = WHITE, HEADING


def _offer(sheet, letter: str, choices: Sequence[str]) -> None:
    """Let the cells of a column offer these choices; anything else may be typed as well."""
    listed = ",".join(choices)
    if not choices or len(listed) > LONGEST_LIST or '"' in listed:
        return
    validation = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=False)
    validation.add(f"{letter}2:{letter}{ROWS}")
    sheet.add_data_validation(validation)


def _explain(sheet) -> None:
    """Say of each column what stands in it, with an example."""
    _heads(sheet, [_("Column"), _("Needed"), _("What stands in it"), _("Example")])
    meant = {
        "username": (_("by which the person signs in: letters, digits and . @ + - _"), "liuyang"),
        "name": (_("the person's name, as the screens and the orders write it"), "刘洋"),
        "roles": (_("one role, or several between commas"), "服务顾问"),
        "branch": (_("empty: the whole company"), "城东店"),
        "department": (_("a department of that branch; made where it is missing"), "服务部"),
        "manager": (_("user name or name of whom the person answers to"), "zhangwei"),
        "email": (_("may be left out"), "liuyang@example.com"),
        "area": (_("only where customers are shared out by area"), ""),
        "from_on": (_("empty: since long ago"), "2026-03-02"),
        "left_on": (_("the last day of who leaves"), ""),
        "hand_over_to": (_("who takes over the work of who leaves"), ""),
    }
    for column in STAFF.columns:
        words, example = meant[column.key]
        sheet.append([column.title, _("yes") if column.required else "", words, example])
    for letter, width in zip("ABCD", (14, 8, 60, 24), strict=True):
        sheet.column_dimensions[letter].width = width
        for cell in sheet[letter]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
