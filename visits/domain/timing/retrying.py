"""When a customer who was not reached is called again, and when anybody may be called at all (DECISIONS 16, 30).

Legal hours block; the policy's and the customer's preferred hours ask for a reason. Spans exclude their end.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

from config.packs.duration import Duration
from staff.domain.calendar import WorkCalendar, day_start, local_date
from visits.domain.timing.windows import Window

Minutes = tuple[int, int]
"""A span of a day in minutes since its 00:00, the end excluded."""

NOON: Final = 12 * 60
MIDNIGHT: Final = 24 * 60
LEGAL: Final[Minutes] = (8 * 60, 21 * 60)
SEARCHED_DAYS: Final = 40  # more than any row of days off

INSIDE, REASON, REFUSE = "inside", "reason", "refuse"


@dataclass(frozen=True, slots=True)
class CallingHours:
    """When the policy wants its calls made: spans of the day (none: the legal hours), on all or on working days.

    `outside`: what a call at another time takes, ``reason`` or ``refuse``. `exempt_below`: a visit with fewer callable
    hours in its window is held against nobody (RELIABILITY F32).
    """

    spans: tuple[Minutes, ...] = ()
    working_days_only: bool = False
    outside: str = REASON
    exempt_below: timedelta | None = None

    @classmethod
    def of(cls, section: Any) -> Self:  # the schema of ``[calling_hours]``, or None where a pack has none
        """Return the hours of a pack's section; without one, or while it waits for a figure, the legal hours hold."""
        if section is None or section.blanks():
            return cls()
        below = section.exempt_below
        least = timedelta(minutes=below.offset.minutes) if below else None
        return cls(spans_of(section.allowed), section.days == "working", section.outside, least)

    def on(self, day: date, calendar: WorkCalendar) -> tuple[Minutes, ...]:
        """Return the spans of `day` in which the law and the policy let one call, in order."""
        if self.working_days_only and not calendar.is_workday(day):
            return ()
        return tuple(overlaps(self.spans, (LEGAL,))) if self.spans else (LEGAL,)


def spans_of(texts: Sequence[str]) -> tuple[Minutes, ...]:
    """Read spans such as ``09:00-12:00``, in order; one past midnight counts on both of its days."""
    found: list[Minutes] = []
    for text in texts:
        start, end = (int(clock[:2]) * 60 + int(clock[3:]) for clock in text.split("-"))
        found += [(start, end)] if start < end else [(0, end), (start, MIDNIGHT)]
    return tuple(sorted(span for span in found if span[0] < span[1]))


def permission(
    moment: datetime,
    *,
    hours: CallingHours,
    zone: ZoneInfo,
    calendar: WorkCalendar,
    customer_spans: Sequence[Minutes] = (),
) -> str:
    """Say what a call at `moment` takes: nothing (`INSIDE`), a `REASON`, or it is not to be made (`REFUSE`)."""
    minute = _minute(moment, zone)
    if not within(minute, (LEGAL,)):
        return REFUSE
    if not within(minute, hours.on(local_date(moment, zone), calendar)):
        return hours.outside
    return INSIDE if not customer_spans or within(minute, customer_spans) else REASON


def next_attempt(
    *,
    failed_at: datetime,
    attempts: int,
    max_attempts: int,
    retry_after: Duration,
    window: Window,
    hours: CallingHours,
    zone: ZoneInfo,
    calendar: WorkCalendar,
    customer_spans: Sequence[Minutes] = (),
) -> datetime | None:
    """Return when (UTC) to call again after the call of `failed_at`; None once all `max_attempts` were made.

    Not before `retry_after`; in another half-day than the failed call if that still lies in the window, else at the
    first callable moment, in time or not.
    """
    if attempts >= max_attempts:
        return None
    search = Search(hours, zone, calendar, tuple(customer_spans))
    first = search.first_callable(after(failed_at, retry_after, zone, calendar))
    if half_day(first, zone) != half_day(failed_at, zone):
        return first
    other = search.first_callable(half_day_end(first, zone))
    return first if window.is_past(other) else other


@dataclass(frozen=True, slots=True)
class Search:
    """The hours that a call is looked for in: the customer's where they leave any, the policy's, the law's."""

    hours: CallingHours
    zone: ZoneInfo
    calendar: WorkCalendar
    customer_spans: tuple[Minutes, ...] = ()

    def first_callable(self, moment: datetime) -> datetime:
        """Return `moment` if it is callable, else the first callable moment after it (UTC)."""
        choices = ((self.hours, self.customer_spans), (self.hours, ()), (CallingHours(), ()))
        openings = chain.from_iterable(self._openings(moment, *choice) for choice in choices)
        return max(moment, next(start for start, end in openings if moment < end)).astimezone(UTC)

    def _openings(
        self, moment: datetime, hours: CallingHours, customer_spans: Sequence[Minutes]
    ) -> Iterator[tuple[datetime, datetime]]:
        """Yield the callable spans as moments, from the day of `moment` on."""
        for days in range(SEARCHED_DAYS):
            day = local_date(moment, self.zone) + timedelta(days)
            spans: Sequence[Minutes] = hours.on(day, self.calendar)
            for start, end in overlaps(spans, customer_spans) if customer_spans else spans:
                yield _moment(day, start, self.zone), _moment(day, end, self.zone)


def after(moment: datetime, wait: Duration, zone: ZoneInfo, calendar: WorkCalendar) -> datetime:
    """Return `moment` plus `wait`: an instant for minutes and hours, else 00:00 of the date that it leads to."""
    if wait.is_instant:
        return moment + timedelta(minutes=wait.offset.minutes)
    if wait.count == 0:
        return moment
    return day_start(calendar.after(local_date(moment, zone), wait.offset), zone)


def half_day(moment: datetime, zone: ZoneInfo) -> tuple[date, bool]:
    """Return the half-day of `moment`: its date, and whether it is noon or later."""
    return local_date(moment, zone), _minute(moment, zone) >= NOON


def half_day_end(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return when the half-day of `moment` ends: the next 12:00 or 00:00."""
    day, is_afternoon = half_day(moment, zone)
    return day_start(day + timedelta(1), zone) if is_afternoon else _moment(day, NOON, zone)


def within(minute: int, spans: Sequence[Minutes]) -> bool:
    """Say whether a minute of the day lies in one of the spans; their ends do not."""
    return any(start <= minute < end for start, end in spans)


def overlaps(ours: Sequence[Minutes], theirs: Sequence[Minutes]) -> list[Minutes]:
    """Return the spans that two lists of spans share, in order."""
    shared = ((max(a[0], b[0]), min(a[1], b[1])) for a in ours for b in theirs)
    return sorted(span for span in shared if span[0] < span[1])


def without(liked: Sequence[Minutes], quiet: Sequence[Minutes]) -> tuple[Minutes, ...]:
    """Return the liked spans (none: the whole day) less the quiet ones; where none is left, a span of no minutes."""
    left = list(liked) or [(0, MIDNIGHT)]
    for start, end in quiet:
        pieces = [piece for first, last in left for piece in ((first, min(last, start)), (max(first, end), last))]
        left = [piece for piece in pieces if piece[0] < piece[1]]
    return tuple(left) or ((0, 0),) if quiet else tuple(liked)


def _minute(moment: datetime, zone: ZoneInfo) -> int:
    """Return the minute of the local day that `moment` falls into."""
    local = moment.astimezone(zone)
    return local.hour * 60 + local.minute


def _moment(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Return a minute of a local day, none that clocks skip, as a moment (UTC)."""
    return datetime.combine(day, time(minute // 60, minute % 60), zone).astimezone(UTC)
