"""When a task opens and until when it is in time: the arithmetic of a step's offsets, pure.

The order of adding, bounds and alignment are those of POLICY_PACK.md, Time; docs/arithmetic.md shows them with dates.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, Literal, Self
from zoneinfo import ZoneInfo

from config.packs.duration import Duration, Offset, as_duration
from staff.domain.calendar import WorkCalendar, add_months, day_end, day_start, local_date

GIVEN: Final = "given"
PERIOD_MONTHS: Final = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


@dataclass(frozen=True, slots=True)
class Cadence:
    """When the tasks of a step open and close, and how they recur: the timing keys of ``[[visit_rule.step]]``.

    That `closes` is not before `opens`, config.packs checks; here a window that crosses ends with the day it opens.
    """

    opens: Duration
    closes: Duration | Literal["given"]
    every: Duration | None = None
    align: str = "none"
    times: int | None = None
    shift: str = "none"
    anchor: str = "event"

    def __post_init__(self) -> None:
        every, aligned = self.every, self.align != "none"
        if every is not None and not is_interval(every):
            raise ValueError(f"every = {every} is not at least one day.")
        if every is not None and aligned or self.is_chain and (every is not None or aligned):
            raise ValueError("Of every, align and anchor = 'previous_visit' a step takes one.")

    @classmethod
    def of(cls, step: Any) -> Self:  # a schema, a released step or a row: whatever has the keys of a step
        """Return the cadence of a step, whose durations may be durations or their texts."""
        closes = step.closes
        return cls(
            opens=as_duration(step.opens),
            closes=GIVEN if closes == GIVEN else as_duration(closes),
            every=as_duration(step.every) if step.every else None,
            align=step.align or "none",
            times=int(step.times) if step.times else None,
            shift=step.shift or "none",
            anchor=step.anchor or "event",
        )

    @property
    def is_chain(self) -> bool:
        """Whether each task is anchored on the end of the one before."""
        return self.anchor == "previous_visit"

    @property
    def is_recurring(self) -> bool:
        """Whether an event may get more than occurrence 0."""
        return self.every is not None or self.align != "none" or self.is_chain

    @property
    def is_day_based(self) -> bool:
        """Whether the local date of the anchor alone decides, so that all events of a day share their windows."""
        return not self.opens.is_instant and isinstance(self.closes, Duration) and not self.closes.is_instant

    def has(self, occurrence: int) -> bool:
        """Say whether `occurrence` (from 0) exists at all: `times` ends a series, a single step has only 0."""
        if occurrence and not self.is_recurring:
            return False
        return occurrence >= 0 and (self.times is None or occurrence < self.times)


@dataclass(frozen=True, slots=True)
class Window:
    """From when (UTC, inclusive) until when a task is in time.

    `opens_on`, `closes_on` are the local dates of day-based ends, None for ends that are moments. `provisional`: a
    working day of a year not yet published was counted, so the dates may move.
    """

    opens_at: datetime
    closes_at: datetime
    closes_inclusive: bool
    opens_on: date | None
    closes_on: date | None
    provisional: bool = False

    def contains(self, moment: datetime) -> bool:
        """Say whether a visit at `moment` is in time: not before the opening, not past the bound."""
        return self.opens_at <= moment and not self.is_past(moment)

    def is_past(self, moment: datetime) -> bool:
        """Say whether the bound is over at `moment`; at an inclusive bound itself it is not."""
        return moment > self.closes_at if self.closes_inclusive else moment >= self.closes_at

    def has_opened(self, moment: datetime) -> bool:
        """Say whether the task is there to be worked at `moment`."""
        return self.opens_at <= moment

    def closing_date(self, zone: ZoneInfo) -> date:
        """Return the local date that the window closes on: the last one in which a visit can be in time."""
        return self.closes_on or local_date(self.closes_at, zone)


@dataclass(frozen=True, slots=True)
class Edge:
    """One end of a window: a local date, or a moment."""

    when: date | datetime
    provisional: bool = False

    @property
    def on(self) -> date | None:
        """Return the local date of a day-based end."""
        return None if isinstance(self.when, datetime) else self.when

    def opening(self, zone: ZoneInfo) -> datetime:
        """Return the first moment of the window that opens here."""
        return self.when if isinstance(self.when, datetime) else day_start(self.when, zone)

    def bound(self, zone: ZoneInfo) -> datetime:
        """Return the bound of the window that closes here: inclusive for a moment, exclusive for a date."""
        return self.when if isinstance(self.when, datetime) else day_end(self.when, zone)


def window(
    cadence: Cadence,
    *,
    anchor_at: datetime,
    occurrence: int,
    zone: ZoneInfo,
    calendar: WorkCalendar,
    given: datetime | date | None = None,
    interval: Duration | None = None,
    anchor_occurrence: int = 0,
) -> Window | None:
    """Return the window of `occurrence`; None beyond `times`, beyond the year 9999, or where `given` is missing.

    `anchor_at` is the event's moment; of a chain, what the task before gives (see `recurrence.chain_anchor`).
    `given` is the event's own due (a date: until its end; a moment: inclusive), `interval` the customer's own: it
    replaces `every`, or the closing of a chain. `anchor_occurrence`: the occurrence that `anchor_at` stands for, where
    a series was anchored anew.
    """
    closes = cadence.closes if isinstance(cadence.closes, Duration) else given
    if closes is None or not cadence.has(occurrence):
        return None
    try:
        steps = occurrence - anchor_occurrence
        reckoning = Reckoning(cadence, closes, anchor_at, steps, zone, calendar, interval)
        return _joined(reckoning.opening(), reckoning.closing(), zone)
    except OverflowError:
        return None


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The facts that both ends of one occurrence, `steps` × `every` after its anchor, are computed from."""

    cadence: Cadence
    closes: Duration | datetime | date
    anchor_at: datetime
    steps: int
    zone: ZoneInfo
    calendar: WorkCalendar
    interval: Duration | None

    def __post_init__(self) -> None:
        if self.interval is not None and not is_interval(self.interval):
            raise ValueError(f"A customer's own interval of {self.interval} is not at least one day.")

    def opening(self) -> Edge:
        """Return where the window opens; under a customer's shorter interval no later than it closes."""
        edge = self._edge(self.cadence.opens, last=False)
        if self.cadence.is_chain and self.interval and edge.opening(self.zone) > self.closing().bound(self.zone):
            return self.closing()
        return edge

    def closing(self) -> Edge:
        """Return where the window closes: the offset, the event's own due, or the customer's interval in a chain."""
        if not isinstance(self.closes, Duration):
            return self._promised(self.closes)
        return self._edge(self.interval if self.interval and self.cadence.is_chain else self.closes, last=True)

    def _edge(self, duration: Duration, *, last: bool) -> Edge:
        """Return the anchor, moved for this occurrence, plus `duration`."""
        if self.cadence.align != "none":
            base = self.period()[1 if last else 0]
            if duration.is_instant:
                return Edge(day_start(base, self.zone) + timedelta(minutes=duration.offset.minutes))
            return self._dated(base, duration.offset)
        if duration.is_instant:
            return Edge(self._moved_moment() + timedelta(minutes=duration.offset.minutes))
        return self._dated(local_date(self.anchor_at, self.zone), self._step() + duration.offset)

    def _dated(self, base: date, offset: Offset) -> Edge:
        """Return the date that `offset` leads to from `base`, shifted off a day off where the step says so."""
        unshifted = self.calendar.after(base, offset)
        on = self.calendar.shifted(unshifted, self.cadence.shift)
        counted = self.cadence.shift != "none" or offset.workdays > 0
        start = self.calendar.after(base, Offset(offset.months, offset.days)) if offset.workdays else unshifted
        provisional = counted and self.calendar.is_provisional_between(min(start, on), max(start, on))
        return Edge(on, provisional)

    def _step(self) -> Offset:
        """Return k × `every`, or k × the customer's interval."""
        every = self.interval or self.cadence.every if self.cadence.every else None
        return every.offset * self.steps if every else Offset()

    def _moved_moment(self) -> datetime:
        """Return the anchor's moment with its date moved by k × `every`; its local time of day is kept."""
        return moved(self.anchor_at, self._step(), self.zone, self.calendar)

    def period(self) -> tuple[date, date]:
        """Return the first and last day of the aligned period: the (k+1)th whole one after the anchor's."""
        return aligned_period(local_date(self.anchor_at, self.zone), self.cadence.align, self.steps + 1)

    def _promised(self, due: datetime | date) -> Edge:
        """Return the event's own due, moved by k × `every`; no shift touches what was promised."""
        if isinstance(due, datetime):
            return Edge(moved(due, self._step(), self.zone, self.calendar))
        return Edge(self.calendar.after(due, self._step()))


