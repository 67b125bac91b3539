"""Making a backup: claimed by a row, written beside, restored on trial, renamed; what is too old goes."""

import logging
import os
import shutil
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction

from config import clock
from config.backups.faults import BackupFault
from config.backups.places import make_safe
from config.uploads import MEGABYTE
from staff.choices import BackupCause, BackupState
from staff.domain import activity
from staff.domain.backing import contents, retaining, staging
from staff.domain.backing.wording import told
from staff.models import Backup, Employee

logger = logging.getLogger(__name__)
SUFFIX: Final = ".backup"
PART: Final = ".part"
GIVEN_UP: Final = timedelta(hours=6)  # a backup that has not ended by then died with its process
SPARE: Final = 64 * MEGABYTE
LONGEST_FAULT: Final = 500


def folder() -> Path:
    """Return where backups lie: `BACKUP_DIR`, but below the data folder as long as they are not encrypted."""
    chosen = settings.BACKUP_DIR if may_leave() else settings.DATA_DIR / "backups"
    chosen.mkdir(mode=0o700, parents=True, exist_ok=True)
    return chosen


def may_leave() -> bool:
    """Say whether backups may lie where `BACKUP_DIR` says."""
    return bool(contents.passphrase()) or settings.BACKUP_DIR.is_relative_to(settings.DATA_DIR)


def ask(*, actor: Employee, now: datetime) -> Backup:
    """Ask for a backup; the worker makes it with its next round. Asking again while one waits gives the same."""
    with transaction.atomic():
        waiting = Backup.objects.filter(state=BackupState.ASKED).first()
        if waiting:
            return waiting
        asked = Backup.objects.create(cause=BackupCause.ASKED, asked_by=actor, began_at=now)
        activity.log(now=now, actor=actor, verb="backup_asked", subject=asked)
    return asked


def make_asked(*, now: datetime) -> dict[str, int]:
    """Make the backup that somebody asked for."""
    asked = Backup.objects.filter(state=BackupState.ASKED).order_by("pk").first()
    return {"made": int(asked is not None and make(asked, now=now).state == BackupState.SOUND)}


def make_nightly(*, now: datetime, on: date) -> dict[str, int]:
    """Make the backup of the night `on`; a night that was slept through is over and not made up for.

    One that fails is told by the checks and not tried again each minute: the disk that was full would only stay so.
    """
    if not settings.BACKUP_NIGHTLY or on != clock.local_day(now):
        return {"made": 0}
    sound = make(Backup(cause=BackupCause.NIGHTLY, began_at=now), now=now).state == BackupState.SOUND
    return {"made": int(sound), "failed": int(not sound)}


def make(backup: Backup, *, now: datetime) -> Backup:
    """Make the backup of this row and return the row; where another is being made, it stays as it is."""
    _give_up_dead(now)
    backup.state, backup.began_at, backup.file = BackupState.RUNNING, now, f"huifang-{now:%Y%m%dT%H%M%SZ}{SUFFIX}"
    backup.is_sealed = bool(contents.passphrase())
    try:
        with transaction.atomic():
            backup.save()
    except IntegrityError:
        return Backup.objects.get(state=BackupState.RUNNING)
    began = time.monotonic()
    backup.state, backup.fault = _carry_out(backup, now)
    backup.ended_at = now + timedelta(seconds=time.monotonic() - began)
    with transaction.atomic():
        backup.save()
        activity.log(now=now, actor=backup.asked_by, verb="backup", subject=backup, state=backup.state)
    if backup.state == BackupState.SOUND:
        thin_out(now=now)
    return backup


def _give_up_dead(now: datetime) -> None:
    dead = Backup.objects.filter(state=BackupState.RUNNING, began_at__lt=now - GIVEN_UP)
    dead.update(state=BackupState.FAILED, ended_at=now, fault=told(BackupFault("interrupted")))


def _carry_out(backup: Backup, now: datetime) -> tuple[str, str]:
    """Return how it ended and, where it ended badly, why."""
    state = BackupState.FAILED
    try:
        part = _write(backup, now)
        state = BackupState.FAULTY
        manifest = staging.restore_on_trial(part, now=now)
        backup.rows, backup.files = sum(manifest["rows"].values()), len(manifest["files"])
        part.rename(folder() / backup.file)
        make_safe(folder())
    except BackupFault as fault:
        return state, told(fault)[:LONGEST_FAULT]
    except OSError as problem:
        logger.exception("backup failed")
        return state, told(BackupFault("disk", reason=problem.strerror or str(problem)))[:LONGEST_FAULT]
    except Exception as problem:  # whatever it was, the row must not say for ever that it is being made
        logger.exception("backup failed")
        return state, told(BackupFault("unexpected", reason=type(problem).__name__))
    finally:
        _sweep_parts()
    return BackupState.SOUND, ""


def _write(backup: Backup, now: datetime) -> Path:
    """Write the backup beside its name and have the disk keep it."""
    _refuse_without_room()
    part = folder() / (backup.file + PART)
    scratch = settings.DATA_DIR / "tmp"
    scratch.mkdir(mode=0o700, exist_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        contents.pack(target, file=backup.file, scratch=scratch, now=now)
        target.flush()
        os.fsync(target.fileno())
    backup.size = part.stat().st_size
    return part


def _refuse_without_room() -> None:
    """Refuse to begin what would fill the disk: the backup, and a copy of the database on trial."""
    wanted = {folder(): contents.size_of_all() + SPARE, settings.DATA_DIR: 2 * contents.size_of_database() + SPARE}
    for place, needed in wanted.items():
        same = [size for other, size in wanted.items() if other.stat().st_dev == place.stat().st_dev]
        free = shutil.disk_usage(place).free
        if free < max(needed, sum(same)):
            megabytes = {"wanted": sum(same) // MEGABYTE, "free": free // MEGABYTE}
            raise BackupFault("no_space", folder=place, **megabytes)


def _sweep_parts() -> None:
    """Take away what was not finished, by this process or by one that died."""
    for left in folder().glob(f"*{SUFFIX}{PART}"):
        left.unlink(missing_ok=True)


def terms() -> retaining.Terms:
    """Return for how long this installation keeps its backups (`BACKUP_KEEP`)."""
    return retaining.Terms(*settings.BACKUP_KEEP)


def thin_out(*, now: datetime) -> int:
    """Remove the backups that the retention does not keep; return how many."""
    sound = list(Backup.objects.kept())
    keep = retaining.kept(((clock.local_day(one.began_at), one.pk) for one in sound), terms())
    gone = 0
    for old in (one for one in sound if one.pk not in keep):
        (folder() / old.file).unlink(missing_ok=True)
        gone += Backup.objects.filter(pk=old.pk, removed_at=None).update(removed_at=now)
    return gone
