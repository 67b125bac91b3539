"""What a red line would cost: the penalties of the report's release that its breach calls for (DECISIONS 27).

It is what the regulation says, told before anybody hands in; what is proposed in the end, the detectors decide.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from config.packs.base import is_blank
from config.packs.consequences import PenaltySpec
from config.packs.duties import ReportSpec
from config.packs.pack import Pack
from staff.domain.conduct.rules import names
from staff.domain.wording import figure_words, money_words
from visits.domain.calling.lacking import PHRASE
from visits.domain.follow_up.limits import RECOMMENDED_REPAIR
from visits.domain.proof.attaching import MENDED_BY_FILES

LATE: Final = ("report_late", "report_missing")


@dataclass(frozen=True)
class Cost:
    """One penalty in words: what it is called, its amount, tiers or range, its clause."""

    title: str
    amount: str
    clause: str


def violation_of(code: str, spec: ReportSpec) -> str:
    """Return the violation of the catalogue that a lack of a line becomes."""
    if code in spec.expects:
        return "rectification_missing"
    if code.startswith(PHRASE):
        return "phrase_not_mentioned"
    if code in MENDED_BY_FILES:
        return "visit_unverifiable"
    return "recommended_repair_missing" if code == RECOMMENDED_REPAIR else "record_incomplete"


def costs_of_line(lacks: Iterable[str], rules: Sequence[str], spec: ReportSpec, pack: Pack) -> list[Cost]:
    """Return what a line costs as it stands, each penalty once; `rules` are the codes that its visit is known by."""
    found: dict[str, Cost] = {}
    for code in lacks:
        violation = violation_of(code, spec)
        told = [f"report:{spec.code}"] if violation == "rectification_missing" else rules
        found |= {rule.code: _cost(rule) for rule in _penalties((violation,), told, pack)}
    return list(found.values())


def costs_of_lateness(spec: ReportSpec, pack: Pack) -> list[Cost]:
    """Return what it costs to hand the report in too late or not at all."""
    return [_cost(rule) for rule in _penalties(LATE, [f"report:{spec.code}"], pack)]


def _penalties(violations: Sequence[str], told: Iterable[str], pack: Pack) -> Iterator[PenaltySpec]:
    """Yield the penalties that are about these violations, whatever their conditions on the subject."""
    told = list(told)
    return (rule for rule in pack.penalty if set(rule.violation) & set(violations) and names(rule.of, told))


def _cost(rule: PenaltySpec) -> Cost:
    return Cost(rule.title or rule.code, amount_words(rule), rule.clause)


def amount_words(rule: PenaltySpec) -> str:
    """Return the amount of a penalty: one, its tiers in order, or its range; nothing where it is no figure."""
    if rule.tiers:
        return " / ".join(_words(amount, rule.unit) for amount in rule.tiers)
    if rule.range:
        return " – ".join(_words(amount, rule.unit) for amount in rule.range)
    return _words(rule.amount, rule.unit)


def _words(amount: Any, unit: str) -> str:
    if not isinstance(amount, Decimal) or is_blank(amount) or unit == "none":
        return ""
    return money_words(amount) if unit == "CNY" else _("%(n)s points") % {"n": figure_words(amount)}