def moved(moment: datetime, offset: Offset, zone: ZoneInfo, calendar: WorkCalendar) -> datetime:
    """Return `moment` (UTC) with its local date moved by `offset` and its local time of day kept."""
    on = local_date(moment, zone)
    target = calendar.after(on, offset)
    if target == on:
        return moment.astimezone(UTC)
    local = moment.astimezone(zone)
    return datetime.combine(target, time(local.hour, local.minute, local.second, local.microsecond), zone).astimezone(
        UTC
    )


def aligned_period(on: date, align: str, ahead: int) -> tuple[date, date]:
    """Return first and last day of the calendar period (month, quarter …) `ahead` periods after that of `on`."""
    months = PERIOD_MONTHS[align]
    current = date(on.year, (on.month - 1) // months * months + 1, 1)
    first = add_months(current, months * ahead)
    return first, add_months(first, months) - timedelta(1)


def is_interval(duration: Duration) -> bool:
    """Say whether `duration` can repeat: in days or longer, and not zero."""
    return not duration.is_instant and duration.count > 0


def _joined(first: Edge, last: Edge, zone: ZoneInfo) -> Window:
    """Return the window from `first` to `last`; where they cross it ends with the day it opens."""
    opens_at, closes_at = first.opening(zone), last.bound(zone)
    provisional = first.provisional or last.provisional
    if closes_at < opens_at or (closes_at == opens_at and last.on):
        closes_on = first.on or local_date(opens_at, zone)
        return Window(opens_at, day_end(closes_on, zone), False, first.on, closes_on, provisional)
    return Window(opens_at, closes_at, last.on is None, first.on, last.on, provisional)
