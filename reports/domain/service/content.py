"""What a service-quality report says, as it is frozen: exact figures and plain rows, no words of the program.

Numerators are exact fractions written as ``p/q``; names of people, units and rules stand as they were called then.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from reports.domain.figures.measured import COUNTS, OPERATORS, Measured

FORM: Final = 1  # of the frozen content; a later program reads what an earlier one wrote
LESS_IS_BETTER: Final = frozenset(
    {"complaint_count", "reopen_rate", "response_time", "solve_time", "violation_count", "compensation_sum"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the report: over its period and the periods before it (`trend`, oldest first, its own last).

    `key` is ``kpi:<code>`` or ``metric:<metric>``; `title` empty: what the metric is called. The target counts only
    where the regulation sets it for periods of this length, and not while the figure is `ripening`, nor where its month
    was closed while it was (`unripe`): what follows from it goes by the ripe one.
    """

    key: str
    metric: str
    title: str = ""
    op: str = ""
    target: str = ""
    trend: tuple[tuple[str, str, int], ...] = ()
    ripening: bool = False
    unripe: bool = False

    def at(self, back: int) -> Measured:
        """Return the figure so many periods back; `NOTHING` where the trend does not reach so far."""
        if back >= len(self.trend):
            return Measured()
        _period, numerator, denominator = self.trend[-1 - back]
        return Measured(Fraction(numerator), denominator)

    @property
    def now(self) -> Measured:
        """Return the figure of the period itself."""
        return self.at(0)

    @property
    def met(self) -> bool | None:
        """Say whether the target is reached; None without a target, over nothing, or where it is not the ripe one."""
        return None if self.ripening or self.unripe else reached(self.now, self.op, self.target)

    @property
    def less_is_better(self) -> bool:
        """Say whether a fall is good news: the target's direction says so, else the nature of the metric."""
        return self.op in ("<", "<=") if self.op in OPERATORS else self.metric in LESS_IS_BETTER

    @property
    def is_empty(self) -> bool:
        """Say whether there was nothing to measure in any of its periods."""
        return not any(denominator for _period, _numerator, denominator in self.trend)


@dataclass(frozen=True, slots=True)
class Change:
    """How a figure moved against the period before. `by` is the difference, `share` the part of the earlier value."""

    figure: Figure
    by: Fraction
    share: Fraction | None
    better: bool


@dataclass(frozen=True)
class Content:
    """A whole report. Every part is a list of plain rows; a kind of report that has no such part leaves it empty.

    `figures` as `Figure`; `visits` {"basics", "feedback", "problems", "rules"}; `clauses` what was broken; `complaints`
    by category, level, branch; `hours` [hour, contacts, reached]; `people` and `departments` with their figures;
    `ledger` [title, kind, unit, count, hundredths]; `actions` open improvement actions; `opinions` [department, kind,
    count]; `rounds` results of units; `books` [book, entries];
    `restated` [closed month, metric, what came to the numerator, to the denominator].
    """

    figures: tuple[Figure, ...] = ()
    visits: Mapping[str, list[list[Any]]] = field(default_factory=dict)
    clauses: list[dict[str, Any]] = field(default_factory=list)
    complaints: Mapping[str, list[list[Any]]] = field(default_factory=dict)
    hours: list[list[int]] = field(default_factory=list)
    people: list[dict[str, Any]] = field(default_factory=list)
    departments: list[dict[str, Any]] = field(default_factory=list)
    ledger: list[list[Any]] = field(default_factory=list)
    actions: list[dict[str, Any]] = field(default_factory=list)
    opinions: list[list[Any]] = field(default_factory=list)
    rounds: list[list[Any]] = field(default_factory=list)
    books: list[list[Any]] = field(default_factory=list)
    restated: list[list[Any]] = field(default_factory=list)


PLAIN: Final = tuple(one.name for one in fields(Content) if one.name != "figures")


def frozen(content: Content) -> dict[str, Any]:
    """Return the content as it is kept."""
    figures = [{name: getattr(one, name) for name in Figure.__slots__} for one in content.figures]
    return {"form": FORM, "figures": figures} | {name: getattr(content, name) for name in PLAIN}


def thawed(kept: Mapping[str, Any]) -> Content:
    """Return the content as it was when it was made; parts that a later program added are empty."""
    figures = tuple(
        Figure(**{**one, "trend": tuple((period, top, below) for period, top, below in one["trend"])})
        for one in kept["figures"]
    )
    return Content(figures, **{name: kept[name] for name in PLAIN if name in kept})


def reached(figure: Measured, op: str, target: str) -> bool | None:
    """Say whether a figure reaches its target; None without a target, or over nothing."""
    return None if not op or not target or figure.value is None else figure.meets(op, Decimal(target))


def changes(content: Content) -> list[Change]:
    """Return what moved against the period before, the most first by the part of the earlier value (from 0: first).

    A figure that is over nothing in either period has not moved; the number of visits is neither good nor bad.
    """
    found = []
    for one in content.figures:
        now, before = one.now.value, one.at(1).value
        if now is None or before is None or now == before or one.metric == "visit_count":
            continue
        share = (now - before) / abs(before) if before else None
        found.append(Change(one, now - before, share, (now < before) == one.less_is_better))
    return sorted(found, key=lambda one: (one.share is not None, -abs(one.share or 0), one.figure.key))


def differing(old: Content, present: Mapping[str, Figure]) -> list[tuple[Figure, Figure | None]]:
    """Return the figures of the period that are not what they were when the report was made, with what they are."""
    found = []
    for one in old.figures:
        again = present.get(one.key)
        if again is None or _differ(one, again):
            found.append((one, again))
    return found


def _differ(one: Figure, other: Figure) -> bool:
    if one.metric in COUNTS:  # of a count only its number matters: over nothing and nought are the same
        return one.now.numerator != other.now.numerator
    return (one.now.numerator, one.now.denominator) != (other.now.numerator, other.now.denominator)
