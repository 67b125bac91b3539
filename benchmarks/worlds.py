"""Worlds of several sizes on one server, each in a database of its own, made once and kept while the server runs.

``python -m benchmarks.worlds --tasks 10000000 --server postgres://…/postgres`` makes the one of that size on a server
that stays, for looking at plans, for profiling, or for ``python -m benchmarks … --server``.
"""

import argparse
import os
import time
from urllib.parse import urlsplit

import psycopg

# What docs/scale.md recommends for a machine of two cores on which others work too.
SETTINGS = (
    "shared_buffers=1GB", "effective_cache_size=6GB", "work_mem=16MB", "maintenance_work_mem=256MB",
    "random_page_cost=1.1", "jit=off", "max_wal_size=4GB", "checkpoint_timeout=15min", "autovacuum=off",
)  # fmt: skip


def use(tasks: int) -> None:
    """Let this process speak to the world of that size, and make it first where the server has none."""
    from django.db import connection  # noqa: PLC0415  the command below sets the environment up first

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
    from django.core.management import call_command  # noqa: PLC0415  it needs the settings
    from django.db import connection  # noqa: PLC0415  it needs the settings

    from benchmarks import whole  # noqa: PLC0415  it needs the settings
    from visits.models import VisitTask  # noqa: PLC0415  it needs the settings

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
    from staff.domain.company import forget_company  # noqa: PLC0415  it needs the settings
    from visits.domain.planning import rulebook  # noqa: PLC0415  it needs the settings

    forget_company()
    rulebook._active_rules.cache_clear()


def main() -> None:
    """Make one world on the server that is named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.worlds", description=__doc__)
    parser.add_argument("--tasks", type=int, default=1_000_000)
    parser.add_argument(
        "--server", required=True, help="postgres://user@host/database, of somebody who may make others"
    )
    chosen = parser.parse_args()
    from benchmarks.__main__ import MOMENT  # noqa: PLC0415  it needs the settings

    os.environ.update(
        DATABASE_URL=chosen.server, APP_MODE="test", REDIS_URL="", APP_CLOCK=MOMENT, ALLOWED_HOSTS="testserver",
        DJANGO_SETTINGS_MODULE="config.settings",
    )  # fmt: skip
    os.environ.setdefault("DATA_DIR", f"/tmp/huifang-worlds-{urlsplit(chosen.server).path.strip('/') or 'db'}")
    import django  # noqa: PLC0415  it needs the settings

    django.setup()
    use(chosen.tasks)


if __name__ == "__main__":
    main()
