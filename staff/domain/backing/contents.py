"""What goes into a backup: the database as of one moment, the files of the company, its key, its regulations' texts."""

import os
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from config.backups import places, postgres, sqlite
from config.backups.parcel import Packer
from config.backups.sealing import passphrase_of
from config.version import version
from staff.models import Release

# What psycopg itself does not take of Django's parameters.
DJANGOS_OWN = ("context", "cursor_factory", "prepare_threshold", "isolation_level", "pool", "server_side_binding")


def passphrase() -> str:
    """Return the passphrase of this installation, empty where it has none."""
    return passphrase_of(settings.BACKUP_PASSPHRASE, settings.BACKUP_PASSPHRASE_FILE)


def server() -> dict[str, Any]:
    """Return how psycopg reaches the PostgreSQL of this installation."""
    found = connection.get_connection_params()
    return {name: value for name, value in found.items() if name not in DJANGOS_OWN}


def database_file() -> Path | None:
    """Return the file of the SQLite database; None on PostgreSQL."""
    return Path(connection.settings_dict["NAME"]).resolve() if connection.vendor == "sqlite" else None


def size_of_all() -> int:
    """Return about how many bytes database and files take."""
    files = places.files_in(places.kept(settings.DATA_DIR, database=database_file()))
    return size_of_database() + sum(path.stat().st_size for path in files)


def size_of_database() -> int:
    """Return about how many bytes the database takes."""
    if file := database_file():
        return file.stat().st_size
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def pack(target: BinaryIO, *, file: str, scratch: Path, now: datetime) -> None:
    """Write a whole backup into `target`, in pieces; `scratch` is a folder for one table or one database at a time."""
    facts = {"file": file, "version": version(), "made_at": now.isoformat(), "engine": connection.vendor}
    packer = Packer(target, passphrase=passphrase(), facts={**facts, "bytes": size_of_all()})
    releases = list(Release.objects.select_related("policy").order_by("pk"))
    migrations = sorted(MigrationRecorder(connection).applied_migrations())
    if database := database_file():
        rows = sqlite.copy_out(database, folder=scratch, take=packer.add)
    else:
        rows = postgres.copy_out(server(), folder=scratch, take=packer.add)
    for release in releases:
        packer.add_text(f"policies/{release.policy.slug}-{release.number}.toml", release.content)
    _pack_files(packer)
    manifest = {
        **facts,
        "rows": rows,
        "migrations": migrations,
        "releases": {f"{release.policy.slug} {release.number}": release.sha256 for release in releases},
    }
    packer.finish(manifest)


def _pack_files(packer: Packer) -> None:
    """Put the files in, after the database: what came later is no harm, and what goes meanwhile nobody misses."""
    folder = settings.DATA_DIR
    for path in places.files_in(places.kept(folder, database=database_file())):
        if path.name != places.SECRET_KEY or path.parent != folder:
            try:
                packer.add(places.DATA + path.relative_to(folder).as_posix(), path)
            except FileNotFoundError:
                continue
    packer.add_text(places.DATA + places.SECRET_KEY, settings.SECRET_KEY)


def environment(*, folder: Path, database: Path | None, schema: str) -> dict[str, str]:
    """Return the environment of a process that is to see the restored copy and nothing of the living installation."""
    kept = {name: value for name, value in os.environ.items() if name not in ("REDIS_URL", "SECRET_KEY")}
    copy = {"DATA_DIR": str(folder), "BACKUP_NIGHTLY": "off", "DJANGO_SETTINGS_MODULE": "config.settings"}
    if database:
        return {**kept, **copy, "DATABASE_URL": f"sqlite:///{database}"}
    return {**kept, **copy, "DATABASE_URL": _address(connection.settings_dict["NAME"]), "DATABASE_SCHEMA": schema}


def _address(name: str) -> str:
    """Return the address of the environment with this name of a database in it."""
    address, mark, words = os.environ["DATABASE_URL"].partition("?")
    return f"{address.rpartition('/')[0]}/{name}{mark}{words}"
