"""What people decide about violations: confirm, waive, appeal, uphold or take back, settle (RELIABILITY 2.6, SM4).

    proposed → confirmed → settled          confirmed | settled → appealed → confirmed (settled) | reversed
    proposed → waived                       confirmed | appealed | settled → reversed

Each deed is claimed by a conditional update, leaves a step, and lets the ledger follow in the same transaction.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from config.clock import local_day
from staff.choices import Liability, ViolationDeed, ViolationState
from staff.domain.absences import working_calendar
from staff.domain.activity import log
from staff.domain.calendar import WorkCalendar
from staff.domain.conduct import carrying_out, choosing, liability, telling
from staff.domain.conduct.entering import step
from staff.domain.conduct.money import plain
from staff.domain.conduct.posting import COUNTED, lock_ledger, post
from staff.domain.conduct.refusing import Refused
from staff.domain.conduct.retiering import retier, tier_now
from staff.domain.conduct.rights import Rights
from staff.domain.conduct.rules import Rule, ledger_of, rule_of
from staff.domain.workforce import Workforce, load_workforce
from staff.models import Employee, Violation

Violations = Violation | Iterable[Violation]


@transaction.atomic
def confirm(
    violations: Violations,
    *,
    actor: Employee,
    now: datetime,
    amount: int | None = None,
    text: str = "",
    choose: Sequence[str] = (),
) -> list[Violation]:
    """Confirm proposals in the order of their days: all of them, or none. Joint ones follow as far as `actor` may.

    `amount` (hundredths) and `choose` are asked for where the clause leaves them to the confirmer. Raises `Refused`.
    """
    lock_ledger()
    rights, workforce = Rights(actor, local_day(now)), load_workforce()
    done: list[Violation] = []
    for violation in _fresh(violations):
        if violation in done:
            continue  # confirmed a moment ago together with whom it answers for
        _need(violation, rights.may_confirm(violation), actor)
        done.append(_confirm(violation, workforce, actor=actor, now=now, choice=(amount, text, choose)))
        for joint in liability.awaited(violation):
            if rights.may_confirm(joint) and joint.amount is not None:  # else its amount is to be chosen first
                done.append(_confirm(joint, workforce, actor=actor, now=now, choice=(None, text, ())))
    return done


def confirm_at_once(violation: Violation, workforce: Workforce, *, now: datetime) -> list[Violation]:
    """Let the program confirm what the regulation confirms by itself (`auto`); what a person must choose stays open."""
    with transaction.atomic():
        lock_ledger()
        violation = _fresh(violation)[0]
        rule = rule_of(violation)
        if violation.state != ViolationState.PROPOSED or not choosing.is_settled(violation, rule):
            return []
        done = [_confirm(violation, workforce, actor=None, now=now, choice=(None, "", ()))]
        for joint in liability.awaited(violation):
            if choosing.is_settled(joint, rule):
                done.append(_confirm(joint, workforce, actor=None, now=now, choice=(None, "", ())))
        return done


@transaction.atomic
def waive(violations: Violations, *, actor: Employee, now: datetime, text: str) -> list[Violation]:
    """Let proposals go, with a reason; open proposals of the same person move up. Raises `Refused`."""
    lock_ledger()
    rights, found = Rights(actor, local_day(now)), _fresh(violations)
    gone: set[int] = set()
    for violation in found:
        if violation.pk in gone:
            continue  # waived a moment ago together with whom it answers for
        _need(violation, rights.may_confirm(violation), actor)
        _need_text(text)
        _move(violation, (ViolationState.PROPOSED,), ViolationState.WAIVED, now=now, by=actor)
        step(violation, ViolationDeed.WAIVED, now=now, by=actor, text=text.strip())
        for joint in liability.awaited(violation):
            _release_joint(joint, actor, now=now, text=text)
            gone.add(joint.pk)
        _after(violation, ViolationDeed.WAIVED, actor=actor, now=now)
    return found


@transaction.atomic
def appeal(violation: Violation, *, actor: Employee, now: datetime, text: str) -> Violation:
    """Appeal against one's own confirmed violation, as long as the regulation leaves open. Raises `Refused`."""
    lock_ledger()
    [violation] = _fresh(violation)
    if violation.employee_id != actor.pk:
        raise Refused(_("Only the person concerned can appeal."), "right")
    _need_text(text)
    if violation.steps.filter(deed=ViolationDeed.APPEALED).exists():
        raise Refused(_("There was an appeal already; its decision is final."), "state")
    if violation.state in (ViolationState.CONFIRMED, ViolationState.SETTLED) and not _in_window(violation, now=now):
        raise Refused(_("The time to appeal ended on %s.") % appeal_until(violation), "late")
    _move(violation, (ViolationState.CONFIRMED, ViolationState.SETTLED), ViolationState.APPEALED)
    step(violation, ViolationDeed.APPEALED, now=now, by=actor, text=text.strip())
    _after(violation, ViolationDeed.APPEALED, actor=actor, now=now)
    return violation


