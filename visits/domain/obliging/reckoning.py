"""Until when a deed is owed: spans that run by the wall clock or in office hours only. Pure.

Minutes and hours give a moment that is itself in time; days and longer last until the end of their day, as every bound
of days (POLICY_PACK, Time). Office hours are those of `[calling_hours]` on working days, without them 09:00 to 18:00.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from config.packs.duration import Duration
from staff.domain.calendar import WorkCalendar, day_end, day_start, local_date
from visits.domain.timing.retrying import CallingHours, Minutes

OFFICE: Final = "office"
USUAL: Final[tuple[Minutes, ...]] = ((9 * 60, 18 * 60),)
SEARCHED: Final = timedelta(days=800)


@dataclass(frozen=True)
class Clock:
    """What spans are counted by."""

    zone: ZoneInfo
    calendar: WorkCalendar
    hours: CallingHours
    kind: str = "wall"

    def after(self, anchor: datetime, span: Duration) -> tuple[datetime, bool]:
        """Return the moment to which the span leads from `anchor`, and whether that moment itself is in time."""
        if not span.is_instant:
            return day_end(self.calendar.after(local_date(anchor, self.zone), span.offset), self.zone), False
        length = timedelta(minutes=span.offset.minutes)
        return (self._in_office(anchor, length) if self.kind == OFFICE else anchor + length), True

    def later(self, moment: datetime, length: timedelta) -> datetime:
        """Return the moment that lies a length of this clock's time after another."""
        return self._in_office(moment, length) if self.kind == OFFICE else moment + length

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return how much of this clock's time lies between two moments."""
        if self.kind != OFFICE:
            return max(end - start, timedelta())
        return sum((stop - begin for begin, stop in self._spans(start, end)), timedelta())

    def _in_office(self, anchor: datetime, length: timedelta) -> datetime:
        """Return the moment at which that much office time has passed."""
        left = length
        for start, stop in self._spans(anchor, anchor + SEARCHED):
            if left <= stop - start:
                return start + left
            left -= stop - start
        return anchor + length  # no office was open for years: the wall clock is left

    def _spans(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the office hours between two moments."""
        on, last = local_date(start, self.zone), local_date(end, self.zone)
        while on <= last:
            midnight = day_start(on, self.zone)
            for begin, stop in (self.hours.spans or USUAL) if self.calendar.is_workday(on) else ():
                first, until = midnight + timedelta(minutes=begin), midnight + timedelta(minutes=stop)
                if max(first, start) < min(until, end):
                    yield max(first, start), min(until, end)
            on += timedelta(1)


def before(bound: datetime, span: Duration) -> datetime:
    """Return the moment that lies the span before a bound, by the wall clock."""
    if span.is_instant:
        return bound - timedelta(minutes=span.offset.minutes)
    return bound - timedelta(days=span.least_days)
