"""What an advisor tells, with a contact, of what has to follow from it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from staff.domain.calendar import local_date
from staff.domain.wording import day_words
from visits.choices import FollowUpKind

LONGEST_DAYS = 366


@dataclass(frozen=True)
class Grievance:
    """What a complaint tells beside the visit; empty: as the visit tells it, as the regulation proposes.

    `text`: the customer's own words where they differ from the problem; `severity` and `category` are codes of the book
    of complaints, `department` the id of the one that it concerns.
    """

    text: str = ""
    demand: str = ""
    severity: str = ""
    category: str = ""
    department: int | None = None


@dataclass(frozen=True)
class FollowOn:
    """What follows from a contact; empty texts and None are what does not.

    `return_on`: the day on which the customer agreed to bring the car back. `repair`: the problem to be entered as a
    recommended repair. `question`: what the caller could not answer alone, to be clarified until `question_due` by
    `question_to` (a person's id; None: by the caller). `remind_on`: the day of a follow-up by `remind_to`.
    """

    return_on: date | None = None
    repair: str = ""
    complaint: bool = False
    question: str = ""
    question_due: datetime | None = None
    question_to: int | None = None
    remind_on: date | None = None
    remind_to: int | None = None
    remind_text: str = ""
    grievance: Grievance = Grievance()

    @property
    def remedies(self) -> tuple[str, ...]:
        """Return the kinds of what takes care of a problem beside a written result (A-01)."""
        found = (
            (FollowUpKind.RETURN_APPOINTMENT, self.return_on is not None),
            (FollowUpKind.RECOMMENDED_REPAIR, bool(self.repair.strip())),
            (FollowUpKind.COMPLAINT, self.complaint),
        )
        return tuple(kind.value for kind, is_wished in found if is_wished)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of everything that follows."""
        asked = (FollowUpKind.QUESTION.value,) if self.question.strip() else ()
        reminded = (FollowUpKind.REMINDER.value,) if self.remind_on else ()
        return (*self.remedies, *asked, *reminded)


def faults(follow: FollowOn, *, visited_at: datetime | None, now: datetime, zone: ZoneInfo) -> dict[str, str]:
    """Return by field what cannot be: a return before the visit, a promise for a moment that is over."""
    return dict(_faults(follow, visited_at or now, now, zone))


def _faults(follow: FollowOn, visited_at: datetime, now: datetime, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    today, visited_on = local_date(now, zone), local_date(visited_at, zone)
    if follow.return_on and (fault := _unlikely(follow.return_on, visited_on)):
        yield "return_on", fault
    if follow.remind_on and (fault := _unlikely(follow.remind_on, min(today, visited_on))):
        yield "remind_on", fault
    if follow.question_due and follow.question_due <= min(now, visited_at):
        yield "question_due", _("This moment is over.")


def _unlikely(on: date, first: date) -> str:
    if on < first:
        return _("This day is over; the first possible one is %(day)s.") % {"day": day_words(first)}
    if (on - first).days > LONGEST_DAYS:
        return _("This day lies more than a year ahead.")
    return ""
