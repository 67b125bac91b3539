"""Emptying a database: every row of every app, with the counters of their ids. For demo companies alone.

Tables that are appended only refuse what no code should try. To begin anew their triggers stand aside for one
transaction, in which nothing else can write; where it fails, rows and triggers are as they were.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.core.cache import cache
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

KEPT: Final = frozenset({"django_migrations", "django_content_type", "auth_permission"})


def empty_database() -> int:
    """Delete everything that was ever written, and forget what is cached; return how many tables were emptied."""
    tables = sorted(set(connection.introspection.django_table_names(only_existing=True)) - KEPT)
    named = [connection.ops.quote_name(table) for table in tables]
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing may wait to be checked in what is emptied
            cursor.execute(f"TRUNCATE {', '.join(named)} RESTART IDENTITY")
        else:
            _delete_all(cursor, named)
    cache.clear()
    return len(tables)


def _delete_all(cursor: CursorWrapper, tables: list[str]) -> None:
    with triggers_aside(cursor):
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608  names of the program's own tables
        cursor.execute("DELETE FROM sqlite_sequence")


@contextmanager
def triggers_aside(cursor: CursorWrapper) -> Iterator[None]:
    """Take all triggers of an SQLite database away and put them back as they were; in the caller's transaction."""
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
    triggers = cursor.fetchall()
    for name, _sql in triggers:
        cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
    yield
    for _name, sql in triggers:
        cursor.execute(sql)
