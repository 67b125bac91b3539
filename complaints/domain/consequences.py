"""What a case costs by the judgement of people: a penalty that is proposed by hand about the case (AE-17, AE-18).

It names the case as its subject and, as one who answers jointly, the coordinator who is named on it.
"""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_noop

from complaints.domain.announcing import subject_of
from complaints.domain.violations import KIND, fields_of
from complaints.models import Case
from config.clock import local_day
from config.packs.consequences import PenaltySpec
from staff.choices import Liability, ViolationState
from staff.domain.conduct.liability import PEOPLE, people_in
from staff.domain.conduct.proposing import propose_by_hand
from staff.domain.conduct.refusing import Refused
from staff.domain.conduct.rights import Rights
from staff.domain.conduct.rules import Rule, by_hand, rule_of
from staff.domain.conduct.telling import deciders
from staff.domain.notifying import notify
from staff.models import Employee, Violation

DECIDE = gettext_noop("%(rule)s waits for your decision: %(person)s, found out after a complaint")


def penalties_for(case: Case, *, on: date) -> list[Rule]:
    """Return what may be proposed by hand about a case: penalties of its own regulation first, then of the others."""
    return sorted(by_hand(on=on), key=lambda rule: rule.release.policy_id != case.policy_id)


def tell_deciders(*, violation: Violation, now: datetime) -> None:
    """Tell who may decide about it that what a case says of somebody waits for them (I-07; a hand-over)."""
    if violation.violation != KIND or violation.liability != Liability.PRIMARY or violation.proposed_by_id:
        return
    if violation.state != ViolationState.PROPOSED:
        return
    on = local_day(now)
    people = [one for one in deciders(violation, now=now) if Rights(one, on).may_confirm(violation)]
    facts = {"rule": rule_of(violation).spec.title or violation.rule, "person": str(violation.employee)}
    key, url = f"violation-{violation.pk}-decide", f"/ledger/{violation.pk}/"
    notify(people, kind="violation", message=DECIDE, url=url, key=key, facts=facts, now=now)


def propose(
    case: Case, rule: Rule, employee: Employee, *, by: Employee, text: str, now: datetime, presupposed: bool = False
) -> Violation:
    """Propose a penalty for somebody about a case; the same once for each case.

    Raises `Refused`, as every proposal by hand does (oneself, without words, twice).
    """
    spec: Any = rule.spec
    if not isinstance(spec, PenaltySpec):
        raise Refused(str(rule.spec.code), "state")
    subject = subject_of(case)
    people = people_in(fields_of(case), spec)
    facts = {"case": case.pk, "number": case.number, "visit": subject} | ({PEOPLE: people} if people else {})
    return propose_by_hand(
        spec, employee, subject, release=rule.release, by=by, text=text, now=now, on=local_day(now), facts=facts,
        evidence=[{"kind": "case", "id": case.pk}], presupposed=presupposed,
    )  # fmt: skip
