"""Who answers with somebody for a violation: the manager of that day, the coordinator of the case (AE-15, 18)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from config.packs.consequences import JointSpec, PenaltySpec
from config.packs.persons import Person
from staff.choices import BaseRole, ConductKind, Liability, ViolationState
from staff.domain.conduct.entering import Case, enter
from staff.domain.conduct.retiering import figure
from staff.domain.conduct.rules import Rule, rule_of
from staff.domain.workforce import Workforce
from staff.models import Violation

PEOPLE: Final = "people"  # in the facts: the word of the pack -> the id of who it names in this case


def named(persons: Iterable[Person], primary: Violation, workforce: Workforce) -> int | None:
    """Return who answers jointly: the first of the list that names somebody else, as of the day of the violation."""
    for person in persons:
        found = _one(person, primary, workforce)
        if found and found != primary.employee_id:
            return found
    return None


def join(primary: Violation, workforce: Workforce, *, now: datetime) -> list[Violation]:
    """Enter the joint liability that the tier of `primary` brings; return what is new."""
    rule = rule_of(primary)
    if not isinstance(rule.spec, PenaltySpec) or primary.liability == Liability.JOINT or primary.exempt:
        return []
    made = []
    for joint in rule.spec.joint:
        if primary.tier is None or primary.tier < joint.from_tier:
            continue
        case = _case(primary, rule, joint, workforce)
        if case is not None:
            violation, new = enter(case, workforce, now=now)
            made += [violation] if new else []
    return made


def is_early(primary: Violation) -> bool:
    """Say whether joint liability is certain as soon as there is a proposal: no tier can take it away."""
    spec = rule_of(primary).spec
    return isinstance(spec, PenaltySpec) and spec.from_count == 1


def awaited(primary: Violation) -> list[Violation]:
    """Return the joint proposals that wait together with their violation."""
    return list(primary.joint.filter(state=ViolationState.PROPOSED).select_related("release__policy", "employee"))


def _case(primary: Violation, rule: Rule, joint: JointSpec, workforce: Workforce) -> Case | None:
    liable = named(joint.who, primary, workforce)
    if liable is None:
        return None
    return Case(
        rule=rule,
        subject=primary.subject,
        employee=liable,
        on=primary.occurred_on,
        at=primary.occurred_at,
        kind=ConductKind.PENALTY,
        violation=primary.violation,
        amount=figure(joint.amount, primary.facts),
        facts=primary.facts,
        evidence=primary.evidence,
        branch=primary.branch_id,
        department=primary.department_id,
        primary=primary,
    )


def people_in(fields: Mapping[str, Any], spec: PenaltySpec) -> dict[str, int]:
    """Return whom the fields of a case name among those that a clause holds liable."""
    words = {person.kind for joint in spec.joint for person in joint.who}
    return {word: fields[word] for word in words if isinstance(fields.get(word), int)}


def _one(person: Person, primary: Violation, workforce: Workforce) -> int | None:
    if person.kind == "role":
        return _holder(person.code, primary, workforce)
    if person.kind == "line_manager":
        return workforce.post(primary.employee_id, on=primary.occurred_on).line_manager
    found = primary.facts.get(PEOPLE, {}).get(person.kind)
    return found if found in workforce.people else None


def _holder(role: str, primary: Violation, workforce: Workforce) -> int | None:
    """Return the nearest holder on that day: of the same department, the same branch, or of no unit at all."""
    on, day_post = primary.occurred_on, workforce.post(primary.employee_id, on=primary.occurred_on)
    managers = workforce.holders_like([BaseRole.DEPARTMENT_MANAGER], on=on)
    found = []
    for one in workforce.holders(role, on=on):
        post = workforce.post(one, on=on)
        distance = _distance(post.branch, post.department, day_post.branch, day_post.department)
        if one == primary.employee_id or distance is None or (distance == 1 and one in managers and post.department):
            continue  # a manager answers for his own department, not for the one beside it
        found.append((distance, workforce.people[one].username, one))
    return min(found)[2] if found else None


def _distance(branch: int | None, department: int | None, own_branch: int | None, own: int | None) -> int | None:
    if own is not None and department == own:
        return 0
    if own_branch is not None and branch == own_branch:
        return 1
    return 2 if branch is None else None
