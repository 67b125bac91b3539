"""The files of imports on the disk: kept under names of our own for their owner alone, until their time is over."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from uuid import uuid4

from django.conf import settings

NAME: Final = re.compile(r"[0-9a-f]{32}")
FILE_MODE: Final = 0o600


def folder() -> Path:
    """Return the folder of all files of imports."""
    place = Path(settings.IMPORT_DIR)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def path_of(name: str) -> Path:
    """Return where the file of that name lies; ValueError for a name that the program did not make."""
    if not NAME.fullmatch(name):
        raise ValueError("no name of an import")
    return folder() / name


def keep(source: Path) -> str:
    """Copy a file to the shelf and return its name there; OSError where there is no room, and nothing is left over."""
    name = uuid4().hex
    beside = folder() / f".{name}"
    try:
        os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE))
        shutil.copyfile(source, beside)
        with beside.open("rb") as file:
            os.fsync(file.fileno())
        beside.rename(path_of(name))
    finally:
        beside.unlink(missing_ok=True)
    return name


def drop(name: str) -> None:
    """Take the file away; one that is gone already, or never was, is fine."""
    if name:
        path_of(name).unlink(missing_ok=True)


def stored() -> Iterator[Path]:
    """Yield every file on the shelf, half-written ones included."""
    yield from (path for path in folder().iterdir() if NAME.fullmatch(path.name.removeprefix(".")))
