"""What the health page says of backups: is there a young one, is it sound, may it leave this machine."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from staff.choices import BackupState
from staff.domain.backing import contents, making
from staff.domain.checking import Finding, Level
from staff.models import Backup

OLDEST: Final = timedelta(days=2)


def backups_made(*, now: datetime) -> Iterator[Finding]:
    """Find out how old the newest sound backup is, how the last one ended, and where they lie."""
    newest = Backup.objects.kept().first()
    last = Backup.objects.exclude(state__in=[BackupState.ASKED, BackupState.RUNNING]).first()
    yield _age(newest, now)
    if last is not None and last.state in (BackupState.FAILED, BackupState.FAULTY):
        yield Finding(
            Level.ALARM, "backup.last", _("The last backup came to nothing: %(fault)s") % {"fault": last.fault},
            _("Mend the reason, then make one by hand: Backups, or manage.py backup."),
        )  # fmt: skip
    if newest is not None and not (making.folder() / newest.file).is_file():
        yield Finding(
            Level.ALARM, "backup.file", _("The newest backup %(file)s is not in its folder.") % {"file": newest.file},
            _("Look whether the disk of BACKUP_DIR is there, and make a backup."),
        )  # fmt: skip
    yield _whereabouts()


def _age(newest: Backup | None, now: datetime) -> Finding:
    wanted = Level.ALARM if settings.BACKUP_NIGHTLY else Level.WARNING
    mend = _("Make one now: Backups, or manage.py backup. Look whether the worker runs at half past one.")
    if not settings.BACKUP_NIGHTLY:
        mend = _("Nightly backups are off (BACKUP_NIGHTLY). Make one by hand: Backups, or manage.py backup.")
    if newest is None:
        return Finding(wanted, "backup.age", _("There is no backup."), mend)
    hours = int((now - newest.began_at).total_seconds() // 3600)
    told = _("The newest sound backup is less than an hour old.")
    if hours > 0:
        told = ngettext(
            "The newest sound backup is %(hours)d hour old.", "The newest sound backup is %(hours)d hours old.", hours
        ) % {"hours": hours}
    is_old = now - newest.began_at > OLDEST
    return Finding(wanted if is_old else Level.OK, "backup.age", told, mend if is_old else "")


def _whereabouts() -> Finding:
    if not contents.passphrase():
        return Finding(
            Level.WARNING, "backup.sealed", _("Backups are not encrypted and so stay on this machine: %(folder)s")
            % {"folder": making.folder()},
            _("Set BACKUP_PASSPHRASE_FILE and BACKUP_DIR, keep the passphrase elsewhere, and copy the folder away."),
        )  # fmt: skip
    if settings.BACKUP_DIR.is_relative_to(settings.DATA_DIR):
        return Finding(
            Level.WARNING, "backup.place", _("Backups lie on the disk that they are to replace: %(folder)s")
            % {"folder": making.folder()},
            _("Set BACKUP_DIR to another disk, or copy the folder away every day."),
        )  # fmt: skip
    told = _("Backups are encrypted and lie in %(folder)s") % {"folder": making.folder()}
    return Finding(Level.OK, "backup.place", told)
