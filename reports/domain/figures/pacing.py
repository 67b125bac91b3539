"""How far a running figure is from its bar, and what the rest of the period would have to bring. Pure arithmetic."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from reports.domain.figures.measured import SHARES, Measured

UPWARDS = (">=", ">")


@dataclass(frozen=True, slots=True)
class Pace:
    """Where a figure stands. `gap`: how much it is short of the bar, 0 where it is met.

    `remaining`: how many more will count in the period. Of a share `wanted` is how many of them must succeed, of an
    average what they must be on average, rounded up to what can be shown; None where nothing remains, or even the best
    would not reach it (`hopeless`).
    """

    met: bool
    gap: Fraction = Fraction(0)
    remaining: int = 0
    wanted: Fraction | None = None
    hopeless: bool = False


def pace(
    metric: str, figure: Measured, op: str | None, threshold: Decimal | None, remaining: int, best: Fraction | None
) -> Pace:
    """Return where a figure stands before its bar; `best` is the highest that one more can bring, None if unknown."""
    met = figure.meets(op, threshold)
    if met or op not in UPWARDS or threshold is None or figure.value is None:
        return Pace(met, remaining=remaining)
    bar = Fraction(threshold)
    gap = bar - figure.value
    if not remaining:
        return Pace(met, gap)
    missing = bar * (figure.denominator + remaining) - figure.numerator
    if metric in SHARES:
        wanted = Fraction(floor(missing) + 1 if op == ">" else ceil(missing))
        return _within(met, gap, remaining, wanted, Fraction(remaining))
    return _within(met, gap, remaining, _rounded_up(missing / remaining, strictly=op == ">"), best)


def _within(met: bool, gap: Fraction, remaining: int, wanted: Fraction, best: Fraction | None) -> Pace:
    if best is not None and wanted > best:
        return Pace(met, gap, remaining, None, hopeless=True)
    return Pace(met, gap, remaining, wanted)


def _rounded_up(value: Fraction, *, strictly: bool) -> Fraction:
    """Return the next hundredth from `value` on; strictly above it where the bar itself does not count."""
    cents = value * 100
    return Fraction(floor(cents) + 1 if strictly else ceil(cents), 100)
