"""The one clock of the program: the edge asks it, everything below is handed a moment.

In demo and test mode ``APP_CLOCK`` fixes (``2026-03-02T08:59:59+08:00``) or shifts (``+3d``, ``-90min``) it for
every door: pages, commands, jobs. Anywhere else the variable stops the start (DECISIONS 11).
"""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

SHIFT = re.compile(r"(?P<sign>[+-])(?P<count>\d+)(?P<unit>min|h|d|w)")
SHIFT_SECONDS = {"min": 60, "h": 3600, "d": 86400, "w": 604800}
REHEARSAL_MODES = ("demo", "test")
AGREE_SECONDS = 120.0  # by how much the clocks of the program and of its database may differ (RELIABILITY, F23)


class ClocksDisagree(Exception):
    """The clocks of this host and of the database are further apart than `AGREE_SECONDS`; the text says how far."""


def now() -> datetime:
    """Return the present moment (aware, UTC), as ``APP_CLOCK`` has it in demo and test mode."""
    return adjusted(machine_now(), getattr(settings, "APP_CLOCK", ""))


def machine_now() -> datetime:
    """Return what the clock of this host says (aware, UTC), whatever ``APP_CLOCK`` makes of it."""
    return datetime.now(UTC)


def today(timezone: str | None = None) -> date:
    """Return the local day of `now` in `timezone` (default: the installation's)."""
    return local_day(now(), timezone)


def local_day(moment: datetime, timezone: str | None = None) -> date:
    """Return the calendar day that `moment` falls on in `timezone` (default: the installation's)."""
    return moment.astimezone(ZoneInfo(timezone or settings.TIME_ZONE)).date()


def adjusted(moment: datetime, setting: str) -> datetime:
    """Return `moment` as the `APP_CLOCK` text `setting` has it; the empty text leaves it alone."""
    if not setting:
        return moment
    if shift := SHIFT.fullmatch(setting):
        seconds = int(shift["count"]) * SHIFT_SECONDS[shift["unit"]]
        return moment + timedelta(seconds=seconds if shift["sign"] == "+" else -seconds)
    return fixed_moment(setting)


def fixed_moment(text: str) -> datetime:
    """Read an ISO moment with its offset; refuse anything else by saying what is allowed."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ImproperlyConfigured(
            f"APP_CLOCK={text!r} is neither a moment with its offset (2026-03-02T08:59:59+08:00) "
            "nor a shift (+3d, -90min, +2h, +1w)."
        )
    return moment.astimezone(UTC)


def check_setting(setting: str, mode: str) -> None:
    """Stop the start where `APP_CLOCK` is set outside demo and test mode, or cannot be read."""
    if not setting:
        return
    if mode not in REHEARSAL_MODES:
        raise ImproperlyConfigured(
            f"APP_CLOCK is set, but APP_MODE is {mode!r}: the clock may be moved in demo and test mode only. "
            "Remove APP_CLOCK, or set APP_MODE=demo."
        )
    adjusted(datetime.now(UTC), setting)


def apart(connection: Any) -> float:
    """Return by how many seconds this host's clock is ahead of the database's, negative where it is behind.

    `APP_CLOCK` moves the program's days on purpose and is left out. The database of a file has its host's own clock;
    there `config.witness` tells whether somebody moved it.
    """
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute("SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')" if sqlite else "SELECT clock_timestamp()")
        (there,) = cursor.fetchone()
    if sqlite:
        there = datetime.fromisoformat(there)
    return (machine_now() - there).total_seconds()
