"""Asking for leave, deciding on it, taking it back: a granted request becomes an absence with a substitute.

Nobody decides their own (DECISIONS 10). Who decides is who looks after the person: the line manager or who stands in
for them by looking after the same unit.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from config.clock import local_day
from staff.choices import LeaveState
from staff.domain import activity, notifying
from staff.domain.duty.covering import Hours
from staff.domain.duty.planning import left_open_by
from staff.domain.oversight import looks_after, overseers_of
from staff.domain.people import OnLeaveAlready, check_deputy, come_back, put_on_leave
from staff.models import Absence, Employee, LeaveRequest

LONGEST = timedelta(366)
BEFORE = timedelta(62)  # illness is told afterwards, but a closed month and the one before stay as they were


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: days, both included, of what kind, and who does the work meanwhile."""

    kind: str
    from_on: date
    until_on: date
    substitute: Employee | None = None
    reason: str = ""


class CannotAsk(Exception):
    """These days cannot be asked for: `why` is one of order, long, past."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class AskedAlready(Exception):
    """Another request of the same person covers one of the days; `request` is that one."""

    def __init__(self, request: LeaveRequest) -> None:
        super().__init__(str(request))
        self.request = request


class SubstituteAway(Exception):
    """Who is to do the work is on leave on one of the days; `absence` is that leave."""

    def __init__(self, absence: Absence) -> None:
        super().__init__(str(absence))
        self.absence = absence


class SubstituteNeeded(Exception):
    """Nobody would be on duty for `hours` (J-06)."""

    def __init__(self, hours: Hours) -> None:
        super().__init__(str(hours))
        self.hours = hours


class MayNotDecide(Exception):
    """The request is one's own, or of somebody whom one does not look after."""


class NotWaiting(Exception):
    """The request was decided, or taken back, before."""


class OverAlready(Exception):
    """The leave has been taken: nothing of it can be given back."""


@transaction.atomic
def ask(employee: Employee, wish: Wish, *, now: datetime) -> LeaveRequest:
    """Ask for leave.

    Raises `CannotAsk`, `AskedAlready`, `OnLeaveAlready`, `CannotStandIn`, `SubstituteAway` and `SubstituteNeeded`.
    """
    _check(employee, wish, now=now)
    request = _written(employee, wish, now=now)
    activity.log(now=now, actor=employee, verb="leave_asked", subject=request, **_told(wish))
    deciders = overseers_of(employee, on=local_day(now))
    _tell(request, deciders, gettext_noop("%(name)s asks for leave: %(days)s"), now=now, key=_asked(request))
    return request


@transaction.atomic
def enter(employee: Employee, wish: Wish, *, actor: Employee, now: datetime) -> LeaveRequest:
    """Grant leave to somebody who told the manager by word of mouth; as `ask` and `decide` in one."""
    if not looks_after(actor, employee, on=local_day(now)):
        raise MayNotDecide
    _check(employee, wish, now=now)
    return _granted(_written(employee, wish, now=now), remark="", actor=actor, now=now)


@transaction.atomic
def decide(request: LeaveRequest, *, grant: bool, actor: Employee, now: datetime, remark: str = "") -> LeaveRequest:
    """Grant or refuse a request; of two who decide at once one wins.

    Raises `MayNotDecide`, `NotWaiting`, and where the days were given away meanwhile `OnLeaveAlready`, `CannotStandIn`,
    `SubstituteAway` or `SubstituteNeeded`.
    """
    if not looks_after(actor, request.employee, on=local_day(now)):
        raise MayNotDecide
    if grant:
        _check_substitute(request.employee, Wish("", request.from_on, request.until_on, request.substitute))
        return _granted(request, remark=remark, actor=actor, now=now)
    _claim(request, LeaveState.REFUSED, now=now, decided_at=now, decided_by=actor, remark=remark)
    activity.log(now=now, actor=actor, verb="leave_refused", subject=request)
    _tell(request, [request.employee], gettext_noop("Your leave was refused: %(days)s. %(remark)s"), now=now)
    return request


@transaction.atomic
def withdraw(request: LeaveRequest, *, actor: Employee, now: datetime) -> LeaveRequest:
    """Take a request back: one that waits is gone, granted leave is given back from today on.

    What a substitute has taken over stays there. Raises `MayNotDecide`, `NotWaiting` and `OverAlready`.
    """
    today = local_day(now)
    if actor.pk != request.employee_id and not looks_after(actor, request.employee, on=today):
        raise MayNotDecide
    if request.state == LeaveState.ASKED:
        _claim(request, LeaveState.WITHDRAWN, now=now)
        activity.log(now=now, actor=actor, verb="leave_withdrawn", subject=request)
        return request
    if request.state != LeaveState.GRANTED or request.absence is None:
        raise NotWaiting
    _give_back(request, request.absence, actor=actor, today=today, now=now)
    return request


