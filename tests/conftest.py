"""What every test may ask for."""

import gc
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connections
from django.db.backends.postgresql.base import DatabaseOperations as PostgresOperations
from django.db.backends.postgresql.creation import DatabaseCreation as PostgresCreation
from django.db.backends.sqlite3.base import DatabaseOperations
from django.utils.translation import override
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from whitenoise.middleware import WhiteNoiseMiddleware

from staff.domain.company import forget_company
from tests.ready import copy_ready
from visits.domain.planning import rulebook

# How long an example takes says more of the machine's other work than of the program.
hypothesis_settings.register_profile("huifang", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("huifang")

DATABASE = {"db", "transactional_db"}


def pytest_addoption(parser):
    parser.addoption("--database-only", action="store_true", help="leave out what no database can change")


def pytest_collection_modifyitems(config, items):
    """With `--database-only`, leave out tests that use no database, and those marked `any_database`."""
    if not config.getoption("--database-only"):
        return
    kept = [item for item in items if depends_on_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def pytest_collection_finish():
    """Let the collector of garbage pass over what stays until the end anyway: modules, models, the tests themselves."""
    gc.collect()
    gc.freeze()


def depends_on_database(item) -> bool:
    """Say whether the answer of a test may differ between databases; processes of its own may bring their own."""
    if item.get_closest_marker("any_database"):
        return False
    marked = item.get_closest_marker("django_db") or item.get_closest_marker("process")
    return bool(marked or DATABASE.intersection(item.fixturenames))


@pytest.fixture(scope="session")
def django_db_keepdb(request, django_db_modify_db_settings) -> bool:
    """Let the database of this process on SQLite begin as a copy of one that was migrated once; see `tests.ready`."""
    chosen = connections.databases["default"]
    if not chosen["ENGINE"].endswith("sqlite3") or request.config.getvalue("create_db"):
        return bool(request.config.getvalue("reuse_db"))
    copy_ready(Path(chosen["TEST"]["NAME"]))
    return True


@pytest.fixture
def clock_at(settings) -> Callable[[str | datetime], None]:
    """Return a function that stops the program's clock at a moment with its offset ("2026-03-02T09:00+08:00")."""

    def stop(moment: str | datetime) -> None:
        settings.APP_CLOCK = moment.isoformat() if isinstance(moment, datetime) else moment

    return stop


@pytest.fixture(autouse=True, scope="session")
def _static_files_are_looked_for_once():
    """Let every client of a test share what the first one found: each has a handler of its own that would look anew."""
    look, found = WhiteNoiseMiddleware.add_files_from_finders, {}

    def remember(self):
        files = found.setdefault((self.static_prefix, self.max_age), {})
        if not files:
            look(self)
            files |= self.files
        self.files |= files

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", remember)
        yield


@pytest.fixture(autouse=True, scope="session")
def _flushing_may_empty_append_only_tables():
    """Let Django empty the tables between transactional tests on SQLite, where that means DELETE.

    The triggers are taken away for the flush and put back by it; PostgreSQL truncates, which no row trigger sees.
    """
    plain = DatabaseOperations.sql_flush

    def sql_flush(self, style, tables, **options):
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
        dropped = [f"DROP TRIGGER {name}" for name, _sql in triggers]
        emptied = [*plain(self, style, tables, **options), EMPTY_CACHE]
        return [*dropped, *emptied, *(sql for _name, sql in triggers)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", sql_flush)
        yield


# A table without a model, which Django's emptying passes over: failed sign-ins would be held against the next test.
EMPTY_CACHE = 'DELETE FROM "cache_entry"'
IN_A_TRANSACTION = """SELECT pid, query FROM pg_stat_activity
    WHERE datname = %s AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"""
CONNECTED = "SELECT pid, query FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"
PATIENCE_SECONDS = 5


@pytest.fixture(autouse=True, scope="session")
def _postgresql_waits_for_others():
    """Let what a killed process, a page that was left or a thread still does end, before tables or the database go."""
    flush, destroy = PostgresOperations.sql_flush, PostgresCreation._destroy_test_db

    def sql_flush(self, style, tables, **options):
        with self.connection.cursor() as cursor:
            wait_for_others(cursor, IN_A_TRANSACTION, self.connection.settings_dict["NAME"])
        return [*flush(self, style, tables, **options), EMPTY_CACHE]

    def destroy_database(self, name, verbosity):
        with self._nodb_cursor() as cursor:
            wait_for_others(cursor, CONNECTED, name)
        destroy(self, name, verbosity)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PostgresOperations, "sql_flush", sql_flush)
        patch.setattr(PostgresCreation, "_destroy_test_db", destroy_database)
        yield


def wait_for_others(cursor, sessions: str, database: str) -> None:
    """Return when the database has no such session any more; end those that stay, and name what they asked last."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while others := cursor.execute(sessions, [database]).fetchall():
        if time.monotonic() > deadline:
            sys.stderr.write(f"ended after {PATIENCE_SECONDS} s: {others}\n")
            for pid, _query in others:
                cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
            return
        time.sleep(0.02)


@pytest.fixture
def english(settings):
    """Let pages and texts be in English, as what a test says of them is."""
    settings.LANGUAGE_CODE = "en"
    with override("en"):
        yield


@pytest.fixture(autouse=True)
def _nothing_is_remembered():
    """Let each test find the company and the rules that its own database has; ids of rows that are gone come again."""
    forget_company()
    rulebook._active_rules.cache_clear()
