"""Bringing the database up to date before the program starts, on one host at a time."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils.translation import gettext as _

from config.commands import is_up_to_date

PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 1.0
LOCK_NUMBER = 5_014_366  # of the advisory lock; any number that nobody else takes


class NotThere(Exception):
    """The database does not answer; the text is one sentence for whoever started the program."""


def prepare_database(say: Callable[[str], None]) -> None:
    """Wait for the database, then make what it lacks; raises NotThere where it does not answer for a minute."""
    wait_for_database(say)
    with alone():
        if not is_up_to_date():
            call_command("migrate", interactive=False, verbosity=0)
        if settings.CACHES["default"]["LOCATION"] not in connection.introspection.table_names():
            call_command("createcachetable", verbosity=0)


def wait_for_database(say: Callable[[str], None]) -> None:
    """Return when the database takes a connection: after a power cut it may need longer than the program."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    told = False
    while True:
        try:
            return connection.ensure_connection()
        except OperationalError as problem:
            reason = str(problem).strip().splitlines()[-1]
            if time.monotonic() > deadline:
                raise NotThere(_("The database does not answer: %(reason)s") % {"reason": reason}) from problem
        if not told:
            say(_("Waiting for the database: %(reason)s") % {"reason": reason})
            told = True
        time.sleep(PAUSE_SECONDS)


@contextmanager
def alone() -> Iterator[None]:
    """Let one host at a time bring a common database up to date; a SQLite file is held by the lock of its folder."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '10min'")
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK_NUMBER])
        cursor.execute("RESET lock_timeout")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK_NUMBER])
