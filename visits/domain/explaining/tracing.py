"""How a window was reckoned, as a sum that people can check: anchor + offset = date, moved off a day off.

The dates are those of `visits.domain.timing.windows`; here each step towards them is said.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from config.packs.duration import Duration, Offset
from staff.domain.calendar import WorkCalendar, day_start, local_date
from visits.domain.explaining.wording import duration_text
from visits.domain.timing.windows import Cadence, Reckoning, Window, moved, window

MOST_DAYS_NAMED: Final = 10
FRIDAY: Final = 4


@dataclass(frozen=True)
class Anchor:
    """What a window is counted from: a moment, what it is called, and which occurrence it stands for."""

    name: str
    at: datetime
    occurrence: int = 0


@dataclass(frozen=True)
class Trace:
    """The window with the sums that lead to its opening and its closing."""

    window: Window
    opening: str
    closing: str


@dataclass(frozen=True)
class Tracer:
    """One step for one event: all that its windows depend on but the anchor and the occurrence."""

    cadence: Cadence
    zone: ZoneInfo
    calendar: WorkCalendar
    given: datetime | date | None = None
    interval: Duration | None = None

    def trace(self, anchor: Anchor, occurrence: int) -> Trace | None:
        """Return how the window of that occurrence is reckoned; None where there is none."""
        found = window(
            self.cadence,
            anchor_at=anchor.at,
            occurrence=occurrence,
            zone=self.zone,
            calendar=self.calendar,
            given=self.given,
            interval=self.interval,
            anchor_occurrence=anchor.occurrence,
        )
        closes = self.cadence.closes if isinstance(self.cadence.closes, Duration) else self.given
        if found is None or closes is None:
            return None
        steps = occurrence - anchor.occurrence
        reckoning = Reckoning(self.cadence, closes, anchor.at, steps, self.zone, self.calendar, self.interval)
        opening = self._sum(anchor, reckoning, self.cadence.opens, last=False)
        return Trace(found, opening, self._closing(anchor, reckoning, found, closes))

    def _closing(self, anchor: Anchor, reckoning: Reckoning, found: Window, closes: Duration | datetime | date) -> str:
        """Return the sum of the closing; where it lies before the opening, that the window ends with that day."""
        if not isinstance(closes, Duration):
            text = _("as the event itself says: %s") % self._end(found)
        else:
            own = self.interval if self.cadence.is_chain else None
            text = self._sum(anchor, reckoning, own or closes, last=True)
        bound = reckoning.closing().bound(self.zone)
        if bound != found.closes_at:
            text = _("%(sum)s, before the opening: the window ends with the day it opens, %(day)s") % {
                "sum": text, "day": found.closing_date(self.zone),
            }  # fmt: skip
        return text

    def _end(self, found: Window) -> str:
        if found.closes_inclusive:
            return f"{found.closes_at.astimezone(self.zone):%Y-%m-%d %H:%M}"
        return found.closing_date(self.zone).isoformat()

    def _sum(self, anchor: Anchor, reckoning: Reckoning, duration: Duration, *, last: bool) -> str:
        """Return "anchor + k × every + offset = date, moved off a day off"."""
        if self.cadence.align != "none":
            return self._aligned_sum(anchor, reckoning, duration, last=last)
        every = (self.interval or self.cadence.every) if self.cadence.every else None
        repeats = [f"{reckoning.steps} × {duration_text(every)}"] if every and reckoning.steps else []
        moves = every.offset * reckoning.steps if every else Offset()
        if duration.is_instant:
            return self._moment_sum(anchor, moves, duration, repeats)
        base = local_date(anchor.at, self.zone)
        terms = [f"{anchor.name} {base}", *repeats]
        return self._dated_sum(terms, base, moves + duration.offset, duration)

    def _moment_sum(self, anchor: Anchor, moves: Offset, duration: Duration, repeats: list[str]) -> str:
        """Return the sum of a bound to the minute, counted from the anchor's moment."""
        end = moved(anchor.at, moves, self.zone, self.calendar) + timedelta(minutes=duration.offset.minutes)
        terms = [f"{anchor.name} {anchor.at.astimezone(self.zone):%Y-%m-%d %H:%M}", *repeats]
        return self._equals(terms, duration, f"{end.astimezone(self.zone):%Y-%m-%d %H:%M}")

    def _aligned_sum(self, anchor: Anchor, reckoning: Reckoning, duration: Duration, *, last: bool) -> str:
        """Return the sum of a bound counted from the first or last day of a whole calendar period."""
        first_day, last_day = reckoning.period()
        base = last_day if last else first_day
        end_of = _("end of the period %(first)s – %(last)s after %(anchor)s")
        start_of = _("start of the period %(first)s – %(last)s after %(anchor)s")
        name = f"{anchor.name} {local_date(anchor.at, self.zone)}"
        term = (end_of if last else start_of) % {"first": first_day, "last": last_day, "anchor": name}
        if duration.is_instant:
            end = day_start(base, self.zone) + timedelta(minutes=duration.offset.minutes)
            return self._equals([term], duration, f"{end.astimezone(self.zone):%Y-%m-%d %H:%M}")
        return self._dated_sum([term], base, duration.offset, duration)

    def _dated_sum(self, terms: list[str], base: date, offset: Offset, duration: Duration) -> str:
        """Return the sum of a day, the days off that were passed over, and what a shift made of it."""
        on = self.calendar.after(base, offset)
        text = self._equals(terms, duration, on.isoformat())
        start = self.calendar.after(base, Offset(offset.months, offset.days))
        if offset.workdays:
            text += self._passed_over(start, on)
        shifted = self.calendar.shifted(on, self.cadence.shift)
        if shifted == on:
            return text + self._provisional(start, on, counted=bool(offset.workdays) or self.cadence.shift != "none")
        later = _("%(sum)s, no working day: moved on to %(day)s")
        earlier = _("%(sum)s, no working day: moved back to %(day)s")
        text = (later if shifted > on else earlier) % {"sum": text, "day": shifted}
        return text + self._provisional(min(start, shifted), max(on, shifted), counted=True)

    def _equals(self, terms: list[str], duration: Duration, result: str) -> str:
        added = [duration_text(duration)] if duration.count or len(terms) == 1 else []
        return f"{' + '.join([*terms, *added])} = {result}"

    def _passed_over(self, start: date, end: date) -> str:
        """Return which days off lie between, and which made-up days count; nothing where all is as usual."""
        between = [start + timedelta(n) for n in range(1, (end - start).days + 1)]
        off = [day for day in between if not self.calendar.is_workday(day)]
        made_up = [day for day in between if day.weekday() > FRIDAY and self.calendar.is_workday(day)]
        told = [
            text % _listed(days)
            for days, text in ((off, _("days off: %s")), (made_up, _("make-up days worked: %s")))
            if days
        ]
        return _(" (%s)") % _("; ").join(told) if told else ""

    def _provisional(self, first: date, last: date, *, counted: bool) -> str:
        if counted and self.calendar.is_provisional_between(first, last):
            return _(" (provisional: the holidays of that year are not published)")
        return ""


def _listed(days: list[date]) -> str:
    named = pgettext("list", ", ").join(f"{day:%m-%d}" for day in days[:MOST_DAYS_NAMED])
    return named + " …" if len(days) > MOST_DAYS_NAMED else named
