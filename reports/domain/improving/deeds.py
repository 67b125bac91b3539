"""What people do about an improvement action: begin, carry out, check its effect, move its day, drop it (A-04).

Each deed claims the row by a conditional UPDATE, so that of two at once one wins and the other hears of it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from config.clock import local_day
from reports.choices import ActionDeed, ActionState
from reports.models import ImprovementAction, ImprovementStep
from staff.domain.access import MANAGERS, roles_of
from staff.domain.activity import log
from staff.domain.notifying import notify, withdraw
from staff.domain.oversight import overseen_by, overseers_of
from staff.models import Department, Employee, Posting, Violation

ENDED: Final = (ActionState.EFFECTIVE, ActionState.INEFFECTIVE, ActionState.DROPPED)


class CannotImprove(Exception):
    """The deed is refused; the text says why and what to do. Nothing has changed."""


class ChangedSince(CannotImprove):
    """Somebody else has moved or ended the action in the meantime."""

    def __init__(self) -> None:
        super().__init__(_("Somebody has dealt with this in the meantime. Look at it again."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An improvement action as it is planned: `check_on` is the day on which its effect shall be looked at.

    `department` answers for it; left open, that of its owner does.
    """

    title: str
    measure: str
    owner: Employee
    due_on: date
    department: Department | None = None
    cause: str = ""
    check_on: date | None = None
    violation: Violation | None = None
    subject: str = ""


@transaction.atomic
def begin(plan: Plan, *, by: Employee, now: datetime) -> ImprovementAction:
    """Enter an action into the register and tell its owner; a department answers for it (AK-24).

    Raises `CannotImprove`.
    """
    on = local_day(now)
    _check(plan, by, on)
    post = Posting.objects.on(on).filter(employee=plan.owner).select_related("department").order_by("-from_on").first()
    unit = plan.department or (post and post.department)
    if unit is None and Department.objects.exists():
        raise CannotImprove(_("Choose the department: %(name)s belongs to none.") % {"name": plan.owner})
    action = ImprovementAction.objects.create(
        title=plan.title.strip(), cause=plan.cause.strip(), measure=plan.measure.strip(), owner=plan.owner,
        branch_id=(unit and unit.branch_id) or (post and post.branch_id), department=unit,
        violation=plan.violation, subject=plan.subject,
        due_on=plan.due_on, check_on=plan.check_on, made_at=now, made_by=by,
    )  # fmt: skip
    _write(action, ActionDeed.BEGUN, by=by, now=now, owner=plan.owner.pk)
    _tell_owner(action, gettext_noop("You answer for the improvement “%(title)s” until %(day)s"), by=by, now=now)
    return action


@transaction.atomic
def plan(action: ImprovementAction, measure: str, *, by: Employee, now: datetime) -> None:
    """Say what shall be done about an action that the regulation asked for; once, it stays as it was agreed."""
    _need(measure, _("Write what shall be done."))
    _take_part(action, by, now)
    if not ImprovementAction.objects.filter(pk=action.pk, measure="").update(measure=measure.strip()):
        raise ChangedSince
    action.measure = measure.strip()
    _write(action, ActionDeed.NOTED, measure, by=by, now=now)


@transaction.atomic
def note(action: ImprovementAction, text: str, *, by: Employee, now: datetime) -> None:
    """Write down how far the action has come."""
    _need(text, _("Write what has happened since."))
    _take_part(action, by, now)
    _claim(action, (ActionState.OPEN, ActionState.DONE), state=action.state)
    _write(action, ActionDeed.NOTED, text, by=by, now=now)


@transaction.atomic
def carry_out(action: ImprovementAction, result: str, *, by: Employee, now: datetime) -> None:
    """Say that the action is done and what came of it; whoever made it hears that its effect is to be checked.

    Of an action that the regulation asked for, who looks after its owner hears it.
    """
    _need(result, _("Write what was done and what came of it."))
    _take_part(action, by, now)
    _need(action.measure, _("Plan first what shall be done."))
    _claim(action, (ActionState.OPEN,), state=ActionState.DONE, result=result.strip(), done_at=now)
    _write(action, ActionDeed.DONE, result, by=by, now=now)
    _withdraw_reminders(action, now=now)
    is_owed = action.made_by_id == action.owner_id
    checkers = overseers_of(action.owner, on=local_day(now)) if is_owed else [action.made_by]
    message = gettext_noop("“%(title)s” is done; its effect is to be checked")
    _tell([one for one in checkers if one.pk != by.pk], action, message, "improvement_done", now=now)


@transaction.atomic
def check_effect(action: ImprovementAction, effect: str, *, holds: bool, by: Employee, now: datetime) -> None:
    """Say whether the action helped, and how one sees it; nobody judges the effect of their own."""
    _need(effect, _("Write how you see whether it helped: a figure before and after, a visit, a recording."))
    _manage(action, by, now)
    state = ActionState.EFFECTIVE if holds else ActionState.INEFFECTIVE
    _claim(action, (ActionState.DONE,), state=state, effect=effect.strip(), checked_at=now, checked_by=by)
    _write(action, ActionDeed(state.value), effect, by=by, now=now)
    withdraw(key=check_key(action), now=now)
    yes, no = gettext_noop("“%(title)s” has helped"), gettext_noop("“%(title)s” has not helped")
    _tell_owner(action, yes if holds else no, by=by, now=now)


