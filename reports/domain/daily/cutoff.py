"""Until when a report is in time, late, missing (POLICY_PACK, `[[report]]`; DECISIONS 35; A-06, A-11). Pure.

`due` counts from the last day that a report covers, or from the end of its visit where it is in hours; ``wd`` are the
owner's own working days. Without `at` one is in time until the end of the day that `due` names. Without `due` nothing
falls due, so such a report is never late.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from config.packs.duration import Offset
from config.packs.duties import ReportSpec
from reports.choices import ReportFate
from staff.domain.calendar import WorkCalendar, add_months, day_end, local_date

SECOND: Final = timedelta(seconds=1)
FARTHEST: Final = 400  # days that are tried for a working day of somebody's before the calendar alone decides


@dataclass(frozen=True, slots=True)
class Cutoff:
    """The bound (UTC), whether the bound itself is in time, and the end of its local day; empty where none is set."""

    due_at: datetime | None = None
    inclusive: bool = False
    day_ends_at: datetime | None = None

    def fate(self, handed_in_at: datetime | None, *, now: datetime) -> str:
        """Return what the bound finds of a report handed in at that moment, or not yet; empty while it is undecided.

        What counts is the second: handed in at 09:00:00.4 is in time for an inclusive bound of 09:00.
        """
        if handed_in_at is not None and self._holds(handed_in_at):
            return ReportFate.IN_TIME
        moment = now if handed_in_at is None else handed_in_at
        if self.day_ends_at is not None and moment >= self.day_ends_at:
            return ReportFate.MISSING
        return "" if handed_in_at is None else ReportFate.LATE

    def is_over(self, *, now: datetime) -> bool:
        """Say whether a report handed in at `now` would no longer be in time."""
        return not self._holds(now)

    def _holds(self, moment: datetime) -> bool:
        if self.due_at is None:
            return True
        return moment < self.due_at + SECOND if self.inclusive else moment < self.due_at


@dataclass(frozen=True)
class OwnDays:
    """The working days of one person: those of the company on which they are not away."""

    calendar: WorkCalendar
    is_away: Callable[[date], bool]

    def works(self, on: date) -> bool:
        """Say whether the person works on that day."""
        return self.calendar.is_workday(on) and not self.is_away(on)

    def after(self, on: date, offset: Offset) -> date:
        """Return the date that an offset leads to; of working days only the person's own count."""
        found = add_months(on, offset.months) + timedelta(offset.days)
        for _count in range(offset.workdays):
            found = self._next(found)
        return found

    def _next(self, on: date) -> date:
        """Return the person's next working day; of somebody who is away for more than a year the company's."""
        for days in range(1, FARTHEST):
            if self.works(on + timedelta(days)):
                return on + timedelta(days)
        return self.calendar.add_workdays(on, 1)


def cutoff(spec: ReportSpec, *, covers_to: date, ended_at: datetime | None, days: OwnDays, zone: ZoneInfo) -> Cutoff:
    """Return the bound of a report that covers up to and including `covers_to`; `ended_at` is when its visit ended."""
    if spec.due is None:
        return Cutoff()
    if spec.due.is_instant:
        begin = ended_at or day_end(covers_to, zone)
        due_at = begin.astimezone(UTC) + timedelta(minutes=spec.due.offset.minutes)
        return Cutoff(due_at, spec.inclusive, day_end(local_date(due_at, zone), zone))
    on = days.after(covers_to, spec.due.offset)
    if spec.at is None:
        return Cutoff(day_end(on, zone), False, day_end(on, zone))
    due_at = datetime.combine(on, time.fromisoformat(spec.at), zone).astimezone(UTC)
    return Cutoff(due_at, spec.inclusive, day_end(on, zone))
