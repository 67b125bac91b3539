"""What is agreed after the contact: an appointment for a problem that is still open, a repair that was forgotten."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from config.clock import local_day
from staff.domain.access import CALLERS, roles_of
from staff.models import Employee
from visits.choices import FollowUpKind, FollowUpState
from visits.domain.calling.terms import terms_of, work_calendar
from visits.domain.follow_up.handling import CannotHandle, Changed
from visits.domain.follow_up.limits import is_beyond, return_limit
from visits.domain.follow_up.making import Ground, book, recommend
from visits.domain.follow_up.rescheduling import has_repair
from visits.domain.follow_up.wishes import LONGEST_DAYS
from visits.models import FollowUpItem, VisitTask

TAKES_REPAIR = (FollowUpKind.PROBLEM, FollowUpKind.RETURN_APPOINTMENT)


def book_return(item: FollowUpItem, on: date | None, *, solution: str, by: Employee, now: datetime) -> FollowUpItem:
    """Agree on a day for a problem that waits; the limit is that of its visit (A-13)."""
    _check_right(by, now)
    today = local_day(now)
    if item.kind != FollowUpKind.PROBLEM or item.state != FollowUpState.OPEN:
        raise CannotHandle(_("Only for a problem that waits an appointment is booked."))
    if not solution.strip():
        raise CannotHandle(_("Write the solution for which the car comes back."))
    if on is None or on < today or (on - today).days > LONGEST_DAYS:
        raise CannotHandle(_("Choose another day, today or later."))
    ground = ground_after(item, by, now)
    if is_beyond(on, ground.limit_on) and not has_repair(_as_problem(item)):
        raise CannotHandle(
            _("After %(day)s the car may come only with a recommended repair on file. Enter it first.")
            % {"day": ground.limit_on}
        )
    try:
        with transaction.atomic():
            return book(ground, solution, on=on, problem=item, owner=item.owner)
    except IntegrityError as error:  # one appointment at a time stands for a problem
        raise Changed from error


@transaction.atomic
def recommend_repair(item: FollowUpItem, text: str, *, on: date | None, by: Employee, now: datetime) -> FollowUpItem:
    """Enter a recommended repair for a problem or an appointment; it mends a record that lacks one (A-15)."""
    _check_right(by, now)
    if item.kind not in TAKES_REPAIR or item.state == FollowUpState.WITHDRAWN:
        raise CannotHandle(_("A recommended repair belongs to a problem or to an appointment."))
    if not text.strip():
        raise CannotHandle(_("Write the part and what is wrong with it."))
    problem = item if item.kind == FollowUpKind.PROBLEM else item.problem
    return recommend(ground_after(item, by, now), text, on=on or item.due_on, problem=problem)


def ground_after(item: FollowUpItem, by: Employee, now: datetime) -> Ground:
    """Return the ground of what is agreed about a follow-up after its contact."""
    task = VisitTask.objects.filter(links__record=item.record_id).order_by("links__pk").first()
    limit = item.limit_on
    if task is not None and limit is None:
        limit = return_limit(
            terms_of(task), visited_at=item.opened_at, happened_at=task.event.happened_at, calendar=work_calendar()
        )
    return Ground(
        customer=item.customer, by=by, now=now, since=now, zone=ZoneInfo(settings.TIME_ZONE), record=item.record,
        vehicle=item.vehicle_id, branch=item.branch_id, department=item.department_id, limit_on=limit,
    )  # fmt: skip


def _as_problem(item: FollowUpItem) -> FollowUpItem:
    """Return an appointment that would stand for the problem: what `has_repair` asks about."""
    return FollowUpItem(kind=FollowUpKind.RETURN_APPOINTMENT, problem=item, record=item.record)


def _check_right(by: Employee, now: datetime) -> None:
    if not roles_of(by, on=local_day(now)) & CALLERS:
        raise CannotHandle(_("You may look at follow-ups, not deal with them."))
