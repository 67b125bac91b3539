"""What tells whose file it is: on every row, on a sheet of its own, below each printed page, in the name of the file.

The number of the export stands on every row, so that rows which were sorted, cut out or copied into another file still
lead to who took them. Delimited text and JSON have no other place for it: a line more would be counted as a row by
whoever reads the file, so what else there is to say stands in the name of the file.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from config.workbooks.writing import About
from reports.choices import ExportContacts
from reports.models import Export
from staff.domain.company import shown_company
from staff.domain.wording import local, moment_words

UNFIT: Final = re.compile(r'[\\/:*?"<>|\s\x00-\x1f]+')
LONGEST_NAME: Final = 60


def mark_of(export: Export) -> str:
    """Return what stands on every row: the number of the export and who took it."""
    return f"{export} {export.asked_by.username}"


def about_file(export: Export, filters: Sequence[tuple[str, str]], *, now: datetime) -> About:
    """Return what a workbook says of itself; `now` is the moment from which its rows are."""
    who = f"{export.asked_by} ({export.asked_by.username})"
    company = str(shown_company().name)

    def lines(count: int) -> list[tuple[str, str]]:
        return [
            (_("Company"), company), (_("List"), export.title), (_("Asked for by"), who),
            (_("Asked at"), moment_words(export.asked_at)), (_("As of"), moment_words(now)),
            (_("Rows"), str(count)), (_("Number of the export"), str(export)),
            *((f"{_('Filter')} · {name}", value) for name, value in filters),
            *_about_numbers(export), (_("Note"), _("Whoever passes this file on can be found by its number.")),
        ]  # fmt: skip

    footer = f"{company} · {export.title} · {who} · {moment_words(now)} · {export}"
    return About(export.title, who, now, footer, _("About this file"), lines)


def _about_numbers(export: Export) -> list[tuple[str, str]]:
    if export.contacts == ExportContacts.MASKED:
        return [(_("Telephone numbers"), export.get_contacts_display())]
    said = _("whole in the columns of numbers; in texts, and of customers who want no contact, masked")
    approver = f"{export.decided_by} ({export.decided_by.username})"
    return [(_("Telephone numbers"), said), (_("Approved by"), approver), (_("Reason"), export.reason)]


def file_name(export: Export) -> str:
    """Return the name under which the file is handed out: list, whole numbers or not, moment, who, rows, number."""
    title = UNFIT.sub("-", export.title)[:LONGEST_NAME].strip("-.")
    if export.contacts == ExportContacts.WHOLE:
        title = f"{title}_{UNFIT.sub('-', _('whole numbers'))}"
    moment = f"{local(export.began_at or export.asked_at):%Y%m%d-%H%M}"
    return f"{title}_{moment}_{export.asked_by.username}_{export.rows}_{export}.{export.form}"
