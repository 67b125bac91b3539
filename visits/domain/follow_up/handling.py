"""What people do about a follow-up: progress, a hand-over, a result, an arrival, a new day (A-13, A-14, Q-05, S-06).

Each deed claims the row by a conditional UPDATE, so that of two at once one wins and the other hears of it.
"""

from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from config.clock import local_day
from staff.domain.access import CALLERS, MANAGERS, roles_of
from staff.domain.activity import log
from staff.models import Employee
from visits.choices import FollowUpDeedKind, FollowUpKind, FollowUpState
from visits.domain.follow_up.confirming import announce_settled
from visits.domain.follow_up.telling_people import tell_caller, tell_owner
from visits.models import FollowUpDeed, FollowUpItem

LOG_VERB: Final = "follow_up_"
NOT_SETTLED_BY_HAND: Final = (FollowUpKind.RETURN_APPOINTMENT,)


class CannotHandle(Exception):
    """The deed is refused; the text says why and what to do. Nothing has changed."""


class Changed(CannotHandle):
    """Somebody else has closed or moved the follow-up in the meantime."""

    def __init__(self) -> None:
        super().__init__(_("Somebody has dealt with this in the meantime. Look at it again."))


@transaction.atomic
def note_progress(item: FollowUpItem, text: str, *, told_customer: bool, by: Employee, now: datetime) -> None:
    """Write down what was done so far; telling the customer starts their waiting clock anew (S-06)."""
    _check_text(text, _("Write what has happened since."))
    _check_right(by, now)
    facts = {"waiting_since": now} if told_customer else {}
    kind = FollowUpDeedKind.TOLD_CUSTOMER if told_customer else FollowUpDeedKind.PROGRESS
    _claim(item, **facts)
    write(item, kind, by=by, now=now, text=text)
    if not told_customer:
        tell_caller(item, text, by=by, now=now)


@transaction.atomic
def transfer(item: FollowUpItem, to: Employee, *, reason: str, by: Employee, now: datetime) -> None:
    """Make somebody else accountable; what was promised to the customer stays as it is (Q-05, U-09)."""
    _check_right(by, now)
    if to.pk == item.owner_id:
        raise CannotHandle(_("This is already theirs."))
    if not to.is_active or not roles_of(to, on=local_day(now)) & CALLERS:
        raise CannotHandle(_("Choose somebody who works with customers."))
    _claim(item, owner=to)
    item.owner = to
    write(item, FollowUpDeedKind.TRANSFERRED, by=by, now=now, text=reason, to=to)
    tell_owner(item, by=by, now=now)


@transaction.atomic
def settle(item: FollowUpItem, result: str, *, by: Employee, now: datetime) -> None:
    """Close a follow-up with its written result; a settled problem is confirmed with the customer (F-02)."""
    _check_text(result, _("Write the result."))
    _check_right(by, now)
    if item.kind in NOT_SETTLED_BY_HAND:
        raise CannotHandle(_("An appointment ends with the arrival of the car, or with the promised day."))
    close(item, FollowUpState.SETTLED, now=now, result=result.strip())
    write(item, FollowUpDeedKind.SETTLED, by=by, now=now, text=result)
    tell_caller(item, result, by=by, now=now)
    if item.kind == FollowUpKind.PROBLEM:
        announce_settled(item, now=now)


@transaction.atomic
def reopen(item: FollowUpItem, reason: str, *, by: Employee, now: datetime) -> None:
    """Open a settled follow-up again, for it was not (F-02)."""
    _check_text(reason, _("Write why it is open again."))
    _check_right(by, now)
    open_again(item, now=now)
    write(item, FollowUpDeedKind.REOPENED, by=by, now=now, text=reason)


def open_again(item: FollowUpItem, *, now: datetime) -> None:
    """Put a settled follow-up back among the waiting ones and count it, in the caller's transaction."""
    found = FollowUpItem.objects.filter(pk=item.pk, state=FollowUpState.SETTLED)
    facts: dict[str, Any] = {"state": FollowUpState.OPEN, "closed_at": None, "waiting_since": now}
    if not found.update(**facts, result="", reopened=item.reopened + 1):
        raise Changed
    item.refresh_from_db()


