"""Putting people on duty, standing in for each other, taking a shift back, and repeating a week."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_noop

from config.clock import local_day
from config.packs.company import RosterSpec
from staff.domain import activity, notifying
from staff.domain.duty.covering import Hours, Turn, covered
from staff.domain.duty.desks import DayAtDesk, Desk, Rota, desk_of, hours_of, midnight
from staff.domain.oversight import overseen_by
from staff.models import Branch, Employee, QualificationHeld, Shift

MOST_DAYS = 62
DAY = timedelta(1)
WEEK = timedelta(7)
DAYS_TOLD = 7  # in one notification


@dataclass(frozen=True, slots=True)
class Wanted:
    """Somebody at a desk on each of some days, from one time of the day until another; past midnight where it is less.

    `in_place_of`: whom they stand in for, who is away for these hours; `reason` says why, or why somebody is put on
    duty who lacks what the roster needs.
    """

    desk: Desk
    employee: Employee
    first: date
    last: date
    begins: time
    ends: time
    in_place_of: Employee | None = None
    reason: str = ""

    def hours(self, zone: ZoneInfo) -> list[Hours]:
        """Return the hours of each day."""
        days = [self.first + timedelta(count) for count in range((self.last - self.first).days + 1)]
        over = DAY if self.ends <= self.begins else timedelta(0)
        return [
            Hours(datetime.combine(on, self.begins, zone), datetime.combine(on + over, self.ends, zone)) for on in days
        ]


class Refused(Exception):
    """A shift cannot be entered or taken back. `why`: what stands against it; `facts`: whom and which hours it names.

    order, long (more than two months at once), nobody (one does not look after the person), desk (nothing is asked to
    be staffed there then), role (they do not hold it), away (on leave, or gone), twice (on duty there already), lacks
    (a qualification, and no reason is given), absent (whom they stand in for is not on duty then), reason (a shift of
    the past is taken back without one), gap (nobody would be there), gone (it was taken back before).
    """

    def __init__(self, why: str, **facts: object) -> None:
        super().__init__(why)
        self.why = why
        self.facts = facts


@transaction.atomic
def enter(wanted: Wanted, *, actor: Employee, on: date, now: datetime) -> list[Shift]:
    """Put somebody on duty, all days or none. `on` is the day on which it is asked. Raises `Refused`."""
    if wanted.last < wanted.first:
        raise Refused("order")
    if wanted.last - wanted.first > timedelta(MOST_DAYS):
        raise Refused("long")
    if not overseen_by(actor, on=on).filter(pk=wanted.employee.pk).exists():
        raise Refused("nobody")
    Employee.objects.select_for_update(no_key=True).get(pk=wanted.employee.pk)  # who plans twice at once waits
    rota = Rota(wanted.first, wanted.last + DAY, policies=[wanted.desk.policy])
    days = {day.on: day for day in rota.days() if day.desk.roster == wanted.desk.roster}
    if not set(days) >= {wanted.first, wanted.last}:
        raise Refused("desk")
    zone = rota.zone_of(wanted.desk.policy, wanted.first)
    every = wanted.hours(zone)
    for hours in every:
        _check(wanted, hours, days[hours.begins.date()].spec, rota)
    made = [_made(wanted, hours, actor=actor, now=now) for hours in every]
    _tell(made, gettext_noop("You are on duty: %(days)s"), actor=actor, now=now)
    return made


@transaction.atomic
def take_back(
    shift: Shift, *, actor: Employee, on: date, now: datetime, reason: str = "", heir: Employee | None = None
) -> None:
    """Take a shift back, or give it to `heir`.

    Raises `Refused`: of hours to come where nobody would be there (J-06), of hours that have begun without a reason.
    """
    if not overseen_by(actor, on=on).filter(pk=shift.employee_id).exists():
        raise Refused("nobody")
    if shift.starts_at <= now and not reason:
        raise Refused("reason")
    first, last = _days_of(shift)
    rota = Rota(first, last, policies=[shift.policy_id])
    if heir is not None:
        _give(shift, heir, rota, reason, actor=actor, on=on, now=now)
    elif shift.starts_at > now and (gap := _left_open_without(shift, rota)):
        raise Refused("gap", hours=gap)
    taken = Shift.objects.standing().filter(pk=shift.pk)
    if not taken.update(withdrawn_at=now, withdrawn_by=actor, withdrawn_why=reason):
        raise Refused("gone")
    activity.log(now=now, actor=actor, verb="shift_taken_back", subject=shift)
    _tell([shift], gettext_noop("You are not on duty any more: %(days)s"), actor=actor, now=now)


@transaction.atomic
def repeat_week(desk: Desk, monday: date, *, actor: Employee, on: date, now: datetime) -> int:
    """Put everybody whom one looks after on duty as in the week before; return how many shifts.

    Who has left or is away is left out, what stands already is not entered twice, and nobody stands in again.
    """
    rota = Rota(monday, monday + WEEK - DAY, policies=[desk.policy])
    zone = rota.zone_of(desk.policy, monday)
    start = datetime.combine(monday - WEEK, time(), zone)
    before = Shift.objects.standing().filter(
        policy=desk.policy, roster=desk.roster, branch=desk.branch, in_place_of=None,
        starts_at__gte=start, starts_at__lt=start + WEEK,
        employee__in=overseen_by(actor, on=on).order_by().values("pk"),
    ).select_related("employee")  # fmt: skip
    made = []
    for shift in before:
        hours = Hours(shift.starts_at + WEEK, shift.ends_at + WEEK)
        day = hours.begins.astimezone(zone).date()
        if rota.workforce.at_work(shift.employee_id, on=day) and not rota.is_there(desk, shift.employee_id, hours):
            wanted = Wanted(desk, shift.employee, day, day, time(), time(), reason=shift.reason)
            made.append(_made(wanted, hours, actor=actor, now=now))
    for person in {one.employee_id: one.employee for one in made}.values():
        theirs = [one for one in made if one.employee_id == person.pk]
        _tell(theirs, gettext_noop("You are on duty: %(days)s"), actor=actor, now=now)
    return len(made)


def left_open_by(employee: Employee, first: date, last: date) -> Hours | None:
    """Return the first hours of these days for which nobody would be on duty if somebody were away, None if there are.

    Gaps that are there anyway do not count.
    """
    if not Shift.objects.standing().filter(employee=employee, ends_at__gt=midnight(first - DAY)).exists():
        return None
    return _left_open(Rota(first, last).days(), lambda turn, _shift: turn.who == employee.pk)


def _left_open_without(shift: Shift, rota: Rota) -> Hours | None:
    """Return the same without one shift; whom somebody stood in for is there again."""
    return None if shift.in_place_of_id else _left_open(rota.days(), lambda _turn, of: of.pk == shift.pk)


def _left_open(days: Iterable[DayAtDesk], is_gone: Callable[[Turn, Shift], bool]) -> Hours | None:
    """Return the first hours that are staffed now and would not be without these turns."""
    for day in days:
        going = [turn for turn, shift in day.turns if is_gone(turn, shift)]
        staying = [turn for turn, shift in day.turns if not is_gone(turn, shift)]
        after = covered(day.asked, staying, day.spec.at_least)
        if after.given < day.cover.given:
            return next(part for one in going for gap in after.gaps if (part := one.hours.within(gap)))
    return None


def _check(wanted: Wanted, hours: Hours, spec: RosterSpec, rota: Rota) -> None:
    who, on = wanted.employee, hours.begins.date()
    told = {"person": who, "hours": hours}
    if not rota.workforce.at_work(who.pk, on=on):
        raise Refused("away", **told)
    if rota.is_there(wanted.desk, who.pk, hours):
        raise Refused("twice", **told)
    if wanted.in_place_of is not None:
        if wanted.in_place_of == who or not rota.is_there(wanted.desk, wanted.in_place_of.pk, hours):
            raise Refused("absent", person=wanted.in_place_of, hours=hours)
        if not wanted.reason:
            raise Refused("reason")
    elif who.pk not in rota.workforce.holders(spec.role, on=on):
        raise Refused("role", **told)
    if not wanted.reason and (lacking := _lacking(who, spec.needs, on)):
        raise Refused("lacks", codes=lacking, **told)


def _lacking(who: Employee, needs: Sequence[str], on: date) -> list[str]:
    held = set(QualificationHeld.objects.on(on).filter(employee=who).values_list("code", flat=True))
    return [code for code in needs if code not in held]


def _give(
    shift: Shift, heir: Employee, rota: Rota, reason: str, *, actor: Employee, on: date, now: datetime
) -> None:  # fmt: skip
    """Enter the same hours for somebody else."""
    if not overseen_by(actor, on=on).filter(pk=heir.pk).exists():
        raise Refused("nobody")
    wanted = Wanted(desk_of(shift), heir, rota.first, rota.first, time(), time(), shift.in_place_of, reason)
    spec = next((day.spec for day in rota.days() if day.desk.roster == shift.roster), None)
    if spec is None:
        raise Refused("desk")
    hours = hours_of(shift, rota.zone_of(shift.policy_id, rota.first))
    _check(replace(wanted, in_place_of=None), hours, spec, rota)
    _tell([_made(wanted, hours, actor=actor, now=now)], gettext_noop("You are on duty: %(days)s"), actor=actor, now=now)


def _made(wanted: Wanted, hours: Hours, *, actor: Employee, now: datetime) -> Shift:
    desk = wanted.desk
    branch = Branch(pk=desk.branch) if desk.branch else None
    shift = Shift.objects.create(
        policy_id=desk.policy, roster=desk.roster, branch=branch, employee=wanted.employee, starts_at=hours.begins,
        ends_at=hours.ends, in_place_of=wanted.in_place_of, reason=wanted.reason, entered_at=now, entered_by=actor,
    )  # fmt: skip
    activity.log(now=now, actor=actor, verb="shift_entered", subject=shift)
    return shift


def _tell(shifts: Sequence[Shift], message: str, *, actor: Employee, now: datetime) -> None:
    """Ring the bell of whose shifts they are, unless they did it themselves."""
    person = shifts[0].employee
    if person.pk != actor.pk:
        days = ", ".join(dict.fromkeys(str(local_day(one.starts_at)) for one in shifts[:DAYS_TOLD]))
        more = " …" if len(shifts) > DAYS_TOLD else ""
        facts = {"days": days + more}
        notifying.notify([person], kind="duty", message=message, facts=facts, now=now, url="/staff/duty/")


def _days_of(shift: Shift) -> tuple[date, date]:
    return local_day(shift.starts_at), local_day(shift.ends_at)
