"""The database of a server: its rows as PostgreSQL's own COPY writes them, in one snapshot, beside its shape.

Nothing but the connection is needed: no tool that must be as new as the server, and no right but to make a schema in
one's own database. What is put back is built in a schema beside the living one and changes places with it at the end.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

from config.backups.catalogue import Shape, describe
from config.backups.faults import BackupFault

SHAPE: Final = "database/shape.json"
# How values are spelled must not depend on the server's or the account's settings, nor rows on where a scan begins.
SPELLING: Final = (
    "SET TimeZone = 'UTC'", "SET DateStyle = 'ISO, YMD'", "SET IntervalStyle = 'postgres'",
    "SET extra_float_digits = 1", "SET bytea_output = 'hex'", "SET synchronize_seqscans = off",
    "SET statement_timeout = 0", "SET idle_in_transaction_session_timeout = 0", "SET client_encoding = 'UTF8'",
)  # fmt: skip
OTHERS: Final = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND backend_type = 'client backend'"""


@contextmanager
def opened(params: dict[str, Any], *, schema: str = "") -> Iterator[psycopg.Connection]:
    """Open a connection of our own (`params` as psycopg takes them), in `schema` where one is named."""
    with psycopg.connect(**params) as connection:
        for statement in SPELLING:
            connection.execute(statement)
        if schema:
            connection.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(schema)))
        connection.commit()
        yield connection


def file_of(table: str) -> str:
    """Return the name under which the rows of a table lie in a backup."""
    return f"database/{table}.copy"


def copy_out(params: dict[str, Any], *, folder: Path, take: Callable[[str, Path], None]) -> dict[str, int]:
    """Hand shape and rows of the current schema, as of one moment, file by file to `take`; return rows by table."""
    rows = {}
    with opened(params) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        shape = describe(connection)
        beside = folder / "beside"
        beside.write_text(json.dumps(shape.to_data(), ensure_ascii=False), encoding="utf-8")
        take(SHAPE, beside)
        for table in shape.tables:
            with beside.open("wb") as file:
                rows[table] = _copy_table(connection, table, file.write)
            take(file_of(table), beside)
        beside.unlink()
    return rows


def _copy_table(connection: psycopg.Connection, table: str, write: Callable[[bytes], Any]) -> int:
    cursor = connection.cursor()
    with cursor.copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copy:
        for piece in copy:
            write(bytes(piece))
    return cursor.rowcount


def put_in(params: dict[str, Any], *, schema: str, folder: Path) -> None:
    """Build the database that lies unpacked in `folder` in a new schema, all of it or nothing."""
    shape = _read_shape(folder)
    try:
        with opened(params) as connection:
            connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
            connection.execute(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(schema)))
            _build(connection, shape, folder)
    except psycopg.errors.InsufficientPrivilege as problem:
        raise BackupFault("no_schema_right") from problem
    except psycopg.DataError as problem:
        raise BackupFault("database_broken") from problem
    except psycopg.IntegrityError as problem:
        raise BackupFault("database_broken") from problem
    with opened(params, schema=schema) as connection:
        connection.execute("ANALYZE")


def _read_shape(folder: Path) -> Shape:
    return Shape(**json.loads((folder / SHAPE).read_text(encoding="utf-8")))


def _build(connection: psycopg.Connection, shape: Shape, folder: Path) -> None:
    for statement in (*shape.tables.values(), *shape.before):
        connection.execute(statement)
    for table in shape.tables:
        _fill(connection, table, folder / file_of(table))
    for statement in shape.after:
        connection.execute(statement)
    for table, column, last, is_called in shape.numbers:
        name = sql.Identifier(table).as_string(connection)
        connection.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)", [name, column, last, is_called])


def _fill(connection: psycopg.Connection, table: str, file: Path) -> None:
    with (
        file.open("rb") as source,
        connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy,
    ):
        while piece := source.read(1024 * 1024):
            copy.write(piece)


def prove(params: dict[str, Any], *, schema: str, folder: Path, files: dict[str, Any], rows: dict[str, int]) -> None:
    """Raise `BackupFault` unless the schema has the shape, the rows and every byte of what lies in `folder`."""
    wanted = _read_shape(folder)
    different = []
    with opened(params, schema=schema) as connection:
        if not wanted.is_like(describe(connection)):
            raise BackupFault("shape_differs")
        for table in wanted.tables:
            digest = hashlib.sha256()
            count = _copy_table(connection, table, digest.update)
            if count != rows[table] or digest.hexdigest() != files[file_of(table)]["sha256"]:
                different.append(table)
    if different:
        raise BackupFault("rows_differ", tables=", ".join(different))


def current_schema(params: dict[str, Any]) -> str:
    """Return the schema in which the program lives."""
    with opened(params) as connection:
        row = connection.execute("SELECT current_schema()").fetchone()
    return row[0] if row and row[0] else "public"


def others(params: dict[str, Any]) -> int:
    """Return how many other sessions are connected to the database."""
    with opened(params) as connection:
        row = connection.execute(OTHERS).fetchone()
    return row[0] if row else 0


def drop(params: dict[str, Any], schema: str) -> None:
    """Take a schema with all that is in it away, if it is there."""
    with opened(params) as connection:
        connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))


def drop_leftovers(params: dict[str, Any], prefix: str) -> None:
    """Take the schemas away that a trial left behind when its process was killed."""
    with opened(params) as connection:
        found = connection.execute("SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %s)", [prefix])
        names = [name for (name,) in found.fetchall()]
    for name in names:
        drop(params, name)


def swap(params: dict[str, Any], *, living: str, staged: str, aside: str) -> None:
    """Put the staged schema in the place of the living one, which stays as `aside`; done already, do nothing."""
    with opened(params) as connection:
        there = connection.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", [staged]).fetchone()
        if not there or not there[0]:
            return
        rename = sql.SQL("ALTER SCHEMA {} RENAME TO {}")
        connection.execute(rename.format(sql.Identifier(living), sql.Identifier(aside)))
        connection.execute(rename.format(sql.Identifier(staged), sql.Identifier(living)))
