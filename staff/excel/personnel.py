"""The file of a month for personnel: what it brings whom, with every line behind it. The program pays nothing."""

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill

from staff.choices import Unit
from staff.domain.company import the_company
from staff.domain.conduct.browsing import rule_title
from staff.domain.conduct.months import Month, Share
from staff.models import LedgerEntry

HEADING = PatternFill("solid", fgColor="FF0F6E68")
WHITE, BOLD = Font(bold=True, color="FFFFFFFF"), Font(bold=True)
FIGURES = "#,##0.00;[Red]-#,##0.00"
WIDTHS = (16, 12, 10, 12, 12, 12, 10, 40)


def personnel_workbook(month: Month, shares: Iterable[Share], entries: Iterable[LedgerEntry]) -> bytes:
    """Return the workbook of a month: a sheet of sums per person and unit, and a sheet of all postings."""
    book = Workbook()
    _sums(book.active, month, list(shares))
    _postings(book.create_sheet(_("Postings")), entries)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _sums(sheet: Any, month: Month, shares: Sequence[Share]) -> None:
    sheet.title = _("Sums")
    sheet.append([_text(the_company().name), _("Statements of %(month)s") % {"month": month.period}])
    sheet.append([_("Huifang pays nothing and takes nothing: personnel does, after looking at this file.")])
    sheet.append([_closed(month)])
    sheet["B1"].font = BOLD
    figures = [_("Penalties"), _("Rewards"), _("Net"), _("Lines"), _("Hash of the statement")]
    _heads(sheet, [_("Name"), _("User name"), _("Unit of account"), *figures])
    for one in shares:
        statement = one.statement.sha256 if one.statement else ""
        sums = [_figure(one.sums.penalties), _figure(one.sums.rewards), _figure(one.sums.net)]
        person = [_text(one.employee.name), _text(one.employee.username)]
        sheet.append([*person, str(Unit(one.sums.unit).label), *sums, one.entries, statement])
    _dress(sheet, figures="DEF")


def _postings(sheet: Any, entries: Iterable[LedgerEntry]) -> None:
    about = [_("Name"), _("User name"), _("Day"), _("Clause"), _("Rule"), _("Amount"), _("Unit of account")]
    _heads(sheet, [*about, _("Kind"), _("Belongs to"), _("Number"), _("Reverses")])
    for entry in entries:
        sign = -1 if entry.kind == "penalty" else 1
        sheet.append([
            _text(entry.employee.name), _text(entry.employee.username), entry.occurred_on, _text(entry.clause),
            _text(rule_title(entry.violation)), _figure(sign * entry.amount), str(entry.get_unit_display()),
            str(entry.get_kind_display()), entry.counts_in, entry.pk, entry.reverses_id or "",
        ])  # fmt: skip
    _dress(sheet, figures="F")


def _closed(month: Month) -> str:
    if month.close is None:
        return _("Provisional: the month is not closed yet.")
    told = {"day": f"{month.close.closed_at:%Y-%m-%d}", "hash": month.close.sha256}
    return _("Closed on %(day)s, hash %(hash)s") % told


def _figure(hundredths: int) -> Decimal:
    """Return hundredths as the figure that a cell shows."""
    return Decimal(hundredths) / 100


def _text(text: str) -> str:
    """Return text that no spreadsheet computes."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def _heads(sheet: Any, titles: Sequence[str]) -> None:
    sheet.append(list(titles))
    for cell in sheet[sheet.max_row]:
        cell.font, cell.fill = WHITE, HEADING


def _dress(sheet: Any, *, figures: str) -> None:
    for letter in figures:
        for cell in sheet[letter]:
            cell.number_format = FIGURES
            if isinstance(cell.value, Decimal):
                cell.alignment = Alignment(horizontal="right")
    for place, width in enumerate(WIDTHS):
        sheet.column_dimensions["ABCDEFGH"[place]].width = width
