"""From a breach to a proposal: every penalty that it calls for, once, with its tier, its joint ones, its exemption.

Nothing is decided here but what the regulation decides by itself (`[ledger] confirm = "auto"`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from config.clock import local_day
from config.packs.consequences import FIELD, PenaltySpec
from staff.choices import ConductKind, ViolationDeed, ViolationState
from staff.domain.activity import log_many
from staff.domain.conduct import deciding, liability, telling
from staff.domain.conduct.breach import Breach
from staff.domain.conduct.entering import Case, enter, entered, reopen
from staff.domain.conduct.posting import lock_ledger
from staff.domain.conduct.presupposing import ask_for
from staff.domain.conduct.refusing import Refused
from staff.domain.conduct.releasing import let_go
from staff.domain.conduct.retiering import FIGURES, amount_in, retier
from staff.domain.conduct.rights import is_automatic
from staff.domain.conduct.rules import Rule, rule_of, rules_for
from staff.domain.jobs import hand_over
from staff.domain.oversight import looks_after
from staff.domain.workforce import Workforce, load_workforce
from staff.models import Employee, Release, Violation

PROPOSED, EXEMPT, KNOWN, UNRULED = "proposed", "exempt", "known", "unruled"


@transaction.atomic
def propose(breaches: Iterable[Breach], *, now: datetime) -> Counter[str]:
    """Propose what the regulation says about each breach; return how many were proposed, exempt, known or unruled.

    The same breach found again, however often, late or by whom, changes nothing.
    """
    counts: Counter[str] = Counter()
    found = list(breaches)
    if not found:
        return counts
    lock_ledger()
    workforce, fresh = load_workforce(), []
    cases = list(_cases(found, workforce))
    counts[UNRULED] += sum(case is None for _breach, case in cases)
    before = entered([case for _breach, case in cases if case])
    for breach, case in cases:
        if case is None:
            continue
        known = before.get(case.key)
        violation, new = (known, False) if known else enter(case, workforce, now=now)
        new = new or (breach.again and reopen(violation, now=now))
        counts[(EXEMPT if violation.exempt else PROPOSED) if new else KNOWN] += 1
        fresh += [violation] if new else []
        if breach.exempt and not new:
            let_go(violation, breach.exempt, now=now)
    settle_in(fresh, workforce, now=now)
    return counts


@transaction.atomic
def propose_by_hand(
    spec: PenaltySpec,
    employee: Employee,
    subject: str,
    *,
    release: Any,
    by: Employee,
    text: str,
    now: datetime,
    on: date | None = None,
    violation: str = "",
    facts: Mapping[str, Any] | None = None,
    evidence: Sequence[Mapping[str, Any]] = (),
    presupposed: bool = False,
) -> Violation:
    """Propose a penalty of a release by hand, with what was seen (`text`); the same subject a second time is refused.

    `subject` is ``record:<pk>`` or ``hand:<uuid>``. Raises `Refused`: about oneself, without words, or where the
    penalty has conditions and whoever proposes it has not said that they hold (`presupposed`; N-07).
    """
    lock_ledger()
    rule = Rule(release, spec)
    if by.pk == employee.pk:
        raise Refused(_("Nobody proposes a penalty for themselves."), "own")
    if not text.strip():
        raise Refused(_("Say what happened."), "text")
    ask_for(spec, said=presupposed)
    workforce = load_workforce()
    case = Case(
        rule=rule,
        subject=subject,
        employee=employee.pk,
        on=on or local_day(now, str(rule.zone)),
        at=now if on is None else None,
        violation=violation or _only(spec.violation),
        amount=None,
        facts={**(facts or {}), "text": text.strip()},
        evidence=evidence,
        by=by,
        text=text.strip(),
    )
    made, new = enter(case, workforce, now=now)
    if not new:
        raise Refused(_("This was proposed before: #%s.") % made.pk, "state")
    settle_in([made], workforce, now=now)
    return made


@transaction.atomic
def propose_figure(
    rule: Rule,
    employee: int,
    period: str,
    *,
    kind: str,
    facts: Mapping[str, Any],
    on: date,
    now: datetime,
    workforce: Workforce,
    evidence: Sequence[Mapping[str, Any]] = (),
) -> tuple[Violation, bool]:
    """Propose what a figure of a period earns or costs; return it, and whether it is new.

    `period` is the key of the period (``2026-11``, with what tells several apart after a slash), `on` its last day.
    """
    lock_ledger()
    case = Case(
        rule=rule, subject=f"period:{period}", employee=employee, on=on, kind=kind, facts=facts, evidence=evidence
    )
    made, new = enter(case, workforce, now=now)
    if new:
        settle_in([made], workforce, now=now)
    return made, new


def may_propose(actor: Employee, employee: Employee, *, on: date) -> bool:
    """Say whether somebody may propose a penalty for that person by hand: who looks after them."""
    return actor.pk != employee.pk and looks_after(actor, employee, on=on)


def settle_in(fresh: Sequence[Violation], workforce: Workforce, *, now: datetime) -> None:
    """Give new proposals their amount, tier and joint ones; tell their people; confirm what confirms itself."""
    open_ones = [one for one in fresh if one.state == ViolationState.PROPOSED]
    for violation in open_ones:
        _price(violation)
    for employee, policy, rule in {(one.employee_id, one.policy_id, one.rule) for one in open_ones}:
        retier(employee, policy, rule, now=now)
    by_people = [one for one in open_ones if not is_automatic(rule_of(one))]
    _make_known(by_people, workforce, now=now)
    for violation in open_ones:
        if is_automatic(rule_of(violation)):  # one by one: each moves those after it up
            _make_known([violation], workforce, now=now)
            deciding.confirm_at_once(violation, workforce, now=now)


def _make_known(violations: Sequence[Violation], workforce: Workforce, *, now: datetime) -> None:
    """Read what the tiers have made of new proposals, enter their joint ones, and tell of all of them."""
    ranked = Violation.objects.in_bulk([one.pk for one in violations])
    known = []
    for violation in violations:
        row = ranked[violation.pk]
        violation.tier, violation.amount, violation.state = row.tier, row.amount, row.state
        made = liability.join(violation, workforce, now=now) if liability.is_early(violation) else []
        known += [violation, *made]
    prefetch_related_objects(known, "employee")
    for actor in dict.fromkeys(one.proposed_by for one in known):
        deeds = [("violation.proposed", one.pk, {"rule": one.rule}) for one in known if one.proposed_by == actor]
        log_many(now=now, actor=actor, model=Violation, deeds=deeds)
    telling.tell_all(known, ViolationDeed.PROPOSED, now=now)
    for one in known:
        hand_over("violation_found", violation=one, now=now)


def _price(violation: Violation) -> None:
    """Set what the clause names where no tier brings it."""
    if violation.amount is not None or violation.kind == ConductKind.PENALTY:
        return
    amount = amount_in(violation, rule_of(violation), None)
    if amount is not None:
        Violation.objects.filter(pk=violation.pk, state=ViolationState.PROPOSED).update(amount=amount)


def _cases(breaches: Sequence[Breach], workforce: Workforce) -> Iterator[tuple[Breach, Case | None]]:
    """Yield what each breach is a case of, by every penalty that it calls for; once without a case where none does."""
    judging = {breach.release for breach in breaches if breach.release is not None}
    releases = Release.objects.select_related("policy").in_bulk(judging)
    for breach in breaches:
        rules = list(rules_for(breach, workforce, releases))
        yield from ((breach, _case(breach, rule)) for rule in rules)
        if not rules:
            yield breach, None


def _case(breach: Breach, rule: Rule) -> Case:
    facts = dict(breach.facts)
    spec = rule.spec
    if isinstance(spec, PenaltySpec):
        figures = _figures(breach.fields, spec)
        people = liability.people_in(breach.fields, spec)
        facts |= {FIGURES: figures} if figures else {}
        facts |= {liability.PEOPLE: people} if people else {}
    return Case(
        rule=rule,
        subject=breach.subject,
        employee=breach.employee,
        on=breach.on,
        at=breach.at,
        kind=ConductKind.PENALTY,
        violation=breach.violation,
        facts=facts,
        evidence=breach.evidence,
        branch=breach.branch,
        department=breach.department,
        exempt=breach.exempt,
    )


def _figures(fields: Mapping[str, Any], spec: PenaltySpec) -> dict[str, str]:
    """Return the values of the fields that an amount of the clause stands in, as text: JSON knows no exact decimals."""
    names = [one for one in (spec.amount, *(joint.amount for joint in spec.joint)) if isinstance(one, str)]
    values = {name: fields.get(name) for name in (one.removeprefix(FIELD) for one in names)}
    return {name: str(value) for name, value in values.items() if isinstance(value, int | str | Decimal)}


def _only(violations: Sequence[str]) -> str:
    return violations[0] if len(violations) == 1 else ""
