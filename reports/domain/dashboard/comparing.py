"""The arithmetic of a dashboard: changes, distances, ranks, Pareto's order, points of sparklines. Pure and exact."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from reports.domain.figures.measured import TIMES, Measured

FEWER_IS_BETTER: Final = TIMES | {"reopen_rate", "complaint_count", "violation_count", "compensation_sum"}
NEITHER: Final = frozenset({"visit_count", "award_count", "votes", "workload"})  # of which more is no merit in itself
WIDTH, HEIGHT, EDGE = 120, 28, 2  # of a sparkline, in its own units


@dataclass(frozen=True, slots=True)
class Change:
    """By how much a figure stands above an earlier one, and whether that is better (None: neither)."""

    by: Fraction
    better: bool | None


def change(now: Measured, before: Measured, metric: str) -> Change | None:
    """Return the change between two figures of one metric, exact; None where one of them is over nothing (AC-04)."""
    if now.value is None or before.value is None:
        return None
    by = now.value - before.value
    if not by or metric in NEITHER:
        return Change(by, None)
    return Change(by, (by < 0) if metric in FEWER_IS_BETTER else (by > 0))


@dataclass(frozen=True, slots=True)
class Spread:
    """The keys of the highest and of the lowest figure, and how far they lie apart (AK-23)."""

    highest: str
    lowest: str
    apart: Fraction


def spread(figures: Mapping[str, Measured]) -> Spread | None:
    """Return how far the figures of several units lie apart; None with fewer than two of them."""
    values = {key: one.value for key, one in figures.items() if one.value is not None}
    if len(values) < 2:
        return None
    highest, lowest = max(values, key=lambda key: values[key]), min(values, key=lambda key: values[key])
    return Spread(highest, lowest, values[highest] - values[lowest])


@dataclass(frozen=True, slots=True)
class Ranked:
    """One figure among several: its key and its rank, which equals share (1, 1, 3)."""

    key: str
    figure: Measured
    rank: int


def ranked(figures: Mapping[str, Measured], metric: str) -> list[Ranked]:
    """Return who has the figure, the best first; keys in their own order among equals."""
    values = {key: one.value for key, one in figures.items() if one.value is not None}
    best_first = sorted(values.values(), reverse=metric not in FEWER_IS_BETTER)
    found = [Ranked(key, figures[key], best_first.index(value) + 1) for key, value in values.items()]
    return sorted(found, key=lambda one: (one.rank, one.key))


@dataclass(frozen=True, slots=True)
class Portion:
    """One kind of problem: how many, and the share that it and all more frequent ones have of the whole."""

    key: str
    count: int
    together: Fraction


def pareto(counts: Mapping[str, int]) -> list[Portion]:
    """Return the kinds that occurred, the most frequent first, with the cumulated share of each."""
    whole, so_far, found = sum(counts.values()), 0, []
    for key, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])):
        if count:
            so_far += count
            found.append(Portion(key, count, Fraction(so_far, whole)))
    return found


def sparkline(values: Sequence[Fraction | None]) -> list[str]:
    """Return the lines of a sparkline as SVG points: one for each run of periods that have a figure."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return []
    low, high = min(known), max(known)
    step = Fraction(WIDTH - 2 * EDGE, len(values) - 1)
    runs: list[list[str]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
            continue
        share = (value - low) / (high - low) if high > low else Fraction(1, 2)
        x, y = EDGE + place * step, HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE)
        runs[-1].append(f"{float(x):.1f},{float(y):.1f}")
    return [" ".join(run) for run in runs if len(run) > 1]


def shade(good: int, count: int, steps: int = 5) -> int:
    """Return how dark a cell of a heat map is, 1 to `steps` by its share; 0 where there was nothing."""
    return min(steps, 1 + good * steps // count) if count else 0
