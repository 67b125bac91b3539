"""The end of what imports leave behind: files, refused rows and notes are kept for a time only (DECISIONS 45)."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from staff.domain.activity import log
from visits.choices import BatchState
from visits.domain.intake import shelf
from visits.models import ImportBatch, ImportChunk, ImportRow

FORGOTTEN_AFTER: Final = timedelta(days=7)  # brought, and never taken in
ORPHAN_AFTER: Final = timedelta(hours=24)
WAITING_FOR_SOMEBODY: Final = (BatchState.DRAFT, BatchState.CHECKED, BatchState.REFUSED)
OVER: Final = (BatchState.DONE, BatchState.STOPPED, BatchState.UNDONE)


def purge_imports(*, now: datetime, on: date) -> dict[str, int]:
    """Drop forgotten imports, and of old ones all but the line in the list."""
    del on  # what is too old is so at the moment of the run
    return {"forgotten": _purge_forgotten(now), "old": _purge_old(now), "orphans": _purge_orphans(now)}


def _purge_forgotten(now: datetime) -> int:
    """Drop imports that nobody has confirmed for a week, with their file and rows."""
    count = 0
    old = ImportBatch.objects.filter(state__in=WAITING_FOR_SOMEBODY, started_at__lt=now - FORGOTTEN_AFTER)
    for batch in old:
        with transaction.atomic():
            log(now=now, actor=None, verb="import_forgotten", subject=batch)
            _drop_rows(batch)
            ImportBatch.objects.filter(pk=batch.pk).delete()
        shelf.drop(batch.file)
        count += 1
    return count


def _purge_old(now: datetime) -> int:
    """Drop file, rows and notes of imports that ended long ago; their counts stay."""
    count = 0
    before = now - timedelta(days=settings.IMPORT_DAYS)
    old = ImportBatch.objects.filter(state__in=OVER, started_at__lt=before, finished_at__lt=before)
    for batch in _with_remains(old):
        with transaction.atomic():
            _drop_rows(batch)
            ImportBatch.objects.filter(pk=batch.pk).update(file="", reading={})
            log(now=now, actor=None, verb="import_purged", subject=batch)
        shelf.drop(batch.file)
        count += 1
    return count


def _with_remains(old: QuerySet[ImportBatch]) -> QuerySet[ImportBatch]:
    rows, chunks = ImportRow.objects.values("batch"), ImportChunk.objects.values("batch")
    return (old.exclude(file="") | old.filter(pk__in=rows) | old.filter(pk__in=chunks)).distinct()


def _drop_rows(batch: ImportBatch) -> None:
    for model in (ImportRow, ImportChunk):
        rows: QuerySet[Any] = model._base_manager.filter(batch=batch)
        rows._raw_delete(rows.db)


def _purge_orphans(now: datetime) -> int:
    """Remove files that no import names and that nobody is writing any more."""
    named = set(ImportBatch.objects.exclude(file="").values_list("file", flat=True))
    left = [path for path in shelf.stored() if path.name not in named and _is_old(path, now)]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def _is_old(path: Path, now: datetime) -> bool:
    return now - datetime.fromtimestamp(path.stat().st_mtime, UTC) > ORPHAN_AFTER
