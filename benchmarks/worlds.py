"""Worlds of several sizes on one server, each in a database of its own, made once and kept while the server runs.

They are as a company's database is on any morning: the facts of all days are counted, the months that are over closed.

``python -m benchmarks.make_world`` makes one of them by itself.
"""

import time

import psycopg
from django.core.management import call_command
from django.db import connection

from benchmarks import whole
from benchmarks.world import NOW, TODAY, settle_statistics
from reports.domain.facts.closing import FOLLOWED, freeze_month
from reports.domain.facts.rolling import rebuild
from staff.domain.company import forget_company
from staff.domain.periods import period_of
from staff.models import MonthClose
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
    made = time.monotonic() - began
    rebuild(now=NOW)
    close_months()
    settle_statistics()  # of the facts as well: the engine took their tables for empty ones
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        size = cursor.fetchone()[0] / 1e9
    kept = time.monotonic() - began - made
    print(f"a world of {tasks:,} tasks: {made:.0f} s, its facts {kept:.0f} s, {size:.1f} GB", flush=True)


def close_months() -> None:
    """Freeze the figures of the last thirteen months, the earliest first, as their closing does."""
    months = [period_of("month", TODAY).before()]
    while len(months) < FOLLOWED:
        months.append(months[-1].before())
    for month in reversed(months):
        freeze_month(period=month.key, now=NOW)
        MonthClose.objects.create(period=month.key, closed_at=NOW, entries=0, sha256="0" * 64)


def forget() -> None:
    """Let nothing be remembered of another database."""
    forget_company()
    rulebook._active_rules.cache_clear()
