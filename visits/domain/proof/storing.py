"""The files of evidence on the disk: written beside, made safe, renamed; names are the program's own (RELIABILITY F55).

A file is whole under its name or it is not there. What a crash leaves over lies in ``incoming`` or has no row, and the
nightly purge takes it away.
"""

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

from django.conf import settings

from config.media.examining import examine
from config.media.findings import Finding

NAME: Final = re.compile(r"[0-9a-f]{32}\.[a-z0-9]{2,4}")
INCOMING: Final = "incoming"
FOLDER_MODE: Final = 0o700
FILE_MODE: Final = 0o600
PIECE: Final = 1024 * 1024
Examiner = Callable[[Path, Path], Finding]


@dataclass(frozen=True)
class Kept:
    """A clean copy that lies under its name: what it is, its hash, its bytes."""

    file: str
    finding: Finding
    sha256: str
    size: int


def folder() -> Path:
    """Return the folder of all evidence."""
    return Path(settings.EVIDENCE_DIR)


def path_of(file: str) -> Path:
    """Return where the file of that name lies; ValueError for a name that the program did not make."""
    if not NAME.fullmatch(file):
        raise ValueError("no name of evidence")
    return folder() / file[:2] / file


def keep(source: Path, opener: Examiner | None = None) -> Kept:
    """Examine the file and keep a clean copy of it; raises `Refused` and `OSError`, and then nothing is left over."""
    name = uuid4().hex
    beside = _made(folder() / INCOMING) / name
    try:
        os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE))
        finding = (opener or examine)(source, beside)
        _make_safe(beside)
        kept = Kept(f"{name}.{finding.suffix}", finding, hash_of(beside), beside.stat().st_size)
        target = path_of(kept.file)
        _made(target.parent)
        beside.rename(target)
        _make_safe(target.parent)
    finally:
        beside.unlink(missing_ok=True)
    return kept


def drop(file: str) -> None:
    """Take the file away; one that is gone already is fine."""
    path_of(file).unlink(missing_ok=True)


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file, read piece by piece."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def stored() -> Iterator[Path]:
    """Yield every file that lies under a name of evidence."""
    for shelf in sorted(folder().glob("[0-9a-f][0-9a-f]")):
        yield from (path for path in shelf.iterdir() if NAME.fullmatch(path.name))


def half_written() -> Iterator[Path]:
    """Yield what lies beside: uploads and copies that are being written, or were when the program died."""
    for place in (folder() / INCOMING, Path(settings.FILE_UPLOAD_TEMP_DIR)):
        if place.is_dir():
            yield from (path for path in place.iterdir() if path.is_file())


def _made(place: Path) -> Path:
    for each in (folder(), place):  # with `parents`, only the last one would be made for the program alone
        each.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    return place


def _make_safe(path: Path) -> None:
    """Have the disk write a file, or the names in a folder, before anything relies on it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
