"""Everything about one violation or reward: clause, rule, evidence, explanation, people, steps, and what it posted."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from config.packs.base import is_blank
from config.packs.consequences import PenaltySpec, RewardSpec
from config.packs.policy import ClauseSpec
from staff.choices import ConductKind
from staff.domain.conduct import scope, subjects
from staff.domain.conduct.naming import amount_words, measure_words
from staff.domain.policies import spec_of
from staff.models import Employee, LedgerEntry, Measure, Violation, ViolationStep

Spec = PenaltySpec | RewardSpec


@dataclass(frozen=True)
class Card:
    """One violation as its page shows it; `joint` are those that answer for it with its own person."""

    violation: Violation
    clause: ClauseSpec | None
    spec: Spec | None
    price: str
    about: subjects.Told
    evidence: list[tuple[str, subjects.Told]]
    steps: list[ViolationStep]
    entries: list[LedgerEntry]
    measures: list[Measure]
    joint: list[Violation]


def card(violation: Violation, *, actor: Employee, on: date) -> Card:
    """Return the page of one violation, with what of its matter the actor may see on that day."""
    spec = spec_for(violation)
    wanted = subjects.references(violation)
    seen = subjects.told(wanted, actor=actor, on=on)
    shown = [(kind, seen.get((kind, key)) or subjects.hidden("", _("(not yours to see)"))) for kind, key in wanted]
    family = violation.primary_id or violation.pk
    joint = scope.violations(actor, on=on).exclude(pk=violation.pk).select_related("employee")
    return Card(
        violation=violation,
        clause=clause_of(violation),
        spec=spec,
        price=price_words(spec, violation.unit),
        about=shown[0][1],
        evidence=[(str(kind), one) for kind, one in shown[1:]],
        steps=list(violation.steps.select_related("by").order_by("pk")),
        entries=list(violation.entries.select_related("posted_by", "reverses").order_by("pk")),
        measures=list(violation.measures.select_related("closed_by", "training").order_by("pk")),
        joint=[*joint.filter(primary=family), *joint.filter(pk=family)],
    )


def spec_for(violation: Violation) -> Spec | None:
    """Return the penalty or reward of the pack that judged it."""
    section = "penalty" if violation.kind == ConductKind.PENALTY else "reward"
    found: Any = spec_of(violation.release).entry(section, violation.rule)
    return found if isinstance(found, PenaltySpec | RewardSpec) else None


def clause_of(violation: Violation) -> ClauseSpec | None:
    """Return the clause that it rests on, as the release that judged it says it."""
    clauses = spec_of(violation.release).clause
    return next((clause for clause in clauses if clause.ref == violation.clause), None)


def range_of(spec: Spec | None) -> tuple[Decimal, Decimal] | None:
    """Return the range that the confirmer chooses from, if the penalty has one."""
    found: tuple[Decimal, ...] = getattr(spec, "range", ())
    if len(found) != 2 or any(is_blank(bound) for bound in found):
        return None
    return found[0], found[1]


def price_words(spec: Spec | None, unit: str) -> str:
    """Return what the rule says it costs or earns: one amount, its tiers, or a range."""
    if spec is None:
        return ""
    if bounds := range_of(spec):
        low, high = (amount_words(int(bound * 100), unit) for bound in bounds)
        return _("%(low)s to %(high)s, chosen by whoever confirms") % {"low": low, "high": high}
    if tiers := [tier for tier in getattr(spec, "tiers", ()) if not is_blank(tier)]:
        rolling = getattr(spec, "tier_period", "month")
        each = " / ".join(amount_words(int(tier * 100), unit) for tier in tiers)
        told = {"tiers": each, "days": rolling.removesuffix("d")}
        return (
            _("%(tiers)s by the count in a month")
            if rolling == "month"
            else _("%(tiers)s by the count in %(days)s days")
        ) % told
    amount = spec.amount
    return amount_words(int(amount * 100), unit) if isinstance(amount, Decimal) else ""


def choices_of(spec: Spec | None) -> list[tuple[str, str]]:
    """Return the measures that the confirmer may choose, with their words."""
    return [(code, measure_words(code)) for code in getattr(spec, "choose", ())]
