"""Working days and local days: which date is worked, what a sum of durations leads to, when a day begins.

A date is judged by the company's own override, else the official calendar of mainland China (make-up days are worked),
else, for a year that is not yet published, by the statutory holidays alone, else by the weekend (DECISIONS 14).
"""

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Mapping
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import chinese_calendar
import holidays

from config.packs.duration import Offset

PUBLISHED_FROM: Final[int] = min(chinese_calendar.holidays).year
PUBLISHED_UNTIL: Final[int] = max(chinese_calendar.holidays).year
FRIDAY: Final = 4
YEARS: Final = range(1980, 3000)  # of moments that are taken in: at the ends of the calendar none can be reckoned


class WorkCalendar:
    """The working days of the company: `overrides` says of single dates whether they are worked."""

    __slots__ = ("_overrides", "_years")

    def __init__(self, overrides: Mapping[date, bool] | None = None) -> None:
        self._overrides = dict(overrides or {})
        self._years: dict[int, tuple[date, ...]] = {}

    def is_workday(self, on: date) -> bool:
        """Say whether `on` is worked; never raises, whatever the year."""
        overridden = self._overrides.get(on)
        return on in official_workdays(on.year) if overridden is None else overridden

    def is_provisional(self, on: date) -> bool:
        """Say whether `on` lies in a year whose holidays are not yet published and the company has not settled it."""
        return on.year > PUBLISHED_UNTIL and on not in self._overrides

    def is_provisional_between(self, first: date, last: date) -> bool:
        """Say whether any date from `first` to `last`, both included, is provisional."""
        if last.year <= PUBLISHED_UNTIL:
            return False
        start = max(first, date(PUBLISHED_UNTIL + 1, 1, 1))
        return any(self.is_provisional(start + timedelta(n)) for n in range((last - start).days + 1))

    def add_workdays(self, on: date, count: int) -> date:
        """Return the `count`-th working day after `on`, whatever day `on` is; 0 gives `on` itself."""
        if count < 0:
            raise ValueError(f"{count} working days: a number of working days is not negative.")
        if count == 0:
            return on
        days = self._worked(on.year)
        index = bisect_right(days, on) + count - 1
        year = on.year
        while index >= len(days):
            index -= len(days)
            year += 1
            days = self._worked(year)
        return days[index]

    def next_workday(self, on: date) -> date:
        """Return `on` if it is worked, else the first working day after it."""
        return on if self.is_workday(on) else self.add_workdays(on, 1)

    def previous_workday(self, on: date) -> date:
        """Return `on` if it is worked, else the last working day before it."""
        year, days = on.year, self._worked(on.year)
        index = bisect_right(days, on)
        while index == 0:
            year -= 1
            days = self._worked(year)
            index = len(days)
        return days[index - 1]

    def shifted(self, on: date, shift: str) -> date:
        """Return `on` as the `shift` of a step (``none``, ``next``, ``previous``) moves it off a day off."""
        match shift:
            case "next":
                return self.next_workday(on)
            case "previous":
                return self.previous_workday(on)
            case _:
                return on

    def after(self, on: date, offset: Offset) -> date:
        """Return the date that `offset` leads to: all months in one step, then days, then working days.

        Minutes are no dates and left out. OverflowError beyond the year 9999.
        """
        return self.add_workdays(add_months(on, offset.months) + timedelta(offset.days), offset.workdays)

    def workdays_between(self, first: date, last: date) -> int:
        """Count the working days from `first` to `last`, both included."""
        return sum(
            bisect_right(days, last) - bisect_left(days, first)
            for days in map(self._worked, range(first.year, last.year + 1))
        )

    def _worked(self, year: int) -> tuple[date, ...]:
        """Return the working days of `year` in order; OverflowError outside of what a date can hold."""
        if not 1 <= year <= MAXYEAR:
            raise OverflowError(f"The year {year} is beyond the calendar.")
        if year not in self._years:
            own = {on for on, worked in self._overrides.items() if on.year == year and worked}
            off = {on for on, worked in self._overrides.items() if on.year == year and not worked}
            self._years[year] = tuple(sorted((official_workdays(year) | own) - off))
        return self._years[year]


@lru_cache(maxsize=400)
def official_workdays(year: int) -> frozenset[date]:
    """Return the working days of `year` by the published calendar, else by statutory holidays and weekends."""
    if PUBLISHED_FROM <= year <= PUBLISHED_UNTIL:
        return _worked_days(year, off=set(chinese_calendar.holidays), made_up=set(chinese_calendar.workdays))
    statutory = holidays.country_holidays("CN", years=year)
    return _worked_days(year, off=set(statutory), made_up=set(getattr(statutory, "weekend_workdays", ())))


def _worked_days(year: int, *, off: set[date], made_up: set[date]) -> frozenset[date]:
    """Return the dates of `year` that are made up, or fall on Monday to Friday and are not off."""
    first = date(year, 1, 1)
    days = (first + timedelta(n) for n in range(366 if monthrange(year, 2)[1] == 29 else 365))
    return frozenset(on for on in days if on in made_up or (on.weekday() <= FRIDAY and on not in off))


def add_months(on: date, months: int) -> date:
    """Return the same day `months` later, or the last day of a shorter month; OverflowError beyond the year 9999."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    if not 1 <= year <= MAXYEAR:
        raise OverflowError(f"The year {year} is beyond the calendar.")
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))


def local_date(moment: datetime, zone: ZoneInfo) -> date:
    """Return the date that `moment` falls on in `zone`; ValueError if `moment` is without its offset."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no offset from UTC, so its day is unknown.")
    return moment.astimezone(zone).date()


def day_start(on: date, zone: ZoneInfo) -> datetime:
    """Return the first moment (UTC) of the local day `on`; the bound of the day before.

    Where clocks skip midnight it is the moment of the change: the first one that the new day has.
    """
    midnight = datetime.combine(on, time.min, zone)
    moment = midnight.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == midnight.replace(tzinfo=None):
        return moment
    return _change_before(moment, midnight.replace(fold=1).astimezone(UTC), on, zone)


def day_end(on: date, zone: ZoneInfo) -> datetime:
    """Return the end of the local day `on` (UTC, exclusive): the first moment of the next."""
    return day_start(on + timedelta(1), zone)


def local_noon(on: date, zone: ZoneInfo) -> datetime:
    """Return 12:00 of `on` in `zone` (UTC): when what has no time of day is taken to have happened."""
    return datetime.combine(on, time(12), zone).astimezone(UTC)


def _change_before(late: datetime, early: datetime, on: date, zone: ZoneInfo) -> datetime:
    """Return the first second in [`early`, `late`] whose local date is `on` or later, by halving."""
    low, high = 0, int((late - early).total_seconds())
    while low < high:
        middle = (low + high) // 2
        if (early + timedelta(seconds=middle)).astimezone(zone).date() >= on:
            high = middle
        else:
            low = middle + 1
    return early + timedelta(seconds=high)
