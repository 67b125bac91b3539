"""Until when a car may come back under an appointment, and what a contact owes because of it (A-13 to A-16). Pure."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from config.packs.base import is_blank
from config.packs.pack import Pack
from staff.domain.calendar import WorkCalendar, local_date
from visits.domain.calling.terms import Terms
from visits.domain.follow_up.wishes import FollowOn

RECTIFICATION: Final = "rectification"
SOLUTION: Final = "solution"
RECOMMENDED_REPAIR: Final = "recommended_repair"


def return_limit(terms: Terms, *, visited_at: datetime, happened_at: datetime, calendar: WorkCalendar) -> date | None:
    """Return the last day that an appointment may promise; None where the regulation sets none.

    `[return_appointment]` counts from the visit, or from the event: day 5 of ``within = "5d"`` is still promised.
    """
    spec = terms.pack.return_appointment
    if spec is None or is_blank(spec.within):
        return None
    anchor = happened_at if spec.anchor == "event" else visited_at
    if spec.within.is_instant:
        return local_date(anchor + timedelta(minutes=spec.within.offset.minutes), terms.zone)
    return calendar.after(local_date(anchor, terms.zone), spec.within.offset)


def reschedules_allowed(pack: Pack) -> int | None:
    """Return how often a customer may move an appointment; None where the regulation does not say."""
    spec = pack.return_appointment
    return spec.reschedules if spec else None


def is_beyond(on: date | None, limit_on: date | None) -> bool:
    """Say whether a return lies past what may be promised, so that it needs a recommended repair on file (A-15)."""
    return on is not None and limit_on is not None and on > limit_on


def owed(follow: FollowOn, *, problem: str, rectification: str, limit_on: date | None) -> Iterator[str]:
    """Yield what a contact still owes about its problem, in the order of the form."""
    told = bool(rectification.strip())
    if problem.strip() and not told and not follow.remedies:
        yield RECTIFICATION
    if follow.return_on and not told:
        yield SOLUTION
    if is_beyond(follow.return_on, limit_on) and not follow.repair.strip():
        yield RECOMMENDED_REPAIR