@transaction.atomic
def decide_appeal(violation: Violation, *, uphold: bool, actor: Employee, now: datetime, text: str) -> Violation:
    """Decide an appeal with a reason: the violation stands (`uphold`), or is taken back. Raises `Refused`."""
    lock_ledger()
    [violation] = _fresh(violation)
    _need(violation, Rights(actor, local_day(now)).may_decide_appeal(violation), actor)
    _need_text(text)
    if not uphold:
        return _reverse(violation, (ViolationState.APPEALED,), actor=actor, now=now, text=text)
    settled = violation.steps.filter(deed=ViolationDeed.SETTLED).exists()
    _move(violation, (ViolationState.APPEALED,), ViolationState.SETTLED if settled else ViolationState.CONFIRMED)
    step(violation, ViolationDeed.UPHELD, now=now, by=actor, text=text.strip())
    _after(violation, ViolationDeed.UPHELD, actor=actor, now=now)
    return violation


@transaction.atomic
def take_back(violation: Violation, *, actor: Employee, now: datetime, text: str) -> Violation:
    """Take back what was confirmed by mistake, without an appeal, with a reason. Raises `Refused`."""
    lock_ledger()
    [violation] = _fresh(violation)
    _need(violation, Rights(actor, local_day(now)).may_confirm(violation), actor)
    _need_text(text)
    return _reverse(violation, (ViolationState.CONFIRMED, ViolationState.SETTLED), actor=actor, now=now, text=text)


@transaction.atomic
def remark(violation: Violation, *, actor: Employee, now: datetime, text: str) -> None:
    """Add a remark to the history: by the person concerned, before anybody decides, or by who decides."""
    if violation.employee_id != actor.pk and not Rights(actor, local_day(now)).may_confirm(violation):
        raise Refused(_("Another person decides about this."), "right")
    _need_text(text)
    step(violation, ViolationDeed.REMARKED, now=now, by=actor, text=text.strip())
    log(now=now, actor=actor, verb="violation.remarked", subject=violation)


def appeal_until(violation: Violation, *, calendar: WorkCalendar | None = None) -> date | None:
    """Return the last day on which an appeal is open, None before confirmation; `calendar` where it is read already."""
    if violation.decided_at is None:
        return None
    ledger, zone = ledger_of(violation.release), str(rule_of(violation).zone)
    return (calendar or working_calendar()).after(local_day(violation.decided_at, zone), ledger.appeal.offset)


def deeds_open(violation: Violation, rights: Rights, *, now: datetime) -> frozenset[str]:
    """Return what that person may do with a violation now: confirm, waive, appeal, decide, take_back, remark."""
    found: set[str] = set()
    if violation.state == ViolationState.PROPOSED and rights.may_confirm(violation):
        found |= {"confirm", "waive"}
    if violation.state in (ViolationState.CONFIRMED, ViolationState.SETTLED):
        if violation.employee_id == rights.actor.pk and may_appeal_still(violation, rights, now=now):
            found.add("appeal")
        if rights.may_confirm(violation):
            found.add("take_back")
    if violation.state == ViolationState.APPEALED and rights.may_decide_appeal(violation):
        found.add("decide")
    if violation.employee_id == rights.actor.pk or rights.may_confirm(violation):
        found.add("remark")
    return frozenset(found)


def _confirm(
    violation: Violation, workforce: Workforce, *, actor: Employee | None, now: datetime, choice: tuple[Any, str, Any]
) -> Violation:
    rule = rule_of(violation)
    if violation.primary is not None and violation.primary.state not in COUNTED:
        raise Refused(_("Decide first about the person who did it."), "state")
    tier = tier_now(violation, rule, now=now)
    chosen = choosing.choice(violation, rule, tier, *choice)
    facts = {"tier": tier, "amount": chosen.amount}
    _move(violation, (ViolationState.PROPOSED,), ViolationState.CONFIRMED, now=now, by=actor, **facts)
    entry = post(violation, actor=actor, now=now)
    posted = {"entry": entry.pk, "posted": entry.amount} if entry else {}
    step(violation, ViolationDeed.CONFIRMED, now=now, by=actor, text=chosen.text, **facts, **posted)
    ordered = carrying_out.order(violation, chosen.measures, now=now)
    if any(measure.what in carrying_out.PUBLIC for measure in ordered):
        telling.announce(violation, now=now)
    liability.join(violation, workforce, now=now)
    _drop_unfounded(violation, rule, now=now)
    _after(violation, ViolationDeed.CONFIRMED, actor=actor, now=now)
    return violation


