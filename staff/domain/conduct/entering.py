"""Writing one violation, award or reward down, once for ever: its key says what cannot happen twice (F71).

What people have decided about it is sticky: a detector that finds the same again changes nothing (F72). Only a proposal
that is still open can become exempt afterwards, say because leave was approved late (`releasing`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Q

from staff.choices import ConductKind, Liability, ViolationDeed, ViolationState
from staff.domain.conduct.rules import Rule
from staff.domain.workforce import Workforce
from staff.models import Employee, Violation, ViolationStep

Key = tuple[int, str, str, int, str]  # policy, code of the rule, subject, employee, liability
ASKED_AT_ONCE: Final = 500  # subjects in one query
MENDED: Final = "mended"  # why the program waived a proposal: its cause is gone


@dataclass(frozen=True, kw_only=True)
class Case:
    """What a proposal says, whoever found it. `amount` in hundredths; None where a person still has to choose it."""

    rule: Rule
    subject: str
    employee: int
    on: date
    at: datetime | None = None
    kind: str = ConductKind.PENALTY
    violation: str = ""
    amount: int | None = None
    tier: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    evidence: Sequence[Mapping[str, Any]] = ()
    branch: int | None = None
    department: int | None = None
    exempt: str = ""
    primary: Violation | None = None
    by: Employee | None = None
    text: str = ""

    @property
    def key(self) -> Key:
        """Return what cannot happen twice."""
        liability = Liability.JOINT if self.primary else Liability.PRIMARY
        return self.rule.release.policy_id, self.rule.spec.code, self.subject, self.employee, liability


def entered(cases: Iterable[Case]) -> dict[Key, Violation]:
    """Return what was written down before of these cases, by their keys."""
    subjects, found = sorted({case.subject for case in cases}), list[Violation]()
    for start in range(0, len(subjects), ASKED_AT_ONCE):
        found += Violation.objects.filter(subject__in=subjects[start : start + ASKED_AT_ONCE])
    return {(row.policy_id, row.rule, row.subject, row.employee_id, row.liability): row for row in found}


def enter(case: Case, workforce: Workforce, *, now: datetime) -> tuple[Violation, bool]:
    """Return the violation of that case, and whether it is new."""
    key = dict(zip(("policy_id", "rule", "subject", "employee_id", "liability"), case.key, strict=True))
    known = Violation.objects.filter(**key).first()
    if known is None:
        try:
            with transaction.atomic():
                return _write(case, key, workforce, now=now), True
        except IntegrityError:  # somebody else has just found the same
            known = Violation.objects.get(**key)
    return known, False


def exempt(violation: Violation, why: str, *, now: datetime, deed: str = ViolationDeed.EXEMPTED) -> bool:
    """Let the program waive an open proposal, visibly; say whether it was still open."""
    changed = Violation.objects.filter(pk=violation.pk, state=ViolationState.PROPOSED).update(
        state=ViolationState.WAIVED, exempt=why, decided_at=now, decided_by=None
    )
    if changed:
        step(violation, deed, now=now, by=None, why=why)
        violation.refresh_from_db()
    return bool(changed)


def reopen(violation: Violation, *, now: datetime) -> bool:
    """Propose anew, with its joint ones, what the program had waived because its cause was gone; what people decided
    stays. Say whether it was so waived.
    """
    waived = Violation.objects.filter(Q(pk=violation.pk) | Q(primary=violation), state=ViolationState.WAIVED)
    found = list(waived.filter(exempt=MENDED, decided_by=None).order_by("pk"))
    if violation.pk not in {one.pk for one in found}:
        return False
    for one in found:
        one.state, one.exempt, one.decided_at = ViolationState.PROPOSED, "", None
        one.save(update_fields=["state", "exempt", "decided_at"])
        step(one, ViolationDeed.PROPOSED, now=now, by=None)
    violation.refresh_from_db()
    return True


def step(
    violation: Violation, deed: str, *, now: datetime, by: Employee | None, text: str = "", **data: Any
) -> ViolationStep:
    """Append one line to the history of a violation. `data` holds figures and ids."""
    return ViolationStep.objects.create(violation=violation, deed=deed, at=now, by=by, text=text, data=data)


def _write(case: Case, key: Mapping[str, Any], workforce: Workforce, *, now: datetime) -> Violation:
    post = workforce.post(case.employee, on=case.on)
    waived = bool(case.exempt)
    violation = Violation.objects.create(
        **key,
        kind=case.kind,
        release=case.rule.release,
        violation=case.violation,
        clause=case.rule.spec.clause,
        primary=case.primary,
        branch_id=case.branch or post.branch,
        department_id=case.department or post.department,
        occurred_on=case.on,
        occurred_at=case.at,
        facts=dict(case.facts),
        evidence=[dict(one) for one in case.evidence],
        unit=case.rule.unit,
        amount=case.amount,
        tier=case.tier,
        state=ViolationState.WAIVED if waived else ViolationState.PROPOSED,
        exempt=case.exempt,
        proposed_at=now,
        proposed_by=case.by,
        decided_at=now if waived else None,
    )
    step(violation, ViolationDeed.PROPOSED, now=now, by=case.by, text=case.text)
    if waived:
        step(violation, ViolationDeed.EXEMPTED, now=now, by=None, why=case.exempt)
    return violation
