"""Which backups are kept: the last of each of some days, weeks and months, and always the newest."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Terms:
    """Of how many days, weeks and months the last backup is kept."""

    days: int = 7
    weeks: int = 4
    months: int = 12


def kept(days: Iterable[tuple[date, int]], terms: Terms) -> set[int]:
    """Return the ids to keep of backups given as (local day, id); of one day the highest id is the newest.

    Days, weeks and months without a backup do not count: after a standstill nothing is thrown away in haste.
    """
    newest_first = sorted(days, reverse=True)
    periods: tuple[tuple[int, Callable[[date], Any]], ...] = (
        (terms.days, lambda on: on),
        (terms.weeks, lambda on: on.isocalendar()[:2]),
        (terms.months, lambda on: (on.year, on.month)),
    )
    found: set[int] = set()
    for count, period in periods:
        last: dict[Any, int] = {}
        for on, number in newest_first:
            last.setdefault(period(on), number)
        found.update(list(last.values())[:count])
    return found
