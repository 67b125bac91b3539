"""The files of exports on the disk: under names of our own, for their owner alone, and how far each is written.

How far one is stands in a small file beside it, not in the database: while the rows are read in one transaction,
nobody else would see there what it writes.
"""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final
from uuid import uuid4

from django.conf import settings

from config.holding import held

NAME: Final = re.compile(r"[0-9a-f]{32}")
LOCKS: Final = 0x6578_0000_0000_0000  # the numbers of exports begin here


def folder() -> Path:
    """Return the folder of all files of exports."""
    place = Path(settings.EXPORT_DIR)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def new_name() -> str:
    """Return a name that says nothing of anybody."""
    return uuid4().hex


def path_of(name: str) -> Path:
    """Return where the file of that name lies; ValueError for a name that the program did not make."""
    if not NAME.fullmatch(name):
        raise ValueError("no name of an export")
    return folder() / name


def alone_with(export: int, name: str) -> AbstractContextManager[bool]:
    """Yield whether this process may write that export; False where another one writes it."""
    return held(LOCKS + export, file=_beside(name, "lock"))


def note(name: str, done: int, total: int) -> bool:
    """Write down how many rows of how many are written; False where somebody has taken the note away: to stop it."""
    place = _beside(name, "rows")
    if done and not place.exists():
        return False
    place.write_text(f"{done} {total}")
    return True


def noted(name: str) -> tuple[int, int]:
    """Return how many rows of how many are written; 0 of 0 where nothing was noted yet."""
    try:
        done, total = _beside(name, "rows").read_text().split()
    except (OSError, ValueError):
        return 0, 0
    return int(done), int(total)


def tidy(name: str) -> None:
    """Take away what lies beside the file."""
    for what in ("rows", "lock"):
        _beside(name, what).unlink(missing_ok=True)


def drop(name: str) -> None:
    """Take the file away; one that is gone already, or never was, is fine."""
    if name:
        path_of(name).unlink(missing_ok=True)
        tidy(name)


def stored() -> Iterator[tuple[str, Path]]:
    """Yield every file on the shelf with the name of its export, what lies beside it and half-written ones included."""
    for path in folder().iterdir():
        name = path.name.removeprefix(".").partition(".")[0]
        if NAME.fullmatch(name):
            yield name, path


def _beside(name: str, what: str) -> Path:
    path = path_of(name)
    return path.with_name(f".{path.name}.{what}")
