"""What exempts by itself, visibly: an outage over the bound, leave on it, a delay that the customer asked for.

An outage exempts where the program stood still at the bound, or for at least half of the hours in which the visit could
have been made: what is left is too little to be held to (RELIABILITY F58). Leave exempts whoever was away on the last
day: the work of absent people goes to others, and what nobody could take over is held against nobody. A delay that the
customer asked for is a moment after the bound that was agreed with them before it. Where the policy says so, too few
hours to call in exempt as well (`[calling_hours] exempt_below`; DECISIONS 15): they never move a bound.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from staff.domain.calendar import WorkCalendar, day_start, local_date
from staff.domain.outages import outages_in
from staff.domain.workforce import Workforce, load_workforce
from staff.models import Outage
from visits.domain.calling.terms import work_calendar
from visits.domain.detecting.bounds import house
from visits.domain.timing.retrying import CallingHours

OUTAGE: Final = "outage"
LEAVE: Final = "leave"
CUSTOMER: Final = "customer"
HOURS: Final = "hours"


@dataclass(frozen=True)
class Exemption:
    """Why nobody answers for a breach, empty where somebody does; `facts` go into its explanation."""

    why: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Circumstances:
    """What the exemptions of many breaches are judged by, read once."""

    workforce: Workforce
    calendar: WorkCalendar
    outages: Sequence[Outage] = ()

    @classmethod
    def of(cls, first: datetime | None, last: datetime | None) -> "Circumstances":
        """Read people, calendar and the outages of the span; without a span there are none."""
        outages = outages_in(first, last) if first and last else ()
        return cls(load_workforce(), work_calendar(), outages)


def exemption(
    who: int, opens_at: datetime, last_at: datetime, *, hours: CallingHours, known: Circumstances
) -> Exemption:
    """Return what exempts one person from a bound whose last moment in time is `last_at`."""
    if known.workforce.leave_of(who, on=local_date(last_at, house())) is not None:
        return Exemption(LEAVE)
    over = [one for one in known.outages if one.from_at < last_at and one.to_at > opens_at]
    if any(one.from_at <= last_at < one.to_at for one in over) or _took_half(over, opens_at, last_at, hours, known):
        return Exemption(OUTAGE, {"outages": [[one.from_at.isoformat(), one.to_at.isoformat()] for one in over]})
    if hours.exempt_below is not None and callable_time(opens_at, last_at, hours, known.calendar) < hours.exempt_below:
        return Exemption(HOURS)
    return Exemption()


def callable_time(first: datetime, last: datetime, hours: CallingHours, calendar: WorkCalendar) -> timedelta:
    """Return how long, between two moments, law and policy let one call."""
    return sum((end - start for start, end in _callable(first, last, hours, calendar)), timedelta())


def _took_half(
    outages: Iterable[Outage], opens_at: datetime, last_at: datetime, hours: CallingHours, known: Circumstances
) -> bool:
    """Say whether outages took at least half of the hours of a span in which calls could be made."""
    spans = [(one.from_at, one.to_at) for one in outages]
    if not spans:
        return False
    callable_spans = list(_callable(opens_at, last_at, hours, known.calendar))
    whole = sum(((end - start) for start, end in callable_spans), timedelta())
    return bool(whole) and 2 * _shared(callable_spans, spans) >= whole


def _callable(
    first: datetime, last: datetime, hours: CallingHours, calendar: WorkCalendar
) -> Iterable[tuple[datetime, datetime]]:
    """Yield the spans between two moments in which law and policy let one call."""
    for count in range((local_date(last, house()) - local_date(first, house())).days + 1):
        on = local_date(first, house()) + timedelta(count)
        midnight = day_start(on, house())
        for begin, end in hours.on(on, calendar):
            start, stop = midnight + timedelta(minutes=begin), midnight + timedelta(minutes=end)
            if max(start, first) < min(stop, last):
                yield max(start, first), min(stop, last)


def _shared(ours: Iterable[tuple[datetime, datetime]], theirs: list[tuple[datetime, datetime]]) -> timedelta:
    """Return how long two sets of spans overlap; what several of theirs cover counts once."""
    total = timedelta()
    for start, end in ours:
        reached = start
        for begin, stop in sorted(theirs):
            begin, stop = max(begin, reached), min(stop, end)
            total += max(stop - begin, timedelta())
            reached = max(reached, stop)
    return total
