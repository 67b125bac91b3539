"""Tiers of what is still open follow what was decided; what was confirmed keeps its own (DECISIONS 36)."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from config.clock import local_day
from config.packs.consequences import FIELD, PenaltySpec
from staff.choices import Liability, ViolationDeed, ViolationState
from staff.domain.conduct import tiers
from staff.domain.conduct.entering import step
from staff.domain.conduct.money import NoAmount, hundredths
from staff.domain.conduct.rules import Rule, rule_of
from staff.models import Violation

FIGURES: Final = "figures"  # in the facts: the values of the fields that amounts of the clause stand in
CUT: Final = "bonus_cut"  # the measure that brings the amount with it where the confirmer picks it
CONFIRMED_DAY: Final = "confirmed"  # `count_by`: the day of confirmation places an entry, not the day of the deed


def placed_on(violation: Violation, rule: Rule, *, now: datetime) -> date:
    """Return the local day that places a violation in month and tier; of an open one, as if it were confirmed now."""
    if rule.ledger.count_by != CONFIRMED_DAY:
        return violation.occurred_on
    return local_day(violation.decided_at or now, str(rule.zone))


def tier_now(violation: Violation, rule: Rule, *, now: datetime) -> int | None:
    """Return the tier that confirming it now would give; None for what has none: rewards, joint liability."""
    spec = rule.spec
    if not isinstance(spec, PenaltySpec) or violation.liability == Liability.JOINT:
        return None
    day = placed_on(violation, rule, now=now)
    return tiers.tier_of(day, _standing(violation, now=now), tier_period=spec.tier_period, from_count=spec.from_count)


def amount_in(violation: Violation, rule: Rule, tier: int | None) -> int | None:
    """Return what the clause takes or gives in that tier, in hundredths; None where a person has to choose it."""
    spec = rule.spec
    if tier == tiers.NO_EFFECT:
        return 0
    if isinstance(spec, PenaltySpec) and spec.tiers:
        return hundredths(tiers.amount_at(spec.tiers, tier or 1))
    return figure(spec.amount, violation.facts) if spec.amount is not None else None if is_chosen(rule) else 0


def figure(amount: Decimal | str, facts: Mapping[str, Any]) -> int | None:
    """Return an amount of a clause in hundredths; one that stands in a field is taken from `facts`, None if lacking."""
    if not isinstance(amount, str):
        return hundredths(amount)
    try:
        return hundredths(facts.get(FIGURES, {}).get(amount.removeprefix(FIELD)))
    except NoAmount:
        return None


def is_chosen(rule: Rule) -> bool:
    """Say whether the confirmer sets the amount: inside a range, or with a cut of a bonus."""
    spec = rule.spec
    return isinstance(spec, PenaltySpec) and bool(spec.range or CUT in spec.choose)


def retier(employee: int, policy: int, rule: str, *, now: datetime) -> int:
    """Rank the open proposals of one person under one clause anew; return how many changed."""
    rows = list(
        Violation.objects.filter(
            employee=employee, policy=policy, rule=rule, state=ViolationState.PROPOSED, liability=Liability.PRIMARY
        ).select_related("release__policy")
    )
    if not rows:
        return 0
    return sum(_follow(row, tier, now=now) for row, tier in _ranked(rows, now=now))


def _ranked(rows: list[Violation], *, now: datetime) -> list[tuple[Violation, int]]:
    """Return each proposal of a penalty with its tier; a clause that changed between releases ranks by its newest."""
    newest = rule_of(max(rows, key=lambda row: row.release_id))
    if not isinstance(newest.spec, PenaltySpec):
        return []
    waiting = [
        tiers.Open(row.pk, placed_on(row, rule_of(row), now=now), (row.occurred_at or row.proposed_at,)) for row in rows
    ]
    found = tiers.ranked(
        waiting,
        _standing(rows[0], now=now),
        tier_period=newest.spec.tier_period,
        from_count=newest.spec.from_count,
    )
    return [(row, found[row.pk]) for row in rows]


def _follow(row: Violation, tier: int, *, now: datetime) -> bool:
    """Let a proposal take its tier; say whether it changed."""
    amount = amount_in(row, rule_of(row), tier)
    if (row.tier, row.amount) == (tier, amount):
        return False
    open_still = Violation.objects.filter(pk=row.pk, state=ViolationState.PROPOSED)
    if not open_still.update(tier=tier, amount=amount):
        return False
    if row.tier is not None:
        step(row, ViolationDeed.RETIERED, now=now, by=None, before=row.tier, tier=tier, amount=amount)
    return True


def _standing(violation: Violation, *, now: datetime) -> list[tiers.Placed]:
    """Return what counts of that person under that clause, in the order of confirmation, but for itself."""
    rows = (
        Violation.objects.standing()
        .filter(
            employee=violation.employee_id,
            policy=violation.policy_id,
            rule=violation.rule,
            liability=Liability.PRIMARY,
        )
        .exclude(pk=violation.pk)
        .select_related("release__policy")
        .order_by("decided_at", "pk")
    )
    return [tiers.Placed(placed_on(row, rule_of(row), now=now), row.tier) for row in rows]
