"""Signing papers, entering trainings and tests, revoking a wrong entry (clauses D-05, E-08, W-07)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from config.clock import local_day
from staff.choices import TrainingWay
from staff.domain import activity
from staff.domain.absences import working_calendar
from staff.domain.conduct.carrying_out import close_by_training, reopen
from staff.domain.demanding import Demand, demands, own_demands, stricter
from staff.domain.oversight import looks_after, overseen_by
from staff.models import Employee, QualificationHeld, TrainingRecord


@dataclass(frozen=True, slots=True)
class Training:
    """What is entered of one training or test; `passed` counts only where no mark is demanded."""

    code: str
    on: date
    way: str
    score: Decimal | None = None
    passed: bool = True
    note: str = ""


class UnknownQualification(Exception):
    """No regulation in force demands this qualification."""


class NotAPaper(Exception):
    """It is a training or a test: a manager enters it."""


class HeldAlready(Exception):
    """The person has signed it, and it is still valid."""


class MayNotEnter(Exception):
    """One enters nothing for oneself, nor for somebody whom one does not look after."""


class ScoreNeeded(Exception):
    """A test has a mark to reach, so its score must be entered; `mark` is that mark."""

    def __init__(self, mark: Decimal) -> None:
        super().__init__(str(mark))
        self.mark = mark


class NotYet(Exception):
    """The day lies ahead."""


class RevokedAlready(Exception):
    """The entry was revoked before."""


@transaction.atomic
def sign(employee: Employee, code: str, *, now: datetime) -> TrainingRecord:
    """Sign a paper for oneself, from today on. Raises `UnknownQualification`, `NotAPaper` and `HeldAlready`."""
    today = local_day(now)
    demand = next((one for one in own_demands(employee, on=today) if one.code == code), None)
    if demand is None:
        raise UnknownQualification
    if not demand.is_paper:
        raise NotAPaper
    if QualificationHeld.objects.on(today).filter(employee=employee, code=code).exists():
        raise HeldAlready
    training = Training(code, today, TrainingWay.SIGNED, note=demand.title)
    return _enter(employee, training, demand, passed=True, actor=employee, now=now)


@transaction.atomic
def enter_training(employee: Employee, training: Training, *, actor: Employee, now: datetime) -> TrainingRecord:
    """Enter what somebody was taught or tested in; passed, it gives the qualification from that day on.

    Raises `MayNotEnter`, `NotYet`, `UnknownQualification` and `ScoreNeeded`.
    """
    today = local_day(now)
    if not looks_after(actor, employee, on=today):
        raise MayNotEnter
    if training.on > today:
        raise NotYet
    demand = _strictest(training.code, on=today)
    if demand.pass_mark is None:
        passed = training.passed
    elif training.score is None:
        raise ScoreNeeded(demand.pass_mark)
    else:
        passed = training.score >= demand.pass_mark
    return _enter(employee, training, demand, passed=passed, actor=actor, now=now)


@transaction.atomic
def revoke(record: TrainingRecord, *, actor: Employee, now: datetime) -> None:
    """Take a wrong entry back, with the qualification that it gave and the measures that it carried out.

    Raises `MayNotEnter` and `RevokedAlready`.
    """
    if not looks_after(actor, record.employee, on=local_day(now)):
        raise MayNotEnter
    held = record.held
    changed = TrainingRecord.objects.filter(pk=record.pk, revoked_at=None).update(
        revoked_at=now, revoked_by=actor, held=None
    )
    if not changed:
        raise RevokedAlready
    if held is not None:
        held.delete()
    reopen(record)
    activity.log(now=now, actor=actor, verb="training_revoked", subject=record)


def _strictest(code: str, *, on: date) -> Demand:
    found = [one for one in demands(on=on) if one.code == code]
    if not found:
        raise UnknownQualification
    strictest = found[0]
    for other in found[1:]:
        strictest = stricter(strictest, other)
    return strictest


def _enter(
    employee: Employee, training: Training, demand: Demand, *, passed: bool, actor: Employee, now: datetime
) -> TrainingRecord:
    held = _hold(employee, training, demand) if passed else None
    record = TrainingRecord.objects.create(
        employee=employee, code=training.code, on=training.on, way=training.way, score=training.score, passed=passed,
        note=training.note, release=demand.release, held=held, entered_at=now, entered_by=actor,
    )  # fmt: skip
    activity.log(now=now, actor=actor, verb="training_entered", subject=record, code=training.code, passed=passed)
    close_by_training(record, now=now)
    return record


def _hold(employee: Employee, training: Training, demand: Demand) -> QualificationHeld | None:
    """Give the qualification; None where another entry of the same day has given it."""
    held, made = QualificationHeld.objects.get_or_create(
        employee=employee,
        code=training.code,
        from_on=training.on,
        defaults={"until_on": valid_until(training.on, demand)},
    )
    return held if made else None


def valid_until(on: date, demand: Demand) -> date | None:
    """Return the last day of what was passed on `on`; none where it holds for good."""
    if demand.valid is None:
        return None
    return working_calendar().after(on, demand.valid.offset) - timedelta(1)


def entries(manager: Employee, *, on: date) -> QuerySet[TrainingRecord]:
    """Return what was entered of whom the manager looks after on that day, the latest first."""
    people = overseen_by(manager, on=on).order_by().values("pk")
    found = TrainingRecord.objects.filter(employee__in=people).select_related("employee", "entered_by", "held")
    return found.order_by("-entered_at", "-id")
