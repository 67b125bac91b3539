"""One process at a time does a thing; what it holds is let go by its death, so nothing waits for a clock."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection


@contextmanager
def held(number: int, *, file: Path) -> Iterator[bool]:
    """Yield whether this process may do it; False where another one is at it.

    `number` names the thing on PostgreSQL, for as many machines as share the database; `file` locks it on SQLite, which
    serves one machine only.
    """
    with _on_postgresql(number) if connection.vendor == "postgresql" else _on_sqlite(file) as mine:
        yield mine


@contextmanager
def _on_postgresql(number: int) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine and connection.connection is not None:  # a session that is gone has let go by itself
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


@contextmanager
def _on_sqlite(path: Path) -> Iterator[bool]:
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
