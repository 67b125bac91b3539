"""What a clause leaves to who confirms: an amount inside a range, measures out of a list (AE-17, AK-34)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from config.packs.consequences import PenaltySpec
from staff.choices import Liability
from staff.domain.conduct import places
from staff.domain.conduct.money import MOST, hundredths, plain
from staff.domain.conduct.refusing import Refused
from staff.domain.conduct.retiering import CUT, amount_in
from staff.domain.conduct.rules import Rule
from staff.models import Violation


@dataclass(frozen=True)
class Choice:
    """What a confirmation comes to: the amount in hundredths, measures picked, the reason given."""

    amount: int
    measures: tuple[str, ...] = ()
    text: str = ""


def is_settled(violation: Violation, rule: Rule) -> bool:
    """Say whether the clause alone decides: no amount to choose, no measure to pick, no figure lacking, no equals."""
    if violation.liability == Liability.JOINT:
        return violation.amount is not None
    if places.is_tied(violation):
        return False
    must_pick = isinstance(rule.spec, PenaltySpec) and bool(rule.spec.choose)
    return not must_pick and amount_in(violation, rule, violation.tier) is not None


def bounds(rule: Rule) -> tuple[int, int] | None:
    """Return the lowest and the highest amount that may be chosen, in hundredths; None where there is no choice."""
    spec = rule.spec
    if not isinstance(spec, PenaltySpec) or not spec.range:
        return None
    return hundredths(spec.range[0]), hundredths(spec.range[1])


def choice(
    violation: Violation, rule: Rule, tier: int | None, amount: int | None, text: str, choose: Sequence[str]
) -> Choice:
    """Return what confirming comes to. Raises `Refused` where something is chosen that is not open, or is lacking."""
    places.check_place(violation)
    text = text.strip()
    joint = violation.liability == Liability.JOINT
    measures = () if joint else _picked(rule, choose)
    fixed = violation.amount if joint else amount_in(violation, rule, tier)
    if CUT in getattr(rule.spec, "choose", ()) and not joint and CUT not in measures:
        fixed = fixed or 0  # the figure comes with the cut of the bonus alone
    if fixed is not None:
        if amount is not None and amount != fixed:
            raise Refused(_("The regulation fixes this amount: %s.") % plain(fixed), "amount")
        return Choice(fixed, measures, text)
    if amount is None:
        raise Refused(_("Enter the amount."), "amount")
    _check(amount, bounds(rule))
    if not text:
        raise Refused(_("Say why it is this amount."), "text")
    return Choice(amount, measures, text)


def _check(amount: int, limits: tuple[int, int] | None) -> None:
    lowest, highest = limits or (0, MOST)
    if not lowest <= amount <= highest:
        words = _("The amount lies between %(lowest)s and %(highest)s.")
        raise Refused(words % {"lowest": plain(lowest), "highest": plain(highest)}, "amount")


def _picked(rule: Rule, choose: Sequence[str]) -> tuple[str, ...]:
    spec = rule.spec
    if not isinstance(spec, PenaltySpec):
        return ()
    allowed = spec.choose
    strange = [one for one in choose if one not in allowed]
    if strange:
        raise Refused(_("The regulation does not offer this measure: %s.") % ", ".join(strange), "choice")
    if allowed and not choose and spec.amount is None and not (spec.tiers or spec.range or spec.also):
        raise Refused(_("Pick at least one measure."), "choice")
    return tuple(dict.fromkeys(choose))
