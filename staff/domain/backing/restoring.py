"""Putting a backup back: unpacked and proven beside, made ready, and only then, by a few renames, in its place.

The renames are written down before the first of them. A process that dies in between leaves the journal, and the next
start, or `restore --finish`, carries on where it stopped: an installation is the old one or the restored one.
"""

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection, connections

from config.backups import places, postgres
from config.backups.faults import BackupFault
from config.commands import is_up_to_date
from config.uploads import MEGABYTE
from staff.domain.backing import contents, staging
from staff.models import Employee

LOGS = ("-wal", "-shm", "-journal")


@dataclass(frozen=True)
class Restored:
    """What came back: when the backup was made, its rows and files, and where what was there before lies now."""

    made_at: datetime
    rows: int
    files: int
    aside: str
    is_other_key: bool


def restore(backup: Path, *, now: datetime, replace: bool) -> Restored:
    """Put a backup back; `BackupFault` with a reason, and then nothing was changed.

    Into an empty installation only, unless `replace`: then what is there is set aside and stays on the disk. The caller
    makes sure that nothing else runs on the data folder.
    """
    refuse_unfinished()
    if not replace and not is_empty():
        raise BackupFault("not_empty")
    if connection.vendor == "postgresql":
        connections.close_all()
        if count := postgres.others(contents.server()):
            raise BackupFault("connected", count=count)
    _refuse_without_room(backup)
    stamp = f"{now:%Y%m%dT%H%M%SZ}"
    folder, schema = _beside(stamp), f"restoring_{stamp.lower()}"
    sweep()
    try:
        staged = staging.stage(backup, folder=folder, schema=schema, with_files=True)
        staging.examine(staged, now=now, settle=True)
    except BaseException:
        staging.take_away(folder, schema)
        raise
    plan = _plan(staged, stamp)
    connections.close_all()
    places.write_journal(settings.DATA_DIR, plan)
    finish()
    return Restored(
        datetime.fromisoformat(staged.manifest["made_at"]),
        sum(staged.manifest["rows"].values()),
        len(staged.manifest["files"]),
        plan["aside"],
        _is_other_key(),
    )


def sweep() -> None:
    """Take away what restores left that were killed before they had changed anything; a trial's copy is not touched."""
    for left in Path(settings.DATA_DIR).glob("restoring-2*"):
        shutil.rmtree(left, ignore_errors=True)
    if connection.vendor == "postgresql":
        postgres.drop_leftovers(contents.server(), "restoring_2")


def _is_other_key() -> bool:
    """Say whether the environment gives another key than the company had: what it sealed cannot be opened then."""
    given = os.environ.get("SECRET_KEY", "")
    return bool(given) and given != (Path(settings.DATA_DIR) / places.SECRET_KEY).read_text()


def _beside(stamp: str) -> Path:
    """Return a folder on the same disk as what it will replace: what is moved there is moved at once."""
    return Path(settings.DATA_DIR) / f"restoring-{stamp}"


def is_empty() -> bool:
    """Say whether nobody lives here yet: no tables, or no people in them."""
    try:
        return not Employee.objects.exists()
    except DatabaseError:
        return not is_up_to_date()


def refuse_unfinished() -> None:
    """Raise `BackupFault` while a restore waits to be finished."""
    if places.read_journal(settings.DATA_DIR):
        raise BackupFault("left_over")


def _refuse_without_room(backup: Path) -> None:
    wanted = int(staging.head_of(backup).get("bytes", 0)) + 64 * MEGABYTE
    free = shutil.disk_usage(settings.DATA_DIR).free
    if free < wanted:
        megabytes = {"wanted": wanted // MEGABYTE, "free": free // MEGABYTE}
        raise BackupFault("no_space", folder=settings.DATA_DIR, **megabytes)


def _plan(staged: staging.Staged, stamp: str) -> dict[str, Any]:
    """Return what changes places with what: (new, old, away) for each entry of the data folder, and the schema."""
    folder = Path(settings.DATA_DIR)
    aside = folder / f"replaced-{stamp}"
    database = contents.database_file()
    names = {entry.name for entry in places.kept(folder, database=database)}
    brought = {entry.name for entry in places.kept(staged.data, database=database)}
    moves = [_move(staged.data / name if name in brought else None, folder / name, aside) for name in names | brought]
    if database:
        moves += [_move(None, database.with_name(database.name + end), aside) for end in LOGS]
        moves.append(_move(staged.database, database, aside))
    living = postgres.current_schema(contents.server()) if staged.schema else ""
    return {
        "moves": moves, "staged": str(staged.folder), "aside": str(aside), "schema": staged.schema, "living": living,
        "schema_aside": f"replaced_{stamp.lower()}",
    }  # fmt: skip


def _move(new: Path | None, old: Path, aside: Path) -> tuple[str, str, str]:
    return (str(new) if new else "", str(old), str(aside / old.name))


def finish() -> bool:
    """Carry out the journal, from wherever it stopped; say whether there was one."""
    folder = Path(settings.DATA_DIR)
    plan = places.read_journal(folder)
    if plan is None:
        return False
    if plan["schema"]:
        postgres.swap(
            contents.server(), living=plan["living"], staged=plan["schema"], aside=plan["schema_aside"]
        )  # fmt: skip
    places.change_places([(new, old, away) for new, old, away in plan["moves"]])
    for stale in folder.glob("beat-schedule*"):  # its hour is that of the lost time; the database says what is due
        stale.unlink()
    places.end_journal(folder)
    shutil.rmtree(plan["staged"], ignore_errors=True)
    with suppress(Exception):  # the cache may be elsewhere and away; what it holds ends by itself
        cache.clear()
    return True
