"""The figures of a dashboard: of several periods, of each unit or value, all as `reading` counts them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reports.domain.dashboard.choosing import Shown, other, run_up
from reports.domain.dashboard.comparing import Change, change
from reports.domain.dashboard.narrowing import Narrow, Undivided, limited
from reports.domain.facts.frozen import as_kept
from reports.domain.figures.measured import NOTHING, Measured
from reports.domain.figures.measuring import as_figure, sums_now
from reports.domain.figures.query import Query
from reports.domain.figures.reading import Part, dimensions_of, parted_over_each, series
from staff.domain.periods import Period

TREND: int = 12  # periods of a trend


@dataclass(frozen=True, slots=True)
class Card:
    """One figure of a period, what it was in the period it is compared with, and its run-up, the oldest first.

    `undivided` names the dimension by which it cannot be limited as was asked; then it is over nothing.
    """

    shown: Shown
    figure: Measured = NOTHING
    before: Measured = NOTHING
    run: tuple[tuple[Period, Measured], ...] = ()
    undivided: str = ""

    @property
    def begun(self) -> tuple[tuple[Period, Measured], ...]:
        """Return the run-up from the first period on that has a figure."""
        first = next((place for place, (_period, one) in enumerate(self.run) if one.denominator), len(self.run))
        return self.run[first:]

    @property
    def change(self) -> Change | None:
        """Return the change against the period it is compared with."""
        return change(self.figure, self.before, self.shown.metric)


def card(shown: Shown, asked: Query, narrow: Narrow, part: Part, *, against: str) -> Card:
    """Return one figure with its run-up and the period it is compared with."""
    periods = run_up(asked.period, TREND)
    compared = other(asked.period, against)
    try:
        figures = figures_over(asked, [*periods, compared], narrow, part)
    except Undivided as how:
        return Card(shown, undivided=how.by)
    run = tuple(zip(periods, figures, strict=False))
    return Card(shown, figures[len(periods) - 1], figures[-1], run)


def figures_over(asked: Query, periods: Sequence[Period], narrow: Narrow, part: Part) -> list[Measured]:
    """Return the same figure of several periods. People belong to a unit as of the last day of each period.

    Periods in which the same people are meant are asked for together. Raises `Undivided`.
    """
    found: dict[Period, Measured] = {}
    for of, those in _together(asked, periods, narrow, part):
        found |= zip(those, series(asked, those, of), strict=True)
    return [found[period] for period in periods]


def divided(
    asked: Query, periods: Sequence[Period], by: str, narrow: Narrow, part: Part
) -> list[dict[str, Measured]]:  # fmt: skip
    """Return the figure of each period by the units or values that have one; nothing where the metric has no such.

    Raises `Undivided` where it cannot be limited to what is chosen.
    """
    return divided_by_each(asked, periods, [by], narrow, part)[by]


def divided_by_each(
    asked: Query, periods: Sequence[Period], dimensions: Sequence[str], narrow: Narrow, part: Part
) -> dict[str, list[dict[str, Measured]]]:  # fmt: skip
    """Return the same by several dimensions, asked for together. Raises `Undivided`."""
    there = [by for by in dimensions if by in dimensions_of(asked.kpi.metric)]
    found: dict[str, dict[Period, dict[str, Measured]]] = {by: {} for by in dimensions}
    for of, those in _together(asked, periods, narrow, part):
        for by, over in parted_over_each(asked, those, there, of).items():
            for period, figures in zip(those, over, strict=True):
                found[by][period] = {key: one for key, one in figures.items() if one.denominator}
    return {by: [figures.get(period, {}) for period in periods] for by, figures in found.items()}


def is_restated(asked: Query, part: Part, stands: Measured) -> bool:
    """Say whether the rows come to another figure by now than the one that stands since its month was closed."""
    now_is = as_figure(sum(sums_now(asked, "", part).values(), NOTHING), asked.kpi.metric)
    return as_kept(stands) != as_kept(now_is)


def _together(
    asked: Query, periods: Sequence[Period], narrow: Narrow, part: Part
) -> Iterable[tuple[Part, list[Period]]]:  # fmt: skip
    """Return the periods in which the same people are meant, with the part of the figure that is of them."""
    together: dict[Part, list[Period]] = {}
    for period in dict.fromkeys(periods):
        together.setdefault(limited(asked.over(period), narrow, part), []).append(period)
    return together.items()