@transaction.atomic
def note_arrival(item: FollowUpItem, *, arrived_on: date | None, by: Employee, now: datetime) -> None:
    """Say that the car has come; whoever made the appointment cannot say so (DECISIONS 28, A-14).

    `arrived_on`: the day, today where None. After the promised day the appointment stays missed, with its late arrival.
    """
    _check_right(by, now)
    on = arrived_on or local_day(now)
    if item.kind != FollowUpKind.RETURN_APPOINTMENT:
        raise CannotHandle(_("Only an appointment ends with an arrival."))
    if by.pk in (item.owner_id, item.record.advisor_id if item.record else None):
        raise CannotHandle(_("Whoever made the appointment cannot note the arrival. Ask a colleague at the reception."))
    if on > local_day(now) or on < local_day(item.opened_at):
        raise CannotHandle(_("The car came between the visit and today."))
    arrive(item, at=now, on=on, now=now, by=by)


def arrive(
    item: FollowUpItem, *, at: datetime, on: date, now: datetime, by: Employee | None, event: int | None = None
) -> None:
    """Note an arrival on the local day `on`, in the caller's transaction; in time it ends the appointment."""
    in_time = item.due_on is not None and on <= item.due_on
    facts: dict[str, Any] = {"arrived_at": at, "arrival_id": event}
    if in_time:
        facts |= {"state": FollowUpState.ARRIVED, "closed_at": now}
    elif item.state == FollowUpState.BOOKED:
        facts |= {"state": FollowUpState.MISSED, "closed_at": now}
    awaited = FollowUpItem.objects.filter(pk=item.pk, arrived_at=None, state=item.state)
    if item.state not in (FollowUpState.BOOKED, FollowUpState.MISSED) or not awaited.update(**facts):
        raise Changed
    if not in_time and item.state == FollowUpState.BOOKED:
        write(item, FollowUpDeedKind.MISSED, by=by, now=now)
    item.refresh_from_db()
    write(item, FollowUpDeedKind.ARRIVED, by=by, now=now, text=str(on))


@transaction.atomic
def withdraw(item: FollowUpItem, reason: str, *, by: Employee, now: datetime) -> None:
    """Take a follow-up back that should not be there; only a manager may, and says why: it escapes its date."""
    _check_text(reason, _("Write why it is taken back."))
    if not roles_of(by, on=local_day(now)) & MANAGERS:
        raise CannotHandle(_("Only a manager can take a follow-up back."))
    if item.owner_id == by.pk:
        raise CannotHandle(_("Nobody takes back what they answer for themselves."))
    close(item, FollowUpState.WITHDRAWN, now=now, result=reason.strip())
    write(item, FollowUpDeedKind.WITHDRAWN, by=by, now=now, text=reason)


def close(item: FollowUpItem, state: FollowUpState, *, now: datetime, **facts: Any) -> None:
    """End a waiting follow-up; of two at once one wins. In the caller's transaction."""
    _claim(item, state=state, closed_at=now, **facts)
    item.refresh_from_db()


def write(
    item: FollowUpItem, kind: FollowUpDeedKind, *, by: Employee | None, now: datetime, text: str = "",
    to: Employee | None = None, record: int | None = None,
) -> FollowUpDeed:  # fmt: skip
    """Append a line to the history of a follow-up, and one of activity."""
    log(now=now, actor=by, verb=LOG_VERB + kind.value, subject=item, to=to.pk if to else None, record=record)
    return FollowUpDeed.objects.create(
        item=item, kind=kind, at=now, by=by, to=to, text=text.strip(), record_id=record
    )  # fmt: skip


def _claim(item: FollowUpItem, **facts: Any) -> None:
    """Change a follow-up that still waits."""
    waiting = FollowUpItem.objects.filter(pk=item.pk, closed_at=None)
    if not (waiting.update(**facts) if facts else waiting.exists()):
        raise Changed


def _check_text(text: str, message: str) -> None:
    if not text.strip():
        raise CannotHandle(message)


def _check_right(by: Employee, now: datetime) -> None:
    if not roles_of(by, on=local_day(now)) & CALLERS:
        raise CannotHandle(_("You may look at follow-ups, not deal with them."))
