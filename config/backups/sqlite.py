"""The database of one file: copied whole while others write, and put back as a file.

The copy is made by SQLite's own backup in a single step: it reads one state, and under WAL nobody waits for it.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

from config.backups.faults import BackupFault

FILE: Final = "database/huifang.sqlite3"
BUSY_SECONDS: Final = 60.0


def copy_out(database: Path, *, folder: Path, take: Callable[[str, Path], None]) -> dict[str, int]:
    """Copy the database into `folder`, hand the copy to `take`, and return the rows of each table."""
    copy = folder / "copy.sqlite3"
    copy.unlink(missing_ok=True)
    with (
        closing(sqlite3.connect(database, timeout=BUSY_SECONDS)) as source,
        closing(sqlite3.connect(copy, isolation_level=None)) as target,
    ):
        source.execute("PRAGMA query_only=ON")
        target.execute("PRAGMA synchronous=OFF")
        source.backup(target, pages=-1)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        rows = _rows(target)
    copy.chmod(0o600)
    take(FILE, copy)
    copy.unlink()
    return rows


def prove(database: Path, *, rows: dict[str, int]) -> None:
    """Raise `BackupFault` unless the file is a sound database with exactly these rows in its tables."""
    try:
        with closing(sqlite3.connect(database, timeout=BUSY_SECONDS)) as opened:
            broken = [line for (line,) in opened.execute("PRAGMA integrity_check") if line != "ok"]
            strays = opened.execute("PRAGMA foreign_key_check").fetchmany(1)
            found = _rows(opened)
    except sqlite3.DatabaseError as problem:
        raise BackupFault("database_broken") from problem
    if broken or strays:
        raise BackupFault("database_broken")
    if found != rows:
        raise BackupFault("rows_differ", tables=", ".join(sorted(_different(found, rows))))


def _different(found: dict[str, int], rows: dict[str, int]) -> set[str]:
    return {table for table in found.keys() | rows.keys() if found.get(table) != rows.get(table)}


def _rows(opened: sqlite3.Connection) -> dict[str, int]:
    names = [name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    tables = [name for name in names if not name.startswith("sqlite_")]
    quoted = {name: '"' + name.replace('"', '""') + '"' for name in tables}
    return {name: opened.execute(f"SELECT count(*) FROM {quoted[name]}").fetchone()[0] for name in tables}  # noqa: S608  names of the catalogue, quoted
