"""The end of exports: each file is kept for a time only, like the filters that it was asked by (DECISIONS 45)."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from django.db import transaction

from reports.choices import ExportState
from reports.domain.exports import shelf
from reports.models import Export
from reports.models.export import TO_DO
from staff.domain.activity import log

ORPHAN_AFTER: Final = timedelta(hours=24)


def purge_exports(*, now: datetime, on: date) -> dict[str, int]:
    """Delete the files whose time is over, and what no export names."""
    del on  # what is over is so at the moment of the run
    count = 0
    for export in Export.objects.filter(state=ExportState.DONE, expires_at__lte=now):
        with transaction.atomic():
            done = Export.objects.filter(pk=export.pk, state=ExportState.DONE)
            count += done.update(state=ExportState.EXPIRED, query="", file="")
            log(now=now, actor=None, verb="export_purged", subject=export)
        shelf.drop(export.file)
    return {"expired": count, "orphans": _purge_orphans(now)}


def _purge_orphans(now: datetime) -> int:
    """Remove files that no export names and that nobody is writing any more."""
    named = set(Export.objects.filter(state__in=(*TO_DO, ExportState.DONE)).values_list("file", flat=True))
    left = [path for name, path in shelf.stored() if name not in named and _is_old(path, now)]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def _is_old(path: Path, now: datetime) -> bool:
    return now - datetime.fromtimestamp(path.stat().st_mtime, UTC) > ORPHAN_AFTER
