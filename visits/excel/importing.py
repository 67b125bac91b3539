"""From a file to events: read in a child process, staged, taken in."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings

from config.workbooks.reading import Table, opened
from config.workbooks.refusals import Unreadable
from staff.models import Employee
from visits.choices import BatchState
from visits.domain.intake import bulk, staging, summary
from visits.domain.intake.judging import Options
from visits.domain.intake.rehearsing import rehearse
from visits.domain.intake.summary import Summary
from visits.domain.intake.taking import Progress, take_in
from visits.models import ImportBatch

LAYOUT: Final = "visits.excel.columns:EVENTS"


@dataclass(frozen=True)
class Rehearsed:
    """What an import would come to, with the refused rows' cells under the words of the header."""

    summary: Summary
    titles: list[str]
    rejected: list[tuple[int, list[str], list[str]]]


def import_file(
    path: Path, *, options: Options, now: datetime, actor: Employee | None = None, progress: Progress = lambda _n: None
) -> ImportBatch:
    """Take the events of a file in and return its import, done; go on where a crash left the very same file.

    Unreadable when the file as a whole cannot be read; nothing has been taken in then.
    """
    sha256 = hash_of(path)
    with bulk.without_collector(), opened(path, layout=LAYOUT, zone=settings.TIME_ZONE) as table:
        file = staging.File(path.name, sha256, tuple(table.titles))
        batch = staging.unfinished(file, options)
        if batch is None:
            batch = staging.stage(table.rows, file=file, options=options, now=now, actor=actor)
    with bulk.without_collector():
        take_in(batch, now=now, progress=progress)
    batch.refresh_from_db()
    return batch


def rehearse_file(path: Path, *, options: Options, now: datetime) -> Rehearsed:
    """Return what an import of the file would come to; nothing is written."""
    with opened(path, layout=LAYOUT, zone=settings.TIME_ZONE) as table:
        staged = rehearse(table.rows, options=options, now=now)
        return _rehearsed(staged, table)


def _rehearsed(staged: list, table: Table) -> Rehearsed:
    rejected = [(row.row_no, row.cells, summary.told(row.reasons)) for row in staged if row.reasons]
    return Rehearsed(summary.of_rows(staged), table.titles, rejected)


def resume(*, now: datetime, progress: Progress = lambda _n: None) -> list[ImportBatch]:
    """Finish every import that a crash left behind; drop those whose file had not been read to its end."""
    for batch in ImportBatch.objects.filter(state=BatchState.STAGING, file=""):
        staging.discard(batch)
    left = list(ImportBatch.objects.filter(state__in=[BatchState.STAGED, BatchState.APPLYING]).order_by("id"))
    for batch in left:
        take_in(batch, now=now, progress=progress)
    return left


def hash_of(path: Path) -> str:
    """Return the hash of what the file holds; Unreadable where there is no file."""
    if not path.is_file():
        raise Unreadable("missing", name=path.name)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
