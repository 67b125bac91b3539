"""Moving an appointment at the customer's wish, as often as the regulation lets it (A-14, `[return_appointment]`)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.clock import local_day
from staff.domain.access import CALLERS, roles_of
from staff.models import Employee
from visits.choices import FollowUpDeedKind, FollowUpKind, FollowUpState
from visits.domain.calling.terms import terms_of
from visits.domain.follow_up.handling import CannotHandle, close, write
from visits.domain.follow_up.limits import is_beyond, reschedules_allowed
from visits.domain.follow_up.making import Ground, book
from visits.domain.follow_up.wishes import LONGEST_DAYS
from visits.models import FollowUpItem, VisitTask


@transaction.atomic
def reschedule(item: FollowUpItem, on: date, *, reason: str, by: Employee, now: datetime) -> FollowUpItem:
    """Put a new appointment in the place of one whose day has not ended; return it.

    The limit stays where the visit has put it: a day past it needs a recommended repair of that problem on file.
    """
    if not reason.strip():
        raise CannotHandle(_("Write what the customer said."))
    if not roles_of(by, on=local_day(now)) & CALLERS:
        raise CannotHandle(_("You may look at follow-ups, not deal with them."))
    _check(item, on, now)
    close(item, FollowUpState.RESCHEDULED, now=now)
    write(item, FollowUpDeedKind.RESCHEDULED, by=by, now=now, text=f"{on} {reason.strip()}")
    return book(_ground(item, by, now), item.text, on=on, problem=item.problem, replaces=item, owner=item.owner)


def reschedules_left(item: FollowUpItem) -> int | None:
    """Return how often the appointment may still be moved; None where the regulation sets no number."""
    task = _task_of(item)
    allowed = reschedules_allowed(terms_of(task).pack) if task else None
    return None if allowed is None else max(0, allowed - _moves_so_far(item))


def _check(item: FollowUpItem, on: date, now: datetime) -> None:
    today = local_day(now)
    if item.kind != FollowUpKind.RETURN_APPOINTMENT or item.state != FollowUpState.BOOKED or item.due_on is None:
        raise CannotHandle(_("Only an appointment that still waits can be moved."))
    if item.due_at is not None and item.due_at <= now:
        raise CannotHandle(_("The promised day has ended: this appointment is missed."))
    if on < today or on == item.due_on:
        raise CannotHandle(_("Choose another day, today or later."))
    if (on - today).days > LONGEST_DAYS:
        raise CannotHandle(_("This day lies more than a year ahead."))
    left = reschedules_left(item)
    if left == 0:
        moved = _moves_so_far(item)
        raise CannotHandle(
            ngettext(
                "The regulation lets an appointment be moved %(count)d time only.",
                "The regulation lets an appointment be moved %(count)d times only.",
                moved,
            )
            % {"count": moved}
        )
    if is_beyond(on, item.limit_on) and not has_repair(item):
        raise CannotHandle(
            _("After %(day)s the car may come only with a recommended repair on file. Enter it first.")
            % {"day": item.limit_on}
        )


def has_repair(item: FollowUpItem) -> bool:
    """Say whether a recommended repair stands for the problem of an appointment, or for its contact."""
    standing = FollowUpItem.objects.standing().filter(kind=FollowUpKind.RECOMMENDED_REPAIR)
    if item.problem_id:
        return standing.filter(problem=item.problem_id).exists()
    return item.record_id is not None and standing.filter(record=item.record_id).exists()


def _moves_so_far(item: FollowUpItem) -> int:
    moved, seen = item.replaces, 0
    while moved is not None:
        seen, moved = seen + 1, moved.replaces
    return seen


def _task_of(item: FollowUpItem) -> VisitTask | None:
    if item.record_id is None:
        return None
    return VisitTask.objects.filter(links__record=item.record_id).order_by("links__pk").first()


def _ground(item: FollowUpItem, by: Employee, now: datetime) -> Ground:
    task = _task_of(item)
    zone = terms_of(task).zone if task else ZoneInfo(settings.TIME_ZONE)
    return Ground(
        customer=item.customer, by=by, now=now, since=item.opened_at, zone=zone, record=item.record,
        vehicle=item.vehicle_id, branch=item.branch_id, department=item.department_id, limit_on=item.limit_on,
    )  # fmt: skip
