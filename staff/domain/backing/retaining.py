"""Which backups are kept: the last of each of seven days, of four weeks and of twelve months, and always the newest."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Final

DAYS: Final = 7
WEEKS: Final = 4
MONTHS: Final = 12


def kept(days: Iterable[tuple[date, int]]) -> set[int]:
    """Return the ids to keep of backups given as (local day, id); of one day the highest id is the newest.

    Days, weeks and months without a backup do not count: after a standstill nothing is thrown away in haste.
    """
    newest_first = sorted(days, reverse=True)
    periods: tuple[tuple[int, Callable[[date], Any]], ...] = (
        (DAYS, lambda on: on),
        (WEEKS, lambda on: on.isocalendar()[:2]),
        (MONTHS, lambda on: (on.year, on.month)),
    )
    found: set[int] = set()
    for count, period in periods:
        last: dict[Any, int] = {}
        for on, number in newest_first:
            last.setdefault(period(on), number)
        found.update(list(last.values())[:count])
    return found
