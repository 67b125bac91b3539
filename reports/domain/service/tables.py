"""A report as tables by theme, in the words of the reader: the page, the paper and the workbook are made of them alone.

Whoever only reads a published report sees nobody's name: `Sight` says what is shown to whom (AK-25).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from reports.domain.figures.measured import COUNTS, Measured, shown
from reports.domain.service import cells
from reports.domain.service.cells import Cell
from reports.domain.service.content import Change, Content, Figure, changes
from reports.domain.service.parting import PARTS_OF
from staff.domain.metric_words import bar_words, metric_words

THEMES: Final = {
    "figures": gettext_lazy("Figures"),
    "changes": gettext_lazy("Better and worse"),
    "visits": gettext_lazy("Visits"),
    "clauses": gettext_lazy("Broken clauses"),
    "complaints": gettext_lazy("Complaints"),
    "ranking": gettext_lazy("Ranking"),
    "settled": gettext_lazy("Ledger and improvement"),
    "further": gettext_lazy("Rounds and books"),
}


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody sees of a report beyond what is published: who broke what (`managed`), the ranking by name."""

    managed: bool = False
    ranked: bool = False


@dataclass(frozen=True)
class Table:
    """One table: its theme, a code that is stable, its title, the heads of its columns, its rows, a word below it.

    `lead` columns stand before the names of the rows: the regulation where a table tells of several.
    """

    theme: str
    code: str
    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    lead: int = 0

    @property
    def columns(self) -> list[tuple[str, bool]]:
        """Return the heads, each with whether its column holds numbers."""
        return [(head, bool(self.rows) and self.rows[0][at].is_number) for at, head in enumerate(self.heads)]


def tables(content: Content, sight: Sight) -> list[Table]:
    """Return the tables of a report that have rows, in the order of the themes."""
    made = [*_figures(content), *_changes(content)]
    for make in PARTS_OF:
        made += [Table(*one) for one in make(content, sight.managed, sight.ranked)]
    order = list(THEMES)
    return sorted((one for one in made if one.rows), key=lambda one: order.index(one.theme))


def name_of(figure: Figure) -> str:
    """Return what a figure is called."""
    return figure.title or metric_words(figure.metric)


def target_of(figure: Figure) -> str:
    """Return the target in words, a dash without one."""
    return bar_words(figure.op, shown(Fraction(figure.target), figure.metric)) if figure.target else cells.NONE


def _figures(content: Content) -> Iterator[Table]:
    heads = [
        _("Figure"), _("Value"), _("Numerator"), _("Denominator"), _("Target"), pgettext("target", "Reached"),
        _("Period before"), pgettext("figure", "Change"),
    ]  # fmt: skip
    yearly = any(len(one.trend[0][0]) == len("2026-05") for one in content.figures if one.trend)
    heads += [_("A year before"), _("Change since")] if yearly else []
    rows = [_figure(one, yearly=yearly) for one in content.figures]
    yield Table("figures", "headline", _("Figures of the period"), heads, rows)
    periods = [period for period, _top, _below in content.figures[0].trend] if content.figures else []
    shown_from = first_with_something(content.figures)
    trend = [
        [cells.words(name_of(one))]
        + [cells.value_of(one.at(len(periods) - 1 - at), one.metric) for at in range(shown_from, len(periods))]
        for one in content.figures
    ]
    yield Table("figures", "trend", _("The figures over time"), [_("Figure"), *periods[shown_from:]], trend)


def first_with_something(figures: Sequence[Figure]) -> int:
    """Return the place of the first period in which anything was counted; the one before the last at the latest."""
    many = len(figures[0].trend) if figures else 0
    for at in range(many - 2):
        if any(_has_something(one.at(many - 1 - at), one.metric) for one in figures):
            return at
    return max(0, many - 2)


def _has_something(part: Measured, metric: str) -> bool:
    return bool(part.denominator and (part.numerator or metric not in COUNTS))


def _figure(one: Figure, *, yearly: bool) -> list[Cell]:
    reached: Any = {True: cells.words(_("yes"), tone="good"), False: cells.words(_("no"), tone="bad")}
    unripe = _("closed before it was ripe") if one.unripe else cells.NONE
    unsaid = _("still ripening") if one.ripening else unripe
    row = [
        cells.words(name_of(one)), cells.value_of(one.now, one.metric), *cells.sides(one.now, one.metric),
        cells.words(target_of(one)), reached.get(one.met, cells.words(unsaid)), *against(one, one.at(1)),
    ]  # fmt: skip
    return row + (against(one, one.at(len(one.trend) - 1)) if yearly else [])


def against(one: Figure, earlier: Measured) -> list[Cell]:
    """Return an earlier value and by how much the figure moved since, told as better or worse."""
    now, then = one.now.value, earlier.value
    by = None if now is None or then is None else now - then
    judged = None if not by or one.metric == "visit_count" else (by < 0) == one.less_is_better
    return [cells.value_of(earlier, one.metric), cells.difference(by, one.metric, better=judged)]


def _changes(content: Content) -> Iterator[Table]:
    found = changes(content)
    heads = [_("Figure"), _("Period before"), _("Now"), pgettext("figure", "Change"), _("In per cent")]
    for code, title, good in (("better", _("What got better"), True), ("worse", _("What got worse"), False)):
        yield Table("changes", code, title, heads, [_change(one) for one in found if one.better is good])


def _change(one: Change) -> list[Cell]:
    figure = one.figure
    return [
        cells.words(name_of(figure)), cells.value_of(figure.at(1), figure.metric),
        cells.value_of(figure.now, figure.metric), cells.difference(one.by, figure.metric, better=one.better),
        cells.part(one.share),
    ]  # fmt: skip
