"""Where rows and messages are kept: is the database as it must be, and Redis where there is one."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import redis
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from config import append_only
from staff.domain.checking import Finding, Level

OLDEST_SERVER: Final = 150000
PATIENCE_SECONDS: Final = 2.0
# Setting of PostgreSQL -> what it must not be, and how bad it is.
SERVER_SETTINGS: Final = (
    ("fsync", "off", Level.ALARM),
    ("full_page_writes", "off", Level.ALARM),
    ("synchronous_commit", "off", Level.WARNING),
)
PRAGMAS: Final = {"journal_mode": "wal", "synchronous": 2, "recursive_triggers": 1, "foreign_keys": 1}


def guards(*, now: datetime) -> Iterator[Finding]:
    """Find out whether the triggers are there that keep history as it was written."""
    del now
    if gone := append_only.missing():
        words = _("The guards of what may never change are missing: %(names)s") % {"names": ", ".join(gone)}
        mend = _("Find out who took them away, then put the newest backup back: it brings them with it.")
        yield Finding(Level.ALARM, "database.guards", words, mend)
    else:
        yield Finding(Level.OK, "database.guards", _("History is guarded by the database itself."))


def database(*, now: datetime) -> Iterator[Finding]:
    """Find out whether the engine keeps what it says it has kept."""
    del now
    yield from _sqlite() if connection.vendor == "sqlite" else _postgresql()


def _sqlite() -> Iterator[Finding]:
    found = {name: _value(f"PRAGMA {name}") for name in PRAGMAS}
    broken = _value("PRAGMA quick_check(1)")
    if broken != "ok":
        words = _("The file of the database is damaged: %(reason)s") % {"reason": broken}
        yield Finding(Level.ALARM, "database.whole", words, _("Stop the program and put the newest backup back."))
    if found != PRAGMAS:
        told = ", ".join(f"{name}={value}" for name, value in found.items() if PRAGMAS[name] != value)
        words = _("SQLite runs with unsafe settings: %(settings)s") % {"settings": told}
        yield Finding(Level.ALARM, "database.settings", words, _("Start the program by its own commands."))
    else:
        yield Finding(Level.OK, "database.settings", _("SQLite keeps what it has confirmed."))


def _postgresql() -> Iterator[Finding]:
    version = int(_value("SHOW server_version_num"))
    if version < OLDEST_SERVER:
        words = _("PostgreSQL %(version)s is older than 15.") % {"version": version // 10000}
        yield Finding(Level.WARNING, "database.version", words, _("Use PostgreSQL 17: that one is tested."))
    wrong = [(name, bad, level) for name, bad, level in SERVER_SETTINGS if _value(f"SHOW {name}") == bad]
    for name, bad, level in wrong:
        words = _("PostgreSQL runs with %(name)s = %(value)s: a power cut loses what it has confirmed.")
        mend = _("Set it to on in postgresql.conf and reload the server.")
        yield Finding(level, f"database.{name}", words % {"name": name, "value": bad}, mend)
    if _value("SHOW server_encoding") != "UTF8":
        words = _("The database is not in UTF-8: Chinese texts are refused.")
        yield Finding(Level.ALARM, "database.encoding", words, _("Make a database with ENCODING 'UTF8' and restore."))
    if not _value("SELECT has_database_privilege(current_database(), 'CREATE')"):
        words = _("The account may not make a schema in the database: backups cannot be restored on trial.")
        yield Finding(Level.ALARM, "database.schema", words, _("ALTER DATABASE … OWNER TO the account of the program."))
    if not wrong:
        yield Finding(Level.OK, "database.settings", _("PostgreSQL keeps what it has confirmed."))


def _value(question: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def broker(*, now: datetime) -> Iterator[Finding]:
    """Find out whether Redis answers and keeps what it is given (RELIABILITY F12); a folder needs no look."""
    del now
    if not settings.REDIS_URL:
        yield Finding(Level.OK, "redis", _("The queue is a folder, the cache a table: no Redis is needed."))
        return
    mend = _("Look whether Redis runs and REDIS_URL names it; until then work is found by the minute, not at once.")
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=PATIENCE_SECONDS, socket_connect_timeout=PATIENCE_SECONDS
        ) as client:
            client.ping()
            yield Finding(Level.OK, "redis", _("Redis answers."))
            yield from _kept(client)
    except redis.RedisError as problem:
        words = _("Redis does not answer: %(reason)s") % {"reason": type(problem).__name__}
        yield Finding(Level.ALARM, "redis", words, mend)


def _kept(client: redis.Redis) -> Iterator[Finding]:
    """Yield what Redis would lose. Nothing of the company lies there, so nothing of it is worse than a warning."""
    try:
        found: dict[str, str] = dict(client.config_get("appendonly", "maxmemory-policy"))  # type: ignore[arg-type]  # its stubs know only the asynchronous answer
    except redis.ResponseError:
        yield Finding(Level.WARNING, "redis.settings", _("Redis does not tell its settings."), "")
        return
    wanted = {"appendonly": "yes", "maxmemory-policy": "noeviction"}
    for name, right in wanted.items():
        if found.get(name) != right:
            words = _("Redis runs with %(name)s = %(value)s; %(right)s is wanted.")
            told = {"name": name, "value": found.get(name), "right": right}
            mend = _("Set it in redis.conf. Nothing of the company is lost by it, but rings wait up to a minute.")
            yield Finding(Level.WARNING, f"redis.{name}", words % told, mend)
