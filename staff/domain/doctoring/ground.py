"""The ground that the program stands on: Python, the folder of its data, its key, the time zones."""

import os
import platform
import sqlite3
import stat
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from staff.domain.checking import Finding, Level

PYTHONS: Final = ((3, 11), (3, 14))  # from the first up to, not with, the second
OLDEST_SQLITE: Final = (3, 35, 0)
SHORTEST_KEY: Final = 50
SHORTEST_PASSPHRASE: Final = 12
FOR_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
MOUNTS: Final = Path("/proc/mounts")
OF_THE_NET: Final = ("nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "glusterfs")


def versions(*, now: datetime) -> Iterator[Finding]:
    """Find out whether Python and SQLite are of the versions that the program is made for."""
    del now
    found = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
    words = _("Python %(python)s, SQLite %(sqlite)s") % found
    if not PYTHONS[0] <= sys.version_info[:2] < PYTHONS[1]:
        yield Finding(Level.ALARM, "python", words, _("Install Python 3.11, 3.12 or 3.13 and run make setup again."))
    elif sqlite3.sqlite_version_info < OLDEST_SQLITE:
        yield Finding(Level.ALARM, "python", words, _("Use a Python with SQLite 3.35 or newer."))
    else:
        yield Finding(Level.OK, "python", words)


def data_folder(*, now: datetime) -> Iterator[Finding]:
    """Find out whether the data folder can be written, is closed to others, and lies on a disk of this machine."""
    del now
    folder = Path(settings.DATA_DIR)
    told = {"folder": folder}
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"x")
            os.fsync(probe.fileno())
    except OSError as problem:
        words = _("The data folder %(folder)s cannot be written: %(reason)s") % {**told, "reason": problem.strerror}
        yield Finding(Level.ALARM, "data.writable", words, _("Let the account of the program own it: chown -R"))
        return
    yield Finding(Level.OK, "data.writable", _("The data folder %(folder)s can be written.") % told)
    yield from _closed(folder)
    if kind := _of_the_net(folder):
        words = _("The data folder lies on a disk of the network (%(kind)s): SQLite loses data there.") % {"kind": kind}
        yield Finding(Level.ALARM, "data.disk", words, _("Use a disk of this machine, or PostgreSQL."))


def _closed(folder: Path) -> Iterator[Finding]:
    """Yield what others on this machine could read; below a closed folder nothing needs a look."""
    if not folder.stat().st_mode & FOR_OTHERS:
        yield Finding(Level.OK, "data.closed", _("Only the account of the program reads the data folder."))
        return
    words = _("Other accounts of this machine can enter the data folder %(folder)s.") % {"folder": folder}
    yield Finding(Level.WARNING, "data.closed", words, f"chmod 700 {folder}")
    secret = [folder / "secret_key", folder / "demo_logins.json", *folder.glob("*.sqlite3"), Path(settings.QUEUE_DIR)]
    for path in secret:
        if path.exists() and path.stat().st_mode & FOR_OTHERS:
            words = _("Other accounts of this machine can read %(path)s.") % {"path": path}
            yield Finding(Level.ALARM, f"data.mode.{path.name}", words, f"chmod go-rwx {path}")


def _of_the_net(folder: Path) -> str:
    """Return the kind of file system where SQLite's file would lie on another machine, else nothing."""
    if connection.vendor != "sqlite" or not MOUNTS.exists():
        return ""
    mounts = [line.split()[1:3] for line in MOUNTS.read_text(errors="replace").splitlines()]
    above = [(len(place), kind) for place, kind in mounts if folder.is_relative_to(place)]
    kind = max(above, default=(0, ""))[1]
    return kind if kind in OF_THE_NET else ""


def secrets_kept(*, now: datetime) -> Iterator[Finding]:
    """Find out whether the key that signs sessions, and the passphrase of the backups, could be guessed."""
    del now
    key = str(settings.SECRET_KEY)
    if len(key) < SHORTEST_KEY or len(set(key)) < 10 or "insecure" in key or "changeme" in key.lower():
        yield Finding(
            Level.ALARM, "secret_key", _("The secret key is short or a well-known one: sessions could be forged."),
            _("Remove SECRET_KEY, then the program makes one; or set 50 random characters or more."),
        )  # fmt: skip
    else:
        yield Finding(Level.OK, "secret_key", _("The secret key is long and of this installation."))
    passphrase = str(settings.BACKUP_PASSPHRASE)
    if passphrase and len(passphrase) < SHORTEST_PASSPHRASE:
        yield Finding(
            Level.WARNING, "backup.passphrase", _("The passphrase of the backups is short: it could be guessed."),
            _("Take four random words or more; keep the old one for the backups that there are."),
        )  # fmt: skip


def time_zones(*, now: datetime) -> Iterator[Finding]:
    """Find out whether the data of time zones are whole: China had summer time until 1991, and birthdays know it."""
    del now
    summer = datetime(1988, 7, 1, 12, tzinfo=ZoneInfo("Asia/Shanghai")).utcoffset()
    winter = datetime(1988, 1, 1, 12, tzinfo=ZoneInfo("Asia/Shanghai")).utcoffset()
    if (summer, winter) == (timedelta(hours=9), timedelta(hours=8)):
        words = _("The data of the time zones are whole; the program works in %(zone)s.")
        yield Finding(Level.OK, "zones", words % {"zone": settings.TIME_ZONE})
    else:
        words = _("The data of the time zones are cut down: days of former years come out wrong.")
        yield Finding(Level.WARNING, "zones", words, _("Install the package tzdata of the system anew."))
