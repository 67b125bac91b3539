"""Which files of the data folder belong to the company, and how a restored set takes their place.

All that lies there is kept but what is named here: what the program makes anew by itself, and the database, which is
copied by its own means. So a folder that a later version adds is in the backup without anybody thinking of it.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

NOT_KEPT: Final = frozenset({
    "static", "queue", "tmp", "uploads", "backups", "heartbeat", "up.lock", "restore.json", "clock.json", "samples",
})  # fmt: skip
NOT_KEPT_BEGINNINGS: Final = ("beat-schedule", "restoring-", "replaced-", ".")
DATABASE_BEGINNING: Final = "huifang.sqlite3"
SECRET_KEY: Final = "secret_key"  # noqa: S105  the name of the file
DATA: Final = "data/"
JOURNAL: Final = "restore.json"


def kept(folder: Path, *, database: Path | None) -> list[Path]:
    """Return the entries of the data folder that belong in a backup, `database` (of one file) and its logs aside."""
    beginning = database.name if database else DATABASE_BEGINNING
    return sorted(
        entry
        for entry in folder.iterdir()
        if entry.name not in NOT_KEPT and not entry.name.startswith((*NOT_KEPT_BEGINNINGS, beginning))
    )


def files_in(entries: list[Path]) -> Iterator[Path]:
    """Yield every plain file of these entries; links and half-written uploads are not the company's."""
    for entry in entries:
        found = sorted(entry.rglob("*")) if entry.is_dir() else [entry]
        yield from (path for path in found if path.is_file() and not path.is_symlink() and "incoming" not in path.parts)


def make_safe(path: Path) -> None:
    """Have the disk write a file, or the names in a folder, before anything relies on it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_journal(folder: Path, plan: dict[str, Any]) -> None:
    """Write down what is going to change places, so that a process that dies in between is taken up by the next."""
    beside = folder / f".{JOURNAL}"
    beside.write_text(json.dumps(plan), encoding="utf-8")
    make_safe(beside)
    beside.replace(folder / JOURNAL)
    make_safe(folder)


def read_journal(folder: Path) -> dict[str, Any] | None:
    """Return the plan of a restore that has begun to change places and was not finished."""
    try:
        plan: dict[str, Any] = json.loads((folder / JOURNAL).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return plan


def change_places(moves: list[tuple[str, str, str]]) -> None:
    """For each (new, old, away): move the old entry away and the new one in its place; "" as new: only away.

    Repeating it finishes what was begun: a new entry that is gone was moved already.
    """
    for new, old, away in moves:
        if new and not Path(new).exists():
            continue
        Path(away).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if Path(old).exists() and not Path(away).exists():
            Path(old).rename(away)
        if new:
            Path(new).rename(old)
    for folder in {Path(path).parent for move in moves for path in move if path}:
        if folder.is_dir():
            make_safe(folder)


def end_journal(folder: Path) -> None:
    """Forget the plan: it is carried out."""
    (folder / JOURNAL).unlink(missing_ok=True)
    make_safe(folder)
