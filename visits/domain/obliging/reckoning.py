"""Until when a deed is owed: spans that run by the wall clock or in office hours only. Pure.

Minutes and hours give a moment that is itself in time; days and longer last until the end of their day, as every bound
of days (POLICY_PACK, Time). Office hours are those of `[calling_hours]` on working days, without them 09:00 to 18:00.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from config.packs.duration import Duration
from staff.domain.calendar import WorkCalendar, day_end, day_start, local_date
from visits.domain.timing.retrying import CallingHours, Minutes

OFFICE: Final = "office"
USUAL: Final[tuple[Minutes, ...]] = ((9 * 60, 18 * 60),)
SEARCHED_DAYS: Final = 800


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

    def _in_office(self, anchor: datetime, length: timedelta) -> datetime:
        """Return the moment at which that much office time has passed."""
        left, first = length, local_date(anchor, self.zone)
        for count in range(SEARCHED_DAYS):
            on = first + timedelta(count)
            if not self.calendar.is_workday(on):
                continue
            midnight = day_start(on, self.zone)
            for begin, end in self.hours.spans or USUAL:
                start = max(midnight + timedelta(minutes=begin), anchor)
                stop = midnight + timedelta(minutes=end)
                if start < stop and left <= stop - start:
                    return start + left
                left -= max(stop - start, timedelta())
        return anchor + length  # no office was open for years: the wall clock is left


def before(bound: datetime, span: Duration) -> datetime:
    """Return the moment that lies the span before a bound, by the wall clock."""
    if span.is_instant:
        return bound - timedelta(minutes=span.offset.minutes)
    return bound - timedelta(days=span.least_days)
