"""Which occurrences of a step there are: repeated, aligned to calendar periods, or chained on the visit before.

An occurrence exists from its opening on; what opens later is a forecast (DECISIONS 20, 21).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from config.packs.duration import Duration
from staff.domain.calendar import WorkCalendar, local_date, local_noon
from visits.domain.timing.windows import Cadence, Window, aligned_period, window


@dataclass(frozen=True, slots=True)
class Timeline:
    """One step for one event: all that its windows depend on but their number.

    `anchor_at` stands for occurrence `anchor_occurrence` (0, unless a series was anchored anew, as when the customer's
    own `interval` changed).
    """

    cadence: Cadence
    anchor_at: datetime
    zone: ZoneInfo
    calendar: WorkCalendar
    given: datetime | date | None = None
    interval: Duration | None = None
    anchor_occurrence: int = 0

    def window(self, occurrence: int) -> Window | None:
        """Return the window of `occurrence`; None where there is no such occurrence."""
        return window(
            self.cadence,
            anchor_at=self.anchor_at,
            occurrence=occurrence,
            zone=self.zone,
            calendar=self.calendar,
            given=self.given,
            interval=self.interval,
            anchor_occurrence=self.anchor_occurrence,
        )

    def period(self, occurrence: int) -> tuple[date, date]:
        """Return first and last day of the calendar period of `occurrence` of an aligned step."""
        on = local_date(self.anchor_at, self.zone)
        return aligned_period(on, self.cadence.align, occurrence - self.anchor_occurrence + 1)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One turn of a step, counted from 0, its window, and of a chain's the moment that it counts from."""

    number: int
    window: Window
    anchor_at: datetime | None = None


def occurrences_due(timeline: Timeline, *, start: int, now: datetime) -> Iterator[Occurrence]:
    """Yield, in order, every occurrence from number `start` on that has opened at `now`; in a chain one at a time."""
    number = start
    while (found := timeline.window(number)) and found.has_opened(now):
        yield Occurrence(number, found)
        if timeline.cadence.is_chain:
            return
        number += 1


def occurrences_between(timeline: Timeline, *, first: datetime, last: datetime) -> Iterator[Occurrence]:
    """Yield the occurrences that open from `first` (inclusive) to `last` (exclusive): a forecast."""
    found = first_where(timeline, lambda window: window.opens_at >= first)
    while found and found.window.opens_at < last:
        yield found
        following = None if timeline.cadence.is_chain else timeline.window(found.number + 1)
        found = Occurrence(found.number + 1, following) if following else None


def next_occurrence(timeline: Timeline, *, after: datetime) -> Occurrence | None:
    """Return the first occurrence that opens later than `after`; None where the series is over by then."""
    return first_where(timeline, lambda window: window.opens_at > after)


def first_not_past(timeline: Timeline, *, moment: datetime) -> Occurrence | None:
    """Return the first occurrence whose window is not over at `moment`: where a series begins that starts late."""
    return first_where(timeline, lambda window: not window.is_past(moment))


def first_where(timeline: Timeline, reached: Callable[[Window], bool]) -> Occurrence | None:
    """Return the first occurrence whose window `reached` accepts, by halving: windows never go back."""

    def is_reached(number: int) -> bool:
        found = timeline.window(number)
        return found is None or reached(found)

    low, high = timeline.anchor_occurrence, timeline.anchor_occurrence
    step = 1
    while not timeline.cadence.is_chain and not is_reached(high):
        low, high, step = high + 1, high + step, step * 2
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if is_reached(middle) else (middle + 1, high)
    found = timeline.window(low)
    return Occurrence(low, found) if found and reached(found) else None


def is_fulfilled(timeline: Timeline, occurrence: int, *, visits: Iterable[datetime]) -> bool:
    """Say whether one of the completed `visits` falls into the calendar period of `occurrence` of an aligned step."""
    first, last = timeline.period(occurrence)
    return any(first <= local_date(visit, timeline.zone) <= last for visit in visits)


def first_anchor(*, last_visit_at: datetime | None, event_at: datetime) -> datetime:
    """Return what occurrence 0 of a chain counts from: the customer's last completed visit, else the event."""
    return last_visit_at or event_at


def chain_anchor(window: Window, *, reached_at: datetime | None, zone: ZoneInfo) -> datetime:
    """Return what the next task of a chain counts from: the end of the one before.

    That is when the customer was reached, else its closing: the instant, or 12:00 of the closing date, as of whatever
    has no time of day.
    """
    if reached_at is not None:
        return reached_at
    return window.closes_at if window.closes_on is None else local_noon(window.closes_on, zone)


def next_in_chain(
    timeline: Timeline, before: Occurrence, *, reached_at: datetime | None, is_closed: bool, now: datetime
) -> Occurrence | None:
    """Return the next task of a chain if it is there at `now`: it has opened, and the one before is over.

    Over is a task that is closed (`is_closed`: done, given up, refused …) or whose bound has passed; so a chain goes
    on whatever became of one visit, and never has two tasks in their time at once.
    """
    if not is_closed and not before.window.is_past(now):
        return None
    following = after_link(timeline, before, reached_at=reached_at)
    return following if following and following.window.has_opened(now) else None


def after_link(timeline: Timeline, before: Occurrence, *, reached_at: datetime | None) -> Occurrence | None:
    """Return the task of a chain that follows `before`, opened or not; None beyond `times`."""
    anchor_at = chain_anchor(before.window, reached_at=reached_at, zone=timeline.zone)
    found = replace(timeline, anchor_at=anchor_at).window(before.number + 1)
    return Occurrence(before.number + 1, found, anchor_at) if found else None


def first_link_not_past(timeline: Timeline, *, moment: datetime) -> Occurrence | None:
    """Return the first task of a chain whose window is not over at `moment`, those before it taken as unreached."""
    number = timeline.anchor_occurrence
    start = timeline.window(number)
    link = Occurrence(number, start, timeline.anchor_at) if start else None
    while link and link.window.is_past(moment):
        following = after_link(timeline, link, reached_at=None)
        link = following if following and following.window.closes_at > link.window.closes_at else None
    return link
