"""One process at a time carries imports on; what it holds is let go by its death, so nothing waits for a clock."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection

from visits.domain.intake.shelf import folder

LOCK: Final = 0x68756967
FILE: Final = "lock"


@contextmanager
def alone() -> Iterator[bool]:
    """Yield whether this process may carry imports on; False where another one is at it."""
    with _on_postgresql() if connection.vendor == "postgresql" else _on_sqlite() as mine:
        yield mine


@contextmanager
def _on_postgresql() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine and connection.connection is not None:  # a session that is gone has let go by itself
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


@contextmanager
def _on_sqlite() -> Iterator[bool]:
    """Lock a file beside the imports: such a database serves one machine only."""
    with (folder() / FILE).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
