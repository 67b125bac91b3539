"""Until when a deed is owed: spans that run by the wall clock or in office hours only, and their stops. Pure.

The one place where a bound is counted: pages, jobs, reports and exports read what stands here (DECISIONS 39). Minutes
and hours give a moment that is itself in time; days and longer last until the end of their day, as every bound of days
(POLICY_PACK, Time). Office hours are those of `[calling_hours]` on working days, without them 09:00 to 18:00. A clock
that stood still over some minutes runs so much longer; one of days that stood still over some midnights, so many days.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from config.packs.duration import Duration, Offset
from config.packs.duties import ObligationSpec
from staff.domain.calendar import WorkCalendar, day_end, day_start, local_date
from visits.domain.timing.retrying import CallingHours, Minutes

OFFICE: Final = "office"
USUAL: Final[tuple[Minutes, ...]] = ((9 * 60, 18 * 60),)
SEARCHED_DAYS: Final = 800
INSTANT: Final = timedelta(microseconds=1)
NOTHING: Final = timedelta()
Stop = tuple[datetime, datetime]
"""From when until when a clock stood still."""


@dataclass(frozen=True)
class Clock:
    """What spans are counted by."""

    zone: ZoneInfo
    calendar: WorkCalendar
    hours: CallingHours
    kind: str = "wall"

    def after(self, anchor: datetime, span: Duration, stops: Sequence[Stop] = ()) -> tuple[datetime, bool]:
        """Return the moment to which the span leads from `anchor`, and whether that moment itself is in time."""
        if span.is_instant:
            length = timedelta(minutes=span.offset.minutes)
            moment = self._in_office(anchor, length) if self.kind == OFFICE else anchor + length
        else:
            moment = day_end(self.calendar.after(local_date(anchor, self.zone), span.offset), self.zone)
        return self.lengthened(moment, span, stops), span.is_instant

    def lengthened(self, moment: datetime, span: Duration, stops: Sequence[Stop]) -> datetime:
        """Return the bound of a span, moved by the stops that began before it, in their order."""
        for from_at, until_at in stops:
            if from_at < moment and span.is_instant:
                moment = self.later(moment, self.between(from_at, until_at))
            elif from_at < moment:
                last = local_date(moment - INSTANT, self.zone)
                moment = day_end(self.calendar.after(last, self.days_stopped(from_at, until_at, span)), self.zone)
                if moment <= until_at:  # a clock of working days that went on on a day off has the next one
                    moment = day_end(self.calendar.next_workday(local_date(until_at, self.zone)), self.zone)
        return moment

    def days_stopped(self, from_at: datetime, until_at: datetime, span: Duration) -> Offset:
        """Return the days that a stop takes from a span of days: the midnights in it, of working days for ``wd``."""
        first, last = local_date(from_at, self.zone), local_date(until_at, self.zone)
        if span.offset.workdays:
            return Offset(workdays=self.calendar.workdays_between(first + timedelta(1), last))
        return Offset(days=(last - first).days)

    def later(self, moment: datetime, length: timedelta) -> datetime:
        """Return the moment that lies a length of this clock's time after another."""
        return self._in_office(moment, length) if self.kind == OFFICE and length else moment + length

    def earlier(self, bound: datetime, span: Duration) -> datetime:
        """Return the moment that lies the span before a bound; minutes and hours of this clock's time."""
        if not span.is_instant:
            return bound - timedelta(days=span.least_days)
        left = length = timedelta(minutes=span.offset.minutes)
        if self.kind != OFFICE:
            return bound - length
        on = local_date(bound, self.zone)
        for back in range(SEARCHED_DAYS):
            for start, stop in reversed(self.office_of(on - timedelta(back))):
                stop = min(stop, bound)
                if start < stop and left <= stop - start:
                    return stop - left
                left -= max(stop - start, NOTHING)
        return bound - length

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return how much of this clock's time lies between two moments."""
        if self.kind != OFFICE:
            return max(end - start, NOTHING)
        return sum((stop - begin for begin, stop in self.open_between(start, end)), NOTHING)

    def in_office(self, moment: datetime) -> datetime:
        """Return the moment, or the next one in office hours: nobody is told of a delay at night."""
        if any(start <= moment <= stop for start, stop in self.office_of(local_date(moment, self.zone))):
            return moment
        for start, _stop in self.open_between(moment, moment + timedelta(SEARCHED_DAYS)):
            return start
        return moment

    def by_day(self, moment: datetime, begin: datetime, bound: datetime) -> datetime:
        """Return when to warn of a bound: at that moment if somebody is there, else when somebody is before the bound.

        Next office hours that come in time, else the last ones since the beginning; with neither it is told at night.
        """
        later = self.in_office(moment)
        if later < bound:
            return later
        return max((stop for _start, stop in self.open_between(begin, moment)), default=moment)

    def _in_office(self, anchor: datetime, length: timedelta) -> datetime:
        """Return the moment at which that much office time has passed."""
        left = length
        for start, stop in self.open_between(anchor, anchor + timedelta(SEARCHED_DAYS)):
            if left <= stop - start:
                return start + left
            left -= stop - start
        return anchor + length  # no office was open for years: the wall clock is left

    def open_between(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the office hours between two moments."""
        on, last = local_date(start, self.zone), local_date(end, self.zone)
        while on <= last:
            for first, until in self.office_of(on):
                if max(first, start) < min(until, end):
                    yield max(first, start), min(until, end)
            on += timedelta(1)

    def office_of(self, on: date) -> list[tuple[datetime, datetime]]:
        """Return the office hours of a day, in order; none on a day off."""
        if not self.calendar.is_workday(on):
            return []
        midnight = day_start(on, self.zone)
        return [(midnight + timedelta(minutes=a), midnight + timedelta(minutes=b)) for a, b in self.spans]

    @cached_property
    def spans(self) -> tuple[Minutes, ...]:
        """Return the office hours of a working day in minutes, those that overlap as one."""
        joined: list[Minutes] = []
        for start, stop in sorted(self.hours.spans or USUAL):
            if joined and start <= joined[-1][1]:
                start, stop = joined[-1][0], max(joined.pop()[1], stop)
            joined.append((start, stop))
        return tuple(joined)


@dataclass(frozen=True)
class SetBound:
    """A bound that somebody has set by hand, and when: stops before that are counted in it (K-16)."""

    due_at: datetime
    set_at: datetime


@dataclass(frozen=True)
class Bounds:
    """What follows from a clock: its bound and whether that moment is in time, when to warn, when to escalate next."""

    due_at: datetime | None
    inclusive: bool
    warn_at: datetime | None
    tell_at: datetime | None


def reckon(
    spec: ObligationSpec, clock: Clock, *, anchor: datetime, stops: Sequence[Stop] = (), told: int = 0,
    by_hand: SetBound | None = None,
) -> Bounds:  # fmt: skip
    """Return the bounds of a deed that is owed after `anchor`; `told` escalations are past.

    An escalation falls into office hours, and is not before a bound that was set to a later moment.
    """
    ruled, inclusive = clock.after(anchor, spec.within, stops) if spec.within else (None, True)
    due_at = _set(by_hand, spec, clock, stops) if by_hand and spec.within else ruled
    warn_at = clock.earlier(due_at, spec.warn_before) if due_at and spec.warn_before else None
    if warn_at and due_at:
        warn_at = clock.by_day(warn_at, anchor, due_at)
    tell_at = clock.after(anchor, spec.escalate[told].after, stops)[0] if told < len(spec.escalate) else None
    if tell_at and by_hand and due_at and ruled and tell_at >= ruled:
        tell_at = max(tell_at, due_at)
    return Bounds(due_at, inclusive, warn_at, clock.in_office(tell_at) if tell_at else None)


def _set(by_hand: SetBound, spec: ObligationSpec, clock: Clock, stops: Sequence[Stop]) -> datetime:
    later = [stop for stop in stops if stop[0] >= by_hand.set_at]
    return clock.lengthened(by_hand.due_at, spec.within, later) if spec.within else by_hand.due_at
