"""A backup unpacked beside the living installation, proven and examined there, before anything relies on it."""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from config.backups import places, postgres, sqlite
from config.backups.faults import BackupFault
from config.backups.parcel import unpack
from config.backups.sealing import read_head
from config.version import version
from staff.domain.backing import contents

TRIAL: Final = "restoring_trial"
EXAMINING_SECONDS: Final = 3600
PLAN: Final = "plan.json"


@dataclass(frozen=True)
class Staged:
    """A restored copy: the folder with its files, its database (a file, or a schema), and the manifest."""

    folder: Path
    manifest: dict[str, Any]
    database: Path | None = None
    schema: str = ""

    @property
    def data(self) -> Path:
        """Return what will be, or would be, the data folder."""
        return self.folder / "data"


def stage(backup: Path, *, folder: Path, schema: str, with_files: bool) -> Staged:
    """Unpack and prove a backup in a new folder, on PostgreSQL in a new schema; `BackupFault` where it is not whole.

    Without `with_files` the company's files are read and compared but not written. Two things are proven: that each
    byte is what was backed up, and that the database built from it has exactly those rows.
    """
    head = head_of(backup)
    if head["engine"] != connection.vendor:
        raise BackupFault("other_engine", theirs=head["engine"], ours=connection.vendor)
    places_wanted = (places.DATA, "database/") if with_files else ("database/",)
    (folder / "data").mkdir(mode=0o700, parents=True)

    def place(name: str) -> Path | None:
        return folder / name if name.startswith(places_wanted) else None

    with backup.open("rb") as source:
        manifest = unpack(source, passphrase=contents.passphrase(), place=place)
    _refuse_newer(manifest)
    if connection.vendor == "sqlite":
        database = folder / sqlite.FILE
        sqlite.prove(database, rows=manifest["rows"])
        return Staged(folder, manifest, database=database)
    postgres.put_in(contents.server(), schema=schema, folder=folder)
    postgres.prove(contents.server(), schema=schema, folder=folder, files=manifest["files"], rows=manifest["rows"])
    return Staged(folder, manifest, schema=schema)


def head_of(backup: Path) -> dict[str, Any]:
    """Return the facts in clear of a backup; `BackupFault` where the file is none."""
    with backup.open("rb") as source:
        return read_head(source)[0]


def _refuse_newer(manifest: dict[str, Any]) -> None:
    known = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
    if not {(app, name) for app, name in manifest["migrations"]} <= known:
        raise BackupFault("newer", version=manifest["version"] or version())


def examine(staged: Staged, *, now: datetime, settle: bool) -> None:
    """Let a process of its own bring the copy up to date and judge it; `BackupFault` for the first thing that is wrong.

    With `settle`, it also does in the copy what a restored company needs before anybody signs in.
    """
    plan = staged.folder / PLAN
    evidence = {Path(name).name: facts["sha256"] for name, facts in staged.manifest["files"].items()}
    told = {
        "made_at": staged.manifest["made_at"], "now": now.isoformat(), "settle": settle,
        "file": staged.manifest["file"],
        "files": evidence, "releases": staged.manifest["releases"],
    }  # fmt: skip
    plan.write_text(json.dumps(told), encoding="utf-8")
    environment = contents.environment(folder=staged.data, database=staged.database, schema=staged.schema)
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "judge_restored", str(plan)]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, errors="replace", check=False,
        timeout=EXAMINING_SECONDS, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    answer = done.stdout.strip().rpartition("\n")[2]
    if done.returncode or not answer:
        raise BackupFault("judge_failed", reason=done.stderr.strip().rpartition("\n")[2] or done.returncode)
    for code, details in json.loads(answer):
        raise BackupFault(code, **details)


def take_away(folder: Path, schema: str) -> None:
    """Remove a copy that is not needed any more."""
    if schema and connection.vendor == "postgresql":
        postgres.drop(contents.server(), schema)
    shutil.rmtree(folder, ignore_errors=True)


def restore_on_trial(backup: Path, *, now: datetime) -> dict[str, Any]:
    """Restore a backup beside the living installation, examine it, take it away, and return its manifest."""
    folder = settings.DATA_DIR / "restoring-trial"
    take_away(folder, TRIAL)  # what a trial left behind whose process was killed
    try:
        staged = stage(backup, folder=folder, schema=TRIAL, with_files=False)
        examine(staged, now=now, settle=False)
    finally:
        take_away(folder, TRIAL)
    return staged.manifest
