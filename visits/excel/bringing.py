"""A file that comes by the pages: looked at first, then kept."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.utils.translation import gettext as _

from config.uploads import FULL
from config.workbooks.columns import HEADER_WITHIN
from config.workbooks.reading import peek
from config.workbooks.reasons import sentence
from config.workbooks.refusals import Unreadable
from staff.models import Employee
from visits.domain.intake import shelf, steering
from visits.excel.importing import LAYOUT, hash_of
from visits.models import ImportBatch


class CannotTake(Exception):
    """The file cannot be read, or there is no room for it; the text says why and what to do."""


def bring(file: TemporaryUploadedFile, *, source: str, branch: int | None, by: Employee, now: datetime) -> ImportBatch:
    """Look at the file, keep it and open its import; raises `CannotTake`, and then nothing is left over."""
    path = Path(file.temporary_file_path())
    try:
        look = peek(path, layout=LAYOUT, zone=settings.TIME_ZONE, wanted={})
        brought = steering.Brought(path, Path(file.name or "").name, hash_of(path), look)
        return steering.begin(brought, source=source, branch=branch, by=by, now=now)
    except Unreadable as refusal:
        raise CannotTake(sentence(refusal.code, refusal.details)) from refusal
    except OSError as problem:
        if problem.errno not in FULL:
            raise
        raise CannotTake(
            _("There is no room on the disk for the file. Ask the administrator to make some.")
        ) from problem


def look_again(batch: ImportBatch, *, sheet: str, row: str) -> None:
    """Take another sheet or row for the header; what is no number is left to the program."""
    wanted: dict[str, Any] = {}
    if sheet.isascii() and sheet.isdigit() and int(sheet) < len(batch.reading["sheets"]):
        wanted["sheet"] = int(sheet)
    if row.isascii() and row.isdigit() and len(row) < 4 and 0 < int(row) <= HEADER_WITHIN:
        wanted["row"] = int(row) - 1
    if wanted.get("sheet", batch.reading["sheet"]) != batch.reading["sheet"]:
        wanted.pop("row", None)  # it was chosen for the other sheet
    steering.look_again(batch, peek(shelf.path_of(batch.file), layout=LAYOUT, zone=settings.TIME_ZONE, wanted=wanted))