def _drop_unfounded(violation: Violation, rule: Rule, *, now: datetime) -> None:
    """Let joint proposals go that the final tier does not bring."""
    bars = [joint.from_tier for joint in getattr(rule.spec, "joint", ())]
    if violation.liability == Liability.PRIMARY and bars and (violation.tier or 0) < min(bars):
        for joint in liability.awaited(violation):
            _release_joint(joint, None, now=now, text="")


def _reverse(violation: Violation, states: Sequence[str], *, actor: Employee, now: datetime, text: str) -> Violation:
    """Take a violation back with its joint ones; the ledger counters their entries."""
    _move(violation, states, ViolationState.REVERSED, now=now, by=actor)
    post(violation, actor=actor, now=now)
    step(violation, ViolationDeed.REVERSED, now=now, by=actor, text=text.strip())
    carrying_out.drop(violation, now=now)
    for joint in violation.joint.select_related("release__policy", "employee"):
        _release_joint(joint, actor, now=now, text=text)
    _after(violation, ViolationDeed.REVERSED, actor=actor, now=now)
    return violation


def _release_joint(joint: Violation, actor: Employee | None, *, now: datetime, text: str) -> None:
    """Let who answered for it go together with who did it; of one's own, the program does it."""
    by = actor if actor is not None and actor.pk != joint.employee_id else None
    if joint.state == ViolationState.PROPOSED:
        _move(joint, (ViolationState.PROPOSED,), ViolationState.WAIVED, now=now, by=by)
        step(joint, ViolationDeed.WAIVED, now=now, by=by, text=text.strip())
    elif joint.state in COUNTED:
        _move(joint, COUNTED, ViolationState.REVERSED, now=now, by=by)
        post(joint, actor=by, now=now)
        step(joint, ViolationDeed.REVERSED, now=now, by=by, text=text.strip())
        carrying_out.drop(joint, now=now)


def _move(
    violation: Violation, states: Sequence[str], state: str, *, now: datetime | None = None, **facts: Any
) -> None:
    """Claim the step from one of `states` to `state`; `now` and `by` where it is a decision. Raises `Refused`."""
    decided = {"decided_at": now, "decided_by": facts.pop("by", None)} if now else {}
    changes = {"state": state, **decided, **facts}
    if not Violation.objects.filter(pk=violation.pk, state__in=states).update(**changes):
        violation.refresh_from_db()
        stands = violation.get_state_display()
        raise Refused(_("This cannot be done: #%(id)s is %(state)s.") % {"id": violation.pk, "state": stands}, "state")
    for name, value in changes.items():
        setattr(violation, name, value)


def _after(violation: Violation, deed: str, *, actor: Employee | None, now: datetime) -> None:
    """Let tiers, the activity log and the people concerned follow a deed."""
    retier(violation.employee_id, violation.policy_id, violation.rule, now=now)
    log(
        now=now,
        actor=actor,
        verb=f"violation.{deed}",
        subject=violation,
        amount=plain(violation.amount or 0),
        unit=violation.unit,
    )
    telling.tell(violation, deed, actor=actor, now=now)


def _fresh(violations: Violations) -> list[Violation]:
    """Read violations anew inside the transaction, in the order of their days."""
    given = [violations] if isinstance(violations, Violation) else list(violations)
    rows = Violation.objects.filter(pk__in=[one.pk for one in given])
    # Who did it comes before who answers for it, on both databases.
    first = F("primary_id").asc(nulls_first=True)
    order = ("occurred_on", Coalesce("occurred_at", "proposed_at"), first, "pk")  # as open proposals are ranked
    return list(rows.select_related("release__policy", "employee", "primary").order_by(*order))


def _need(violation: Violation, may: bool, actor: Employee) -> None:
    if violation.employee_id == actor.pk:
        raise Refused(_("Nobody decides about their own conduct; another person has to."), "own")
    if not may:
        raise Refused(_("Another person decides about this."), "right")


def _need_text(text: str) -> None:
    if not text.strip():
        raise Refused(_("Say why."), "text")


def may_appeal_still(violation: Violation, rights: Rights, *, now: datetime) -> bool:
    """Say whether its person may appeal: inside the window, for the first time."""
    in_window = _in_window(violation, now=now, calendar=rights.calendar)
    return in_window and not violation.steps.filter(deed=ViolationDeed.APPEALED).exists()


def _in_window(violation: Violation, *, now: datetime, calendar: WorkCalendar | None = None) -> bool:
    until = appeal_until(violation, calendar=calendar)
    return until is not None and local_day(now, str(rule_of(violation).zone)) <= until
