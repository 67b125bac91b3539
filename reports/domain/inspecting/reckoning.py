"""From points to a result, from results to a rank: exact fractions, rounded only where they are kept or shown. Pure.

A result is 100 × Σ(weight × points / max) / Σ weight over the items that were judged; an item that does not apply is in
neither sum. A scorecard that deducts starts from 100 and takes off the weight of each finding.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeVar

FULL: Final = Fraction(100)
ONE: Final = Fraction(1)
Key = TypeVar("Key", bound=Hashable)
AVERAGE, SUM, DEDUCT = "average", "sum", "deduct"


@dataclass(frozen=True, slots=True)
class Judged:
    """One item of a scorecard as it was judged: `points` of at most `most`; None where the item does not apply."""

    code: str
    points: Fraction | None
    most: Fraction = ONE
    weight: Fraction = ONE
    accuracy: bool = False
    computed: bool = False

    @property
    def is_finding(self) -> bool:
        """Say whether the item failed: one that is passed or not, and was not passed (POLICY_PACK: `max` 1)."""
        return self.points is not None and self.most == ONE and not self.computed and self.points < self.most


def result_of(judged: Sequence[Judged], combine: str) -> Fraction | None:
    """Return the result in per cent of the best one; None where nothing was judged, never 0 or 100."""
    counted = [one for one in judged if one.points is not None]
    if not counted:
        return None
    if combine == DEDUCT:
        return max(Fraction(0), FULL - sum((one.weight for one in counted if one.is_finding), Fraction(0)))
    weights = sum((one.weight for one in counted), Fraction(0))
    if not weights:
        return None
    earned = sum((one.weight * (one.points or 0) / one.most for one in counted), Fraction(0))
    return FULL * earned / weights


def combined(results: Iterable[Fraction], combine: str) -> Fraction | None:
    """Return what several results of one person or unit in a period come to: mean, sum, or 100 less all deductions."""
    known = list(results)
    if not known:
        return None
    if combine == SUM:
        return sum(known, Fraction(0))
    if combine == DEDUCT:
        return max(Fraction(0), FULL - sum((FULL - one for one in known), Fraction(0)))
    return sum(known, Fraction(0)) / len(known)


def is_accurate(judged: Iterable[Judged]) -> bool | None:
    """Say whether a record was found accurate: every item that says so has full points; None where none was judged."""
    told = [one for one in judged if one.accuracy and one.points is not None]
    return all(one.points == one.most for one in told) if told else None


def ranks(results: Mapping[Key, Fraction]) -> dict[Key, int]:
    """Return each one's rank, the best first; equals share one and the next is left out (92, 88, 92: 1, 3, 1)."""
    return {key: 1 + sum(other > result for other in results.values()) for key, result in results.items()}


def agreement(pairs: Iterable[tuple[Fraction | None, Fraction | None]]) -> tuple[int, int]:
    """Return on how many items two scorers agreed, and how many both of them judged or left out together."""
    told = list(pairs)
    return sum(first == second for first, second in told), len(told)


def hundredths(value: Fraction) -> int:
    """Return a figure in hundredths, halves away from zero: what is stored and shown."""
    scaled = value * 100
    whole = int(abs(scaled) + Fraction(1, 2))
    return whole if scaled >= 0 else -whole
