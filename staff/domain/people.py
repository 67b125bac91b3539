"""Leaving, leave and coming back: who does the work meanwhile, and what becomes of the account (DECISIONS 6).

The work itself lies in other apps; it moves by the handover ``employee_away`` in the same transaction.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from config.clock import local_day
from staff.choices import LeaveState
from staff.domain import activity
from staff.domain.jobs import hand_over
from staff.models import Absence, Employee, LeaveRequest, Posting, RoleAssignment


class AlreadyLeft(Exception):
    """The person has left before."""


class CannotStandIn(Exception):
    """Whoever is to do the work is the same person, or has left."""


class OnLeaveAlready(Exception):
    """The person has leave on one of these days; `absence` is that leave."""

    def __init__(self, absence: Absence) -> None:
        super().__init__(str(absence))
        self.absence = absence


class NotOnLeave(Exception):
    """The person has no leave on that day, so there is nothing to come back from."""


@transaction.atomic
def resign(
    employee: Employee, *, hand_over_to: Employee | None, left_on: date, actor: Employee | None, now: datetime
) -> None:
    """Let somebody go after their last day `left_on`; at once where that day is today or past.

    Then the account closes, every session with it, and open work goes to `hand_over_to`, else into the pool. Credit
    for what was done stays. Raises `AlreadyLeft` and `CannotStandIn`.
    """
    check_deputy(employee, hand_over_to)
    changed = Employee.objects.filter(pk=employee.pk, is_active=True).update(left_on=left_on, hand_over_to=hand_over_to)
    if not changed:
        raise AlreadyLeft
    employee.refresh_from_db()
    heir = hand_over_to.pk if hand_over_to else None
    activity.log(now=now, actor=actor, verb="resigned", subject=employee, left_on=str(left_on), hand_over_to=heir)
    if left_on <= local_day(now):
        _let_go(employee, now=now, actor=actor)


@transaction.atomic
def stay(employee: Employee, *, actor: Employee | None, now: datetime) -> None:
    """Take a resignation back before its last day is over. Raises `AlreadyLeft` where none is pending."""
    pending = Employee.objects.filter(pk=employee.pk, is_active=True, left_on__gte=local_day(now))
    if not pending.update(left_on=None, hand_over_to=None):
        raise AlreadyLeft
    employee.refresh_from_db()
    activity.log(now=now, actor=actor, verb="resignation_withdrawn", subject=employee)


@transaction.atomic
def set_capacity(employee: Employee, capacity: int, *, actor: Employee, now: datetime) -> None:
    """Write down how many visits the person can make in a day."""
    before = employee.capacity
    employee.capacity = capacity
    employee.save(update_fields=["capacity"])
    activity.log(now=now, actor=actor, verb="capacity_set", subject=employee, before=before, after=capacity)


def close_accounts(*, now: datetime, on: date) -> int:
    """Let go everybody whose last day lies before the business day `on`; return how many (a daily job)."""
    leaving = Employee.objects.filter(is_active=True, left_on__lt=on).order_by("pk")
    for employee in leaving:
        with transaction.atomic():
            _let_go(employee, now=now, actor=None)
    return len(leaving)


@transaction.atomic
def put_on_leave(
    employee: Employee,
    *,
    from_on: date,
    until_on: date,
    substitute: Employee | None,
    actor: Employee | None,
    now: datetime,
    reason: str = "",
) -> Absence:
    """Grant leave from `from_on` up to and including `until_on`; work that is open meanwhile goes to the substitute.

    Raises `OnLeaveAlready` and `CannotStandIn`; days in the wrong order are a `ValueError`.
    """
    if until_on < from_on:
        raise ValueError(f"leave until {until_on} would end before it begins on {from_on}")
    check_deputy(employee, substitute)
    Employee.objects.select_for_update(no_key=True).get(pk=employee.pk)  # two leaves for one day wait for each other
    overlapping = Absence.objects.filter(employee=employee, from_on__lte=until_on, until_on__gte=from_on).first()
    if overlapping:
        raise OnLeaveAlready(overlapping)
    absence = Absence.objects.create(
        employee=employee, from_on=from_on, until_on=until_on, substitute=substitute, reason=reason
    )
    facts = {"from_on": str(from_on), "until_on": str(until_on), "substitute": substitute.pk if substitute else None}
    activity.log(now=now, actor=actor, verb="leave_granted", subject=employee, **facts)
    hand_over("leave_granted", employee=employee, from_on=from_on, now=now)
    if from_on <= local_day(now) <= until_on:
        hand_over("employee_away", employee=employee, now=now, actor=actor)
    return absence


@transaction.atomic
def come_back(employee: Employee, *, on: date, actor: Employee | None, now: datetime) -> None:
    """End somebody's leave before the day `on`; what the substitute has taken over stays there.

    Raises `NotOnLeave`.
    """
    absence = Absence.objects.on(on).filter(employee=employee).first()
    if absence is None:
        raise NotOnLeave
    if absence.from_on >= on:
        absence.delete()
    else:
        absence.until_on = on - timedelta(1)
        absence.save(update_fields=["until_on"])
    activity.log(now=now, actor=actor, verb="leave_ended", subject=employee, back_on=str(on))


def check_deputy(employee: Employee, deputy: Employee | None) -> None:
    """Raise `CannotStandIn` where the deputy is the same person, or has left."""
    if deputy is not None and (deputy.pk == employee.pk or not deputy.is_active):
        raise CannotStandIn


def _let_go(employee: Employee, *, now: datetime, actor: Employee | None) -> None:
    """Close the account: without it no session and no link for a new password is good for anything."""
    employee.is_active = False
    employee.set_unusable_password()
    employee.save(update_fields=["is_active", "password"])
    still = Q(until_on=None) | Q(until_on__gt=employee.left_on)
    for dated in (RoleAssignment, Posting):
        dated.objects.filter(still, employee=employee, from_on__lte=employee.left_on).update(until_on=employee.left_on)
        dated.objects.filter(employee=employee, from_on__gt=employee.left_on).delete()
    waiting = LeaveRequest.objects.filter(employee=employee, state=LeaveState.ASKED)
    waiting.update(state=LeaveState.WITHDRAWN)
    activity.log(now=now, actor=actor, verb="account_closed", subject=employee)
    hand_over("employee_away", employee=employee, now=now, actor=actor)
