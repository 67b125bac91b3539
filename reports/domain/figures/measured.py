"""One figure: a numerator and a denominator, exact, and what may be done with the two."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from operator import eq, ge, gt, le, lt, ne
from typing import Final

OPERATORS: Final[Mapping[str, Callable[[Fraction, Fraction], bool]]] = {
    ">=": ge, ">": gt, "<=": le, "<": lt, "==": eq, "!=": ne,
}  # fmt: skip
COUNTS: Final = frozenset(
    {"visit_count", "violation_count", "award_count", "votes", "complaint_count", "compensation_sum",
     "opportunity_sum"}
)  # fmt: skip
UNOWNED: Final = frozenset({"roster_rate"})  # of desks: no person has a figure of their own
TIMES: Final = frozenset({"response_time", "solve_time"})
SHARES: Final = frozenset(
    {
        "worked_rate", "completion_rate", "success_rate", "timely_rate", "coverage_rate", "satisfaction_rate",
        "evaluation_rate", "resolution_rate", "reply_rate", "reopen_rate", "obligation_rate", "report_rate",
        "duration_rate", "ring_rate", "accuracy_rate", "quality_score", "qualification_rate", "roster_rate",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measured:
    """What was counted. A figure over nothing is None: "—", never 0 or 100 %.

    A rate lies between 0 and 1 (a threshold of 80 % is 0.8), an average is in its own points, a count has the
    denominator 1.
    """

    numerator: Fraction = Fraction(0)
    denominator: int = 0

    @property
    def value(self) -> Fraction | None:
        """Return the figure, None over nothing."""
        return Fraction(self.numerator) / self.denominator if self.denominator else None

    def __add__(self, other: "Measured") -> "Measured":
        return Measured(self.numerator + other.numerator, self.denominator + other.denominator)

    def __sub__(self, other: "Measured") -> "Measured":
        return Measured(self.numerator - other.numerator, self.denominator - other.denominator)

    def meets(self, op: str | None, threshold: Decimal | None) -> bool:
        """Say whether the figure stands so to the threshold; none at all meets nothing. Without a bar any does."""
        if self.value is None:
            return False
        return op is None or threshold is None or OPERATORS[op](self.value, Fraction(threshold))


NOTHING: Final = Measured()


def together(parts: Iterable[Measured]) -> Measured:
    """Return the figure of several people together: sums of both sides, never an average of averages."""
    return sum(parts, NOTHING)


def shown(value: Fraction | None, metric: str) -> str:
    """Return a figure for people: a rate in per cent, anything else as a number, both to two places at most; — of none.

    Rounded towards the side that does not flatter a threshold: what is below 80 % never reads "80 %".
    """
    if value is None:
        return "—"
    scaled = value * 100 if metric in SHARES else value
    return number(scaled) + (" %" if metric in SHARES else "")


def plain(value: Fraction) -> str:
    """Return a sum of decimals exactly, as people write it."""
    text = f"{Decimal(value.numerator) / Decimal(value.denominator):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def number(value: Fraction) -> str:
    """Return a number to two places at most, cut off and not rounded up, so that 114.999 never reads 115."""
    cents = abs(value) * 100
    whole, rest = divmod(int(cents), 100)
    text = f"{whole}.{rest:02}".rstrip("0").rstrip(".") if rest else f"{whole}"
    return f"-{text}" if value < 0 and text != "0" else text


def exact(value: Fraction) -> Decimal:
    """Return a sum of decimals as a decimal again."""
    return Decimal(value.numerator) / Decimal(value.denominator)


def sides(figure: Measured, metric: str) -> str:
    """Return both sides of a figure; nothing of a count, which has one."""
    if metric in COUNTS or not figure.denominator:
        return ""
    top = number(figure.numerator) if metric in TIMES else plain(figure.numerator)
    return f"{top} / {figure.denominator}"