def _give_back(request: LeaveRequest, absence: Absence, *, actor: Employee, today: date, now: datetime) -> None:
    """End granted leave: all of it where it has not begun, else from today on."""
    if absence.until_on is not None and absence.until_on < today:
        raise OverAlready
    if absence.from_on < today:
        come_back(request.employee, on=today, actor=actor, now=now)
        return
    LeaveRequest.objects.filter(pk=request.pk).update(state=LeaveState.WITHDRAWN, absence=None)
    absence.delete()
    request.refresh_from_db()
    activity.log(now=now, actor=actor, verb="leave_withdrawn", subject=request)


def _granted(request: LeaveRequest, *, remark: str, actor: Employee, now: datetime) -> LeaveRequest:
    _claim(request, LeaveState.GRANTED, now=now, decided_at=now, decided_by=actor, remark=remark)
    absence = put_on_leave(
        request.employee, from_on=request.from_on, until_on=request.until_on, substitute=request.substitute,
        actor=actor, now=now,
    )  # fmt: skip
    LeaveRequest.objects.filter(pk=request.pk).update(absence=absence)
    request.refresh_from_db()
    _tell(request, [request.employee], gettext_noop("Your leave was granted: %(days)s"), now=now)
    if request.substitute:
        _tell(request, [request.substitute], gettext_noop("You stand in for %(name)s: %(days)s"), now=now)
    return request


def _claim(request: LeaveRequest, state: LeaveState, *, now: datetime, **facts: object) -> None:
    """Move a request that waits; who comes second learns that it was decided."""
    if not LeaveRequest.objects.filter(pk=request.pk, state=LeaveState.ASKED).update(state=state, **facts):
        raise NotWaiting
    request.refresh_from_db()
    notifying.withdraw(key=_asked(request), now=now)


def _asked(request: LeaveRequest) -> str:
    return f"leave-asked-{request.pk}"


def _tell(request: LeaveRequest, people: Iterable[Employee], message: str, *, now: datetime, key: str = "") -> None:
    """Ring the bell of these people; why somebody is away is not said."""
    days = f"{request.from_on} – {request.until_on}" if request.until_on != request.from_on else str(request.from_on)
    facts = {"name": request.employee, "days": days, "remark": request.remark}
    notifying.notify(people, kind="leave", message=message, facts=facts, now=now, url="/staff/leave/", key=key)


def _written(employee: Employee, wish: Wish, *, now: datetime) -> LeaveRequest:
    return LeaveRequest.objects.create(
        employee=employee, kind=wish.kind, from_on=wish.from_on, until_on=wish.until_on, substitute=wish.substitute,
        reason=wish.reason, state=LeaveState.ASKED, asked_at=now,
    )  # fmt: skip


def _check(employee: Employee, wish: Wish, *, now: datetime) -> None:
    if wish.until_on < wish.from_on:
        raise CannotAsk("order")
    if wish.until_on - wish.from_on >= LONGEST:
        raise CannotAsk("long")
    if wish.from_on < local_day(now) - BEFORE:
        raise CannotAsk("past")
    Employee.objects.select_for_update(no_key=True).get(pk=employee.pk)  # two requests for one day wait for each other
    shared = Q(employee=employee, from_on__lte=wish.until_on, until_on__gte=wish.from_on)
    if taken := Absence.objects.filter(shared).first():
        raise OnLeaveAlready(taken)
    if asked := LeaveRequest.objects.filter(shared, state=LeaveState.ASKED).first():
        raise AskedAlready(asked)
    _check_substitute(employee, wish)


def _check_substitute(employee: Employee, wish: Wish) -> None:
    """Refuse a substitute who left, or is away on one of the days: the work would go on to the next in line.

    Without one, refuse days on which nobody would be on duty.
    """
    check_deputy(employee, wish.substitute)
    absences = Absence.objects.filter(from_on__lte=wish.until_on, until_on__gte=wish.from_on)
    if wish.substitute and (away := absences.filter(employee=wish.substitute).first()):
        raise SubstituteAway(away)
    if wish.substitute is None and (gap := left_open_by(employee, wish.from_on, wish.until_on)):
        raise SubstituteNeeded(gap)


def _told(wish: Wish) -> dict[str, object]:
    substitute = wish.substitute.pk if wish.substitute else None
    return {"from_on": str(wish.from_on), "until_on": str(wish.until_on), "substitute": substitute}
