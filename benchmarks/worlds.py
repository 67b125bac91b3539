"""Worlds of several sizes on one server, each in a database of its own, made once and kept while the server runs.

``python -m benchmarks.make_world`` makes one of them by itself.
"""

import time

import psycopg
from django.core.management import call_command
from django.db import connection

from benchmarks import whole
from staff.domain.company import forget_company
from visits.domain.planning import rulebook
from visits.models import VisitTask


def use(tasks: int) -> None:
    """Let this process speak to the world of that size, and make it first where the server has none."""
    name = f"world_{tasks}"
    if connection.settings_dict["NAME"] != name:
        connection.close()
        with psycopg.connect(
            **connection.get_connection_params() | {"cursor_factory": None}, autocommit=True
        ) as server:
            known = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
            if not known:
                server.execute(f"CREATE DATABASE {name}")
        connection.settings_dict["NAME"] = name
    forget()
    prepare(tasks)


def prepare(tasks: int) -> None:
    """Bring the database up to date and fill it where it is empty."""

    call_command("migrate", verbosity=0)
    if VisitTask.objects.exists():
        return
    began = time.monotonic()
    whole.make(tasks)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        size = cursor.fetchone()[0] / 1e9
    print(f"a world of {tasks:,} tasks: {time.monotonic() - began:.0f} s, {size:.1f} GB", flush=True)


def forget() -> None:
    """Let nothing be remembered of another database."""
    forget_company()
    rulebook._active_rules.cache_clear()
