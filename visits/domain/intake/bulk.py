"""Writing many rows at once: COPY on PostgreSQL, one prepared INSERT on SQLite; and one intake at a time.

Values are what both databases take as they are: text (moments in ISO form, UTC), numbers, truth, None.
"""

import gc
import json as standard_json
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.db.models import Model

LOCK: Final = 0x68756966  # one intake at a time writes; readers and other writers are not held up
CHUNK: Final = {"postgresql": 5_000, "sqlite": 500}
encode = standard_json.JSONEncoder(ensure_ascii=False).encode
PAUSE: Final = {"postgresql": 0.0, "sqlite": 0.02}  # seconds in which others of SQLite's writers get their turn


@contextmanager
def without_collector() -> Iterator[None]:
    """Spare the search for cycles, which hundreds of thousands of short-lived rows set off and never have."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def chunk_size() -> int:
    """Return how many rows one transaction takes in: SQLite lets nobody else write meanwhile."""
    return CHUNK[connection.vendor]


def pause() -> None:
    """Let others write between two chunks."""
    time.sleep(PAUSE[connection.vendor])


def take_turns() -> None:
    """Wait until no other intake is inside its chunk; the transaction's end lets the next one in.

    Two imports of the same customers then find each other's rows, and cannot lock each other out. SQLite has one
    writer anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def reserve(model: type[Model], count: int) -> Sequence[int]:
    """Return `count` ids that no other row of the table will get. Inside of a transaction that writes."""
    if not count:
        return []
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()[0]
    return range(last + 1, last + 1 + count)


def insert(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write new rows; the names are of database columns."""
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # COPY goes past Django's cursor, which otherwise names the errors of both databases alike.
            with connection.wrap_database_errors, cursor.cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        places = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", list(rows))


def json(value: Any) -> str:
    """Return the value as the text of a JSON column."""
    return encode(value)


def moment(value: datetime | str | None) -> str | None:
    """Return a moment (aware, or ISO text in UTC) as the database of this installation spells it."""
    if value is None:
        return None
    text = value if isinstance(value, str) else value.isoformat()
    return text if connection.vendor == "postgresql" else text.replace("T", " ").removesuffix("+00:00")
