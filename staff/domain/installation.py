"""What there is of this installation: versions, the database, folders and their sizes, and the work that waits."""

import os
import platform
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final

import django
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from config import wiring
from config.version import version

MOST_FILES: Final = 50_000  # a folder with more is told as "at least"


@dataclass(frozen=True)
class Backlog:
    """Work that waits for the scheduler: what it is (a code and its title), how many rows, since when the oldest."""

    what: str
    title: str
    count: int = 0
    since: datetime | None = None

    def lag(self, *, now: datetime) -> timedelta:
        """Return how long the oldest row has waited."""
        return max(now - self.since, timedelta()) if self.since else timedelta()


@dataclass(frozen=True)
class Folder:
    """A folder of the installation, the bytes in it; `is_whole` unless it holds too many files to count them all."""

    name: str
    size: int
    is_whole: bool = True


@dataclass(frozen=True)
class Disk:
    """The disk of the data folder, in bytes."""

    total: int
    free: int

    @property
    def share(self) -> float:
        """Return which part of it is free, 0 to 1."""
        return self.free / self.total


def backlogs(*, now: datetime) -> list[Backlog]:
    """Return all work that waits, as the apps tell it."""
    return [backlog for path in wiring.BACKLOGS for backlog in import_string(path)(now=now)]


def disk() -> Disk:
    """Return how full the disk is that holds everything the program writes."""
    total, _used, free = shutil.disk_usage(settings.DATA_DIR)
    return Disk(total, free)


def database_size() -> int:
    """Return how many bytes the database takes, its log of changes included."""
    if connection.vendor == "sqlite":
        file = Path(str(connection.settings_dict["NAME"]))
        return sum(part.stat().st_size for part in (file, Path(f"{file}-wal")) if part.exists())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def folders() -> list[Folder]:
    """Return the folders of the installation that grow with its use."""
    named = (
        (_("Proof (recordings and pictures)"), settings.EVIDENCE_DIR),
        (_("Files handed in"), settings.FILE_UPLOAD_TEMP_DIR),
        (_("Queue"), settings.QUEUE_DIR),
    )
    return [_measured(name, Path(path)) for name, path in named]


def _measured(name: str, folder: Path) -> Folder:
    found = list(islice(_files(folder), MOST_FILES))
    return Folder(name, sum(map(_size, found)), is_whole=len(found) < MOST_FILES)


def _size(entry: os.DirEntry[str]) -> int:
    """Return the bytes of a file; none of one that is gone by now."""
    try:
        return entry.stat(follow_symlinks=False).st_size
    except OSError:
        return 0


def _files(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Yield the files below a folder; what goes away meanwhile, or is not there, is passed over."""
    try:
        with os.scandir(folder) as entries:
            found: Iterable[os.DirEntry[str]] = list(entries)
    except OSError:
        return
    for entry in found:
        if entry.is_dir(follow_symlinks=False):
            yield from _files(Path(entry.path))
        elif entry.is_file(follow_symlinks=False):
            yield entry


def signed_in(*, now: datetime) -> int:
    """Return how many sign-ins have not ended."""
    return Session.objects.filter(expire_date__gt=now).count()


def about() -> list[tuple[str, str]]:
    """Return what the program runs on, named and in words; no address and no password."""
    return [
        (_("Version"), version()),
        (_("Mode"), settings.APP_MODE),
        (_("Database"), _database()),
        (_("Queue and cache"), "Redis" if settings.REDIS_URL else _("folder and table")),
        ("Python", platform.python_version()),
        ("Django", django.get_version()),
        (_("Time zone"), settings.TIME_ZONE),
    ]


def _database() -> str:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT sqlite_version()")
            return f"SQLite {cursor.fetchone()[0]}"
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0].split()[0]}"
