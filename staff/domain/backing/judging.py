"""In the restored copy itself: is it sound, does the program work on it, and what it needs before it is lived in."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.utils.module_loading import import_string

from config import append_only, wiring
from config.backups.faults import BackupFault
from staff.choices import BackupState, JobState, OutageCause
from staff.domain import activity, outages
from staff.models import Activity, Backup, JobRun, Release

NAMED: Final = 5
INTERRUPTED: Final = "ended with the program that the backup was made of"


def judge(*, now: datetime, files: Mapping[str, str], releases: Mapping[str, str]) -> None:
    """Raise `BackupFault` for the first thing that is not as it must be; nothing is changed.

    `files` maps names of files in the backup to their SHA-256, `releases` what was published to its hash.
    """
    if absent := append_only.missing():
        raise BackupFault("triggers", names=_named(absent))
    _try_to_rewrite_history()
    if changed := _changed_releases(releases):
        raise BackupFault("releases", names=_named(changed))
    for path in wiring.JUDGES:
        with transaction.atomic():
            import_string(path)(now=now, files=files)
            transaction.set_rollback(True)


def _named(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)[:NAMED])


def _try_to_rewrite_history() -> None:
    """Change a line of activity, which must be refused: a trigger that is there and does nothing is none."""
    try:
        with transaction.atomic():
            changed = Activity.objects.filter(pk=Activity.objects.values("pk")[:1]).update(verb="never")
            transaction.set_rollback(True)
    except DatabaseError:
        return
    if changed:
        raise BackupFault("not_guarded")


def _changed_releases(releases: Mapping[str, str]) -> set[str]:
    """Return the releases whose text is not what was published; those that came since the list do not count."""
    found = {}
    for release in Release.objects.select_related("policy").iterator():
        digest = hashlib.sha256(release.content.encode()).hexdigest()
        found[f"{release.policy.slug} {release.number}"] = digest if digest == release.sha256 else "changed"
    return {name for name, digest in releases.items() if found.get(name) != digest}


def settle(*, now: datetime, made_at: datetime, file: str) -> None:
    """Do what a company needs that comes back from a backup, before anybody signs in.

    Sessions end; jobs that were under way begin anew; the time since the backup is an outage, held against nobody
    (RELIABILITY F58); links given out in it are dead, for whom they named may be somebody else by now.
    """
    Session.objects.all().delete()
    UserSession.objects.all().delete()
    cache.clear()
    JobRun.objects.filter(state=JobState.RUNNING).update(state=JobState.FAILED, finished_at=now, error=INTERRUPTED)
    running = Backup.objects.filter(state=BackupState.RUNNING)
    running.filter(file=file).update(state=BackupState.SOUND, ended_at=now)
    running.update(state=BackupState.FAILED, ended_at=now)
    if now > made_at:
        outages.stood_still(made_at, now, cause=OutageCause.RESTORED, now=now)
    activity.log(now=now, actor=None, verb="restored", made_at=made_at.isoformat(), file=file)


def told(faults: Iterable[BackupFault]) -> list[list[Any]]:
    """Return faults as what one process tells another."""
    return [[fault.code, fault.details] for fault in faults]
