"""The nights of the files: what lies where, what was changed, what is over (RELIABILITY F55, I13; DECISIONS 45)."""

import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db.models import QuerySet

from staff.domain.activity import log
from visits.choices import FileFault
from visits.domain.proof import storing
from visits.models import Evidence

logger = logging.getLogger(__name__)
ORPHAN_AFTER: Final = timedelta(hours=24)
FORGOTTEN_AFTER: Final = timedelta(days=30)  # what was handed in for a call that was never saved
AT_ONCE: Final = 500


def check_files(*, now: datetime, on: date) -> dict[str, int]:
    """Read every file that a row names and compare it with its hash; note what is missing or was changed.

    Rows and files of the day `on` and before; whatever was wrong and is right again is cleared.
    """
    counts = {"checked": 0, "missing": 0, "changed": 0}
    for evidence in _present_rows():
        fault = fault_of(evidence)
        counts["checked"] += 1
        if fault:
            counts[fault] += 1
            logger.error("evidence %s: %s", evidence.pk, fault)
        if fault != evidence.fault:
            log(now=now, actor=None, verb="evidence_fault", subject=evidence, fault=fault)
        Evidence.objects.filter(pk=evidence.pk).update(fault=fault, checked_at=now)
    return counts


def fault_of(evidence: Evidence) -> str:
    """Return what is wrong with the file of one piece of evidence; nothing where it is as it was kept."""
    path = storing.path_of(evidence.file)
    if not path.is_file():
        return FileFault.MISSING
    whole = path.stat().st_size == evidence.size and storing.hash_of(path) == evidence.stored_sha256
    return "" if whole else FileFault.CHANGED


def purge_files(*, now: datetime, on: date) -> dict[str, int]:
    """Remove the files whose time is over, forgotten uploads, and what a crash left behind."""
    return {
        "expired": _purge_expired(now),
        "forgotten": _purge_forgotten(now),
        "orphans": sum(map(_removed, _orphans(now))),
    }


def _purge_expired(now: datetime) -> int:
    """Remove the files of contacts older than the retention; their rows stay, to notice the same file again."""
    count = 0
    old = Evidence.objects.filter(purged_at=None, uploaded_at__lt=now - timedelta(days=settings.EVIDENCE_DAYS))
    for evidence in old.iterator(chunk_size=AT_ONCE):
        storing.drop(evidence.file)
        Evidence.objects.filter(pk=evidence.pk).update(purged_at=now)
        log(now=now, actor=None, verb="evidence_purged", subject=evidence)
        count += 1
    return count


def _purge_forgotten(now: datetime) -> int:
    forgotten = Evidence.objects.waiting().filter(uploaded_at__lt=now - FORGOTTEN_AFTER)
    count = 0
    for evidence in forgotten.iterator(chunk_size=AT_ONCE):
        log(now=now, actor=None, verb="evidence_removed", subject=evidence, task=evidence.task_id)
        Evidence.objects.filter(pk=evidence.pk, record=None).delete()
        storing.drop(evidence.file)
        count += 1
    return count


def _orphans(now: datetime) -> Iterator[Path]:
    """Yield files that no row names and that nobody is writing any more."""
    old = [path for path in storing.stored() if _is_old(path, now)]
    for first in range(0, len(old), AT_ONCE):
        part = old[first : first + AT_ONCE]
        named = set(Evidence.objects.filter(file__in=[path.name for path in part]).values_list("file", flat=True))
        yield from (path for path in part if path.name not in named)
    yield from (path for path in storing.half_written() if _is_old(path, now))


def _is_old(path: Path, now: datetime) -> bool:
    try:
        changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return False
    return now - changed > ORPHAN_AFTER


def _removed(path: Path) -> bool:
    path.unlink(missing_ok=True)
    return True


def _present_rows() -> Iterator[Evidence]:
    rows: QuerySet[Evidence] = Evidence.objects.filter(purged_at=None).order_by("pk")
    return rows.iterator(chunk_size=AT_ONCE)
