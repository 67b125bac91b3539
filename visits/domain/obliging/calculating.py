"""How a bound was counted, day by day: what the page of a clock shows is what has set the bound. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from config.packs.duration import Duration
from staff.domain.calendar import day_end, local_date
from visits.domain.obliging.reckoning import INSTANT, OFFICE, Clock, Stop

COUNTED, OFF, STOPPED = "counted", "off", "stopped"
Piece = tuple[datetime, datetime]


@dataclass(frozen=True)
class Day:
    """One day of a clock: its pieces that counted, how long they are, and how much had counted by its end.

    A day of a clock of days has no pieces; `what` says whether it counts, is a day off, or stood still.
    """

    on: date
    pieces: tuple[Piece, ...]
    length: timedelta
    total: timedelta
    what: str = COUNTED


def hours_counted(clock: Clock, anchor: datetime, bound: datetime, stops: Sequence[Stop]) -> list[Day]:
    """Return the days of a clock of minutes and hours; their lengths, in whole seconds, add up to its span."""
    days: dict[date, list[Piece]] = {}
    for start, stop in _running(clock, _whole(anchor), _whole(bound), stops):
        days.setdefault(local_date(start, clock.zone), []).append((start, stop))
    total, found = timedelta(), []
    for on, pieces in sorted(days.items()):
        length = sum((stop - start for start, stop in pieces), timedelta())
        total += length
        found.append(Day(on, tuple(pieces), length, total))
    return found


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def _running(clock: Clock, anchor: datetime, bound: datetime, stops: Sequence[Stop]) -> Iterator[Piece]:
    """Yield when the clock ran, in pieces of one day each."""
    begin = anchor
    for from_at, until_at in [*stops, (bound, bound)]:
        end = min(max(from_at, begin), bound)
        yield from clock.open_between(begin, end) if clock.kind == OFFICE else _by_day(clock, begin, end)
        begin = min(max(until_at, begin), bound)


def _by_day(clock: Clock, begin: datetime, end: datetime) -> Iterator[Piece]:
    while begin < end:
        midnight = min(day_end(local_date(begin, clock.zone), clock.zone), end)
        yield begin, midnight
        begin = midnight


def days_counted(
    clock: Clock, anchor: datetime, bound: datetime, span: Duration, stops: Sequence[Stop]
) -> list[Day]:  # fmt: skip
    """Return the days of a clock of days after that of its beginning, until the last one that is in time."""
    still = [(local_date(start, clock.zone), local_date(stop, clock.zone)) for start, stop in stops]
    on, last, found = local_date(anchor, clock.zone), local_date(bound - INSTANT, clock.zone), []
    while on < last:
        on += timedelta(1)
        off = bool(span.offset.workdays) and not clock.calendar.is_workday(on)
        stood = any(start < on <= stop for start, stop in still)
        what = OFF if off else STOPPED if stood else COUNTED
        found.append(Day(on, (), timedelta(), timedelta(), what))
    return found