@transaction.atomic
def postpone(action: ImprovementAction, due_on: date | None, reason: str, *, by: Employee, now: datetime) -> None:
    """Give the action a later day, with a reason; the days that were agreed before stay in its history."""
    _need(reason, _("Write why it takes longer."))
    _manage(action, by, now)
    if due_on is None or due_on <= max(action.due_on, local_day(now)):
        raise CannotImprove(_("Choose a day after the present one, and not in the past."))
    check_on = max(action.check_on, due_on) if action.check_on else None
    _withdraw_reminders(action, now=now)
    _claim(action, (ActionState.OPEN,), due_on=due_on, check_on=check_on)
    _write(action, ActionDeed.POSTPONED, reason, by=by, now=now)
    _tell_owner(action, gettext_noop("“%(title)s” is due on %(day)s now"), by=by, now=now)


@transaction.atomic
def drop(action: ImprovementAction, reason: str, *, by: Employee, now: datetime) -> None:
    """End an action that is pursued no further; the reason stands in its place."""
    _need(reason, _("Write why it is pursued no further."))
    _manage(action, by, now)
    _claim(action, (ActionState.OPEN, ActionState.DONE), state=ActionState.DROPPED, effect=reason.strip())
    _write(action, ActionDeed.DROPPED, reason, by=by, now=now)
    _withdraw_reminders(action, now=now)
    _tell_owner(action, gettext_noop("“%(title)s” is pursued no further"), by=by, now=now)


def may_manage(action: ImprovementAction, by: Employee, *, on: date) -> bool:
    """Say whether the person may check, postpone or drop the action: a manager who sees it and is not its owner."""
    return by.pk != action.owner_id and _oversees(action, by, on=on)


def check_key(action: ImprovementAction) -> str:
    """Return the key under which the check of the effect is on the bell."""
    return f"improvement-{action.pk}-check"


def due_key(action: ImprovementAction) -> str:
    """Return the key under which the present due day is on the bell."""
    return f"improvement-{action.pk}-due-{action.due_on}"


def overdue_key(action: ImprovementAction) -> str:
    """Return the key under which the action is on the bell as overdue."""
    return f"improvement-{action.pk}-overdue-{action.due_on}"


def _check(plan: Plan, by: Employee, on: date) -> None:
    _need(plan.title, _("Say in a few words what is to be improved."))
    _need(plan.measure, _("Write what shall be done."))
    if plan.due_on < on:
        raise CannotImprove(_("The day until which it is done lies in the past."))
    if plan.check_on and plan.check_on < plan.due_on:
        raise CannotImprove(_("The effect can be checked only after the action is done: choose a later day."))
    if not roles_of(by, on=on) & MANAGERS:
        raise CannotImprove(_("Managers begin improvement actions."))
    if not overseen_by(by, on=on).filter(pk=plan.owner.pk, is_active=True).exists():
        raise CannotImprove(_("Choose somebody whom you look after, or yourself."))


def _need(text: str, fault: str) -> None:
    if not text.strip():
        raise CannotImprove(fault)


def _manage(action: ImprovementAction, by: Employee, now: datetime) -> None:
    if not may_manage(action, by, on=local_day(now)):
        raise CannotImprove(_("A manager other than who answers for it decides this."))


def _oversees(action: ImprovementAction, by: Employee, *, on: date) -> bool:
    seen = ImprovementAction.objects.visible_to(by, on=on).filter(pk=action.pk)
    return bool(roles_of(by, on=on) & MANAGERS) and seen.exists()


def _claim(action: ImprovementAction, states: tuple[str, ...], **values: Any) -> None:
    if not ImprovementAction.objects.filter(pk=action.pk, state__in=states).update(**values):
        raise ChangedSince
    for name, value in values.items():
        setattr(action, name, value)


def _take_part(action: ImprovementAction, by: Employee, now: datetime) -> None:
    if by.pk != action.owner_id and not _oversees(action, by, on=local_day(now)):
        raise CannotImprove(_("Only who answers for it, or a manager of theirs, does this."))


def _write(
    action: ImprovementAction, deed: ActionDeed, text: str = "", *, by: Employee, now: datetime, **facts: Any
) -> None:
    ImprovementStep.objects.create(action=action, deed=deed, at=now, by=by, due_on=action.due_on, text=text.strip())
    log(now=now, actor=by, verb=f"improvement.{deed}", subject=action, due=str(action.due_on), **facts)


def _withdraw_reminders(action: ImprovementAction, *, now: datetime) -> None:
    for key in (due_key(action), overdue_key(action), check_key(action)):
        withdraw(key=key, now=now)


def _tell_owner(action: ImprovementAction, message: str, *, by: Employee, now: datetime) -> None:
    if action.owner_id != by.pk:
        _tell([action.owner], action, message, "improvement", now=now)


def _tell(people: list[Employee], action: ImprovementAction, message: str, kind: str, *, now: datetime) -> None:
    facts = {"title": action.title, "day": str(action.due_on)}
    notify(people, kind=kind, message=message, facts=facts, url=f"/improvements/{action.pk}/", now=now)
