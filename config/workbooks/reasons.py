"""The sentences behind the codes of refusals, in the language of the reader."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

FILE_REASONS = {
    "missing": _("The file %(name)s does not exist."),
    "empty": _("The file is empty (0 bytes)."),
    "too_large": _("The file is too large: %(size)s MB; at most %(limit)s MB are read. Split it."),
    "web_page": _("This is a web page, not a workbook. Open it in Excel and save it as .xlsx."),
    "xml_table": _("This is an XML table of Excel 2003. Open it in Excel and save it as .xlsx."),
    "other_format": _("This is no .xlsx, .xls or .csv file."),
    "encrypted": _("The workbook is protected by a password. Remove the password and save it again."),
    "damaged": _("The workbook is damaged and cannot be opened. Export it again."),
    "no_sheet": _("The workbook has no visible worksheet."),
    "too_many_parts": _("The workbook has too many parts or sheets (%(count)s; at most %(limit)s)."),
    "inflates": _("The workbook swells to more than %(limit)s MB when it is unpacked, so it is not read."),
    "entities": _("The workbook declares XML entities, which no spreadsheet program writes, so it is not read."),
    "doubled_parts": _("The workbook holds the same part twice, so it is not read."),
    "encoding": _("The characters of the file are in no encoding that is read (UTF-8, UTF-16, GB18030)."),
    "too_many_rows": _("The table has too many rows (%(count)s; at most %(limit)s). Split it."),
    "too_many_columns": _("The table has too many columns (%(count)s; at most %(limit)s)."),
    "too_many_cells": _("The table covers too many cells (%(count)s; at most %(limit)s). Split it."),
    "no_header": _("No row of the table is a header: these columns are missing: %(missing)s."),
    "too_slow": _("The file could not be read within %(limit)s seconds, so it is not taken."),
    "crashed": _("The file could not be read: it needs too much memory or is damaged."),
}

CELL_REASONS = {
    "formula": _("Cell %(cell)s holds a formula. Paste the values over it."),
    "required": _("%(column)s is empty."),
    "unreadable_character": _("Cell %(cell)s holds a character that cannot be read. Type it again."),
    "too_long": _("%(column)s is too long: at most %(limit)s characters."),
    "shortened": _(
        "%(column)s %(value)s was shortened by the spreadsheet; its digits are lost. Format the column as text."
    ),
    "no_number": _("%(column)s %(value)s is no telephone number."),
    "not_a_date": _("%(column)s %(value)s is no date that can be read without doubt (write 2026-03-02 14:05)."),
    "date_out_of_range": _("%(column)s %(value)s lies outside of the years %(first)s to %(last)s."),
    "not_a_figure": _("%(column)s %(value)s is no figure."),
    "out_of_range": _("%(column)s %(value)s is out of range."),
    "not_a_vin": _("%(column)s %(value)s is no VIN of 17 characters; the plate is used."),
    "not_a_plate": _("%(column)s %(value)s is no plate; it is left out."),
    "not_yes_or_no": _("%(column)s %(value)s is neither yes nor no."),
    "not_a_choice": _("%(column)s %(value)s is none of: %(allowed)s."),
    "not_an_interval": _("%(column)s %(value)s is no interval (write 30天, 2周, 3个月 or 1年); it is left out."),
    "more_cells": _("The row has more cells than the header."),
    "columns_disagree": _("Two columns hold %(column)s and differ; the first is taken."),
    "hidden": _("The row is hidden in the workbook; it was read all the same."),
}


def sentence(code: str, details: Mapping[str, Any], reasons: Mapping[str, str] | None = None) -> str:
    """Return the reason `code` in the language of the reader; an unknown code stands for itself."""
    text = {**FILE_REASONS, **CELL_REASONS, **(reasons or {})}.get(code)
    return gettext(text) % details if text else code
