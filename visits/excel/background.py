"""Imports carried on by the worker: read, taken in and taken back, a slice of time at each tick.

Everything that is done stands in the database, chunk by chunk, so a kill at any moment is made good by the next tick.
"""

import logging
import time
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction

from config.workbooks.reading import Table, opened
from config.workbooks.refusals import Unreadable
from visits.choices import BatchState
from visits.domain.intake import bulk, staging, taking, undoing
from visits.domain.intake.alone import alone
from visits.domain.intake.directory import load_directory
from visits.domain.intake.foreseeing import Foresight
from visits.domain.intake.judging import Judge
from visits.domain.intake.leaving_out import leave_out
from visits.domain.intake.shelf import path_of
from visits.domain.intake.steering import options_of
from visits.excel.importing import LAYOUT
from visits.models import ImportBatch, ImportRow

logger = logging.getLogger(__name__)
SLICE_SECONDS: Final = 20.0  # the other jobs of a tick wait no longer than this, and one chunk
TO_READ: Final = (BatchState.WAITING, BatchState.STAGING)
TO_TAKE: Final = (BatchState.STAGED, BatchState.APPLYING)


def run_imports(*, now: datetime) -> dict[str, int]:
    """Carry on the imports that people have started, oldest first; `again` says that there is more to do at once."""
    deadline = time.monotonic() + SLICE_SECONDS
    rows = 0
    with alone() as mine:
        if not mine:
            return {"rows": 0}
        while (batch := _next()) is not None:
            if time.monotonic() >= deadline:
                return {"rows": rows, "again": 1}
            rows += _carry_on(batch, deadline, now=now)
    return {"rows": rows}


def _next() -> ImportBatch | None:
    ours = ImportBatch.objects.exclude(file="").filter(state__in=(*TO_READ, *TO_TAKE))
    return (ours | ImportBatch.objects.filter(state=BatchState.UNDOING)).order_by("id").first()


def _carry_on(batch: ImportBatch, deadline: float, *, now: datetime) -> int:
    if batch.state in TO_READ:
        return _read(batch, now=now)
    if batch.state == BatchState.UNDOING:
        return _take_back(batch, deadline, now=now)
    return _take_in(batch, deadline, now=now)


def _read(batch: ImportBatch, *, now: datetime) -> int:
    """Read the file to its end and keep each row with its verdict; anew where a crash came in between."""
    with transaction.atomic():
        if not ImportBatch.objects.filter(pk=batch.pk, state__in=TO_READ).update(state=BatchState.STAGING, counts={}):
            return 0
        ImportRow.objects.filter(batch=batch)._raw_delete(ImportRow.objects.db)
    batch.counts = {}
    try:
        with bulk.without_collector(), _table(batch) as table:
            return _stage(batch, table, now=now)
    except Unreadable as refusal:
        found = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.STAGING)
        with transaction.atomic():
            found.update(state=BatchState.REFUSED, refusal=[refusal.code, refusal.details])
            ImportRow.objects.filter(batch=batch)._raw_delete(ImportRow.objects.db)
    except staging.Stopped:
        logger.info("import %s was stopped while it was read", batch.pk)
    return 0


def _table(batch: ImportBatch) -> AbstractContextManager[Table]:
    return opened(path_of(batch.file), layout=LAYOUT, zone=settings.TIME_ZONE, reading=batch.reading["settled"])


def _stage(batch: ImportBatch, table: Table, *, now: datetime) -> int:
    options, directory = options_of(batch), load_directory()
    foresight = Foresight(options, lists=directory.lists)
    judge = Judge(directory, options, now=now)
    staging.store(batch, table.rows, judge, done=BatchState.CHECKED, look=foresight.look, foreseen=foresight.told)
    return int(batch.counts.get("read", 0))


def _take_in(batch: ImportBatch, deadline: float, *, now: datetime) -> int:
    done: list[int] = []
    taking.begin(batch)
    if options_of(batch).keep_ours:
        leave_out(batch)
    with bulk.without_collector():
        taking.take_in(batch, now=now, progress=done.append, enough=lambda: time.monotonic() >= deadline)
    return sum(done)


def _take_back(batch: ImportBatch, deadline: float, *, now: datetime) -> int:
    rows = 0
    while (count := undoing.take_back_chunk(batch, now=now)) >= 0:
        rows += count
        if time.monotonic() >= deadline:
            return rows
        bulk.pause()
    undoing.finish(batch, now=now)
    return rows
