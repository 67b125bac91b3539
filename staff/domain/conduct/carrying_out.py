"""Consequences without a figure: ordered at confirmation, carried out, closed by a training or decided by people."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from config.clock import local_day
from config.packs.consequences import MeasureSpec
from config.packs.duration import Duration
from staff.choices import BaseRole, Liability, MeasureState
from staff.domain.absences import working_calendar
from staff.domain.access import roles_of
from staff.domain.activity import log
from staff.domain.conduct.posting import COUNTED
from staff.domain.conduct.refusing import Refused
from staff.domain.conduct.rights import Rights
from staff.domain.conduct.rules import rule_of
from staff.domain.granting import other_administrators
from staff.domain.people import resign
from staff.models import Employee, Measure, TrainingRecord, Violation

DUE: Final = frozenset({"retraining", "coaching", "interview"})  # have a day
TO_CARRY_OUT: Final = DUE | {
    "dismissal_proposal",
    "transfer",
    "legal_referral",
    "certificate",
    "trophy",
    "photo",
    "promotion",
}  # fmt: skip  (the others are done as soon as they are written down)
OF_WORK: Final = DUE | {"dismissal_proposal", "transfer", "promotion"}  # nothing to whoever works here no more
TAUGHT: Final = ("retraining", "coaching")  # what a training that was recorded closes (L-05)
PUBLIC: Final = frozenset({"announcement", "criticism"})  # colleagues hear of it at once
DISMISSAL: Final = "dismissal_proposal"
USUAL: Final = Duration(7, "d")  # until when, where the clause does not say


def order(violation: Violation, chosen: Iterable[str], *, now: datetime) -> list[Measure]:
    """Write down what a confirmed violation or award brings besides its figure; return what is new."""
    rule, made = rule_of(violation), []
    wanted = {one.what: one for one in rule.spec.also if _applies(one, violation)}
    wanted |= {what: MeasureSpec(what=what) for what in chosen if what not in wanted}
    if violation.liability == Liability.JOINT:
        wanted = {}
    for what, spec in wanted.items():
        open_still = what in TO_CARRY_OUT
        facts = {
            "employee_id": violation.employee_id,
            "due_on": due_on(spec, local_day(now, str(rule.zone))) if what in DUE else None,
            "state": MeasureState.OPEN if open_still else MeasureState.DONE,
            "made_at": now,
            "closed_at": None if open_still else now,
        }
        measure, new = Measure.objects.get_or_create(violation=violation, what=what, defaults=facts)
        made += [measure] if new else []
    return made


def due_on(spec: MeasureSpec, on: date) -> date:
    """Return the day until which a measure is to be carried out."""
    return working_calendar().after(on, (spec.within or USUAL).offset)


@transaction.atomic
def close(
    measure: Measure, *, actor: Employee, now: datetime, text: str = "", done: bool = True, last_day: date | None = None
) -> Measure:
    """Close an open measure: carried out, or dropped with a reason. A dismissal is decided by personnel (L-06).

    Until then the account of whoever is to be dismissed stays; carried out, it closes after `last_day` (left out:
    today). Raises `Refused`.
    """
    rights = Rights(actor, local_day(now))
    dismissal = measure.what == DISMISSAL
    if not (rights.may_dismiss if dismissal else rights.may_carry_out)(measure.violation):
        raise Refused(_("Another person decides about this measure."), "right")
    if not text.strip() and (dismissal or not done):
        raise Refused(_("Say why."), "text")
    state = MeasureState.DONE if done else MeasureState.DROPPED
    if not _close(measure, state, by=actor, now=now, note=text.strip()):
        raise Refused(_("This measure is closed already."), "state")
    if dismissal and done:
        _dismiss(measure.employee, last_day or local_day(now), by=actor, now=now)
    log(now=now, actor=actor, verb="measure.closed", subject=measure, what=measure.what, state=state)
    measure.refresh_from_db()
    return measure


def close_by_training(record: TrainingRecord, *, now: datetime) -> int:
    """Close the retraining and coaching that a training carries out; return how many (L-05)."""
    if not record.passed:
        return 0
    waiting = Measure.objects.filter(employee=record.employee_id, what__in=TAUGHT, state=MeasureState.OPEN)
    closed = 0
    for measure in waiting.select_related("violation"):
        if local_day(measure.made_at) <= record.on:
            by = record.entered_by if record.entered_by_id != record.employee_id else None
            closed += _close(measure, MeasureState.DONE, by=by, now=now, training=record)
    return closed


def drop(violation: Violation, *, now: datetime) -> int:
    """Drop what a violation that was taken back had brought and nobody has carried out yet."""
    waiting = Measure.objects.filter(violation=violation, state=MeasureState.OPEN)
    return waiting.update(state=MeasureState.DROPPED, closed_at=now)


def _dismiss(employee: Employee, last_day: date, *, by: Employee, now: datetime) -> None:
    """Let somebody go after a last day; an earlier one that stands already stays, as does who has left."""
    today = local_day(now)
    if not employee.is_active or (employee.left_on is not None and employee.left_on <= last_day):
        return
    if last_day < today:
        raise Refused(_("The last day is today or lies ahead."), "last_day")
    if BaseRole.ADMINISTRATOR in roles_of(employee, on=today) and not other_administrators(employee, on=today):
        raise Refused(_("The last administrator cannot leave: give somebody else the role first."), "last_day")
    resign(employee, hand_over_to=employee.hand_over_to, left_on=last_day, actor=by, now=now)


def reopen(record: TrainingRecord) -> int:
    """Open again what a training had closed that is revoked now, where the violation still stands; return how many."""
    closed = Measure.objects.filter(training=record, state=MeasureState.DONE, violation__state__in=COUNTED)
    return closed.update(state=MeasureState.OPEN, closed_at=None, closed_by=None, training=None)


def drop_of_leaver(employee: Employee, *, now: datetime, actor: Employee | None = None) -> int:
    """Drop what concerns the further work of somebody who has left: training, talks, a dismissal (a hand-over)."""
    del actor
    if employee.is_active or employee.left_on is None:
        return 0
    waiting = Measure.objects.filter(employee=employee, what__in=OF_WORK, state=MeasureState.OPEN)
    return waiting.update(state=MeasureState.DROPPED, closed_at=now, note=_("Has left the company."))


def _applies(spec: MeasureSpec, violation: Violation) -> bool:
    return violation.tier is None or violation.tier >= spec.from_tier


def _close(
    measure: Measure,
    state: str,
    *,
    by: Employee | None,
    now: datetime,
    note: str = "",
    training: TrainingRecord | None = None,
) -> bool:
    waiting = Measure.objects.filter(pk=measure.pk, state=MeasureState.OPEN)
    return bool(waiting.update(state=state, closed_at=now, closed_by=by, note=note, training=training))
