"""Figures of the dashboards in the words of the screen: changes, distances, periods, cards."""

from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.domain.dashboard.choosing import SPAN
from reports.domain.dashboard.comparing import Change, sparkline
from reports.domain.dashboard.reckoning import Card
from reports.domain.figures.dictionary import definition_of
from reports.domain.figures.measured import COUNTS, SHARES, Measured, number, shown, sides
from staff.domain.metric_words import bar_words
from staff.domain.periods import Period
from staff.domain.wording import span_words

DIMENSION_WORDS = {
    "branch": gettext_lazy("Branch"),
    "department": gettext_lazy("Department"),
    "team": gettext_lazy("Team of"),
    "employee": gettext_lazy("Employee"),
    "rule": gettext_lazy("Rule"),
    "channel": gettext_lazy("Channel"),
    "segment": gettext_lazy("Segment"),
    "model": gettext_lazy("Vehicle model"),
    "category": gettext_lazy("Category"),
    "kind": gettext_lazy("Kind of event"),
}


def period_words(period: Period) -> str:
    """Return a period by its name, and by its days where the name does not say them."""
    if period.per == SPAN:
        return f"{period.first:%Y-%m-%d} – {period.last:%Y-%m-%d}"
    if period.per == "day":
        return span_words(period.first, None)
    return f"{period.key} ({period.first:%m-%d} – {period.last:%m-%d})" if period.per == "week" else period.key


def distance_words(by: Fraction, metric: str, *, signed: bool = False) -> str:
    """Return how far two figures lie apart: of rates in percentage points, to one place, or two where it is less."""
    scaled = by * 100 if metric in SHARES else by
    tenths = abs(scaled) >= Fraction(1, 10) or not scaled
    text = f"{float(abs(scaled)):.1f}" if tenths else f"{float(abs(scaled)):.2f}"
    if metric in COUNTS:
        text = number(abs(scaled))
    sign = ("+" if by > 0 else "−" if by < 0 else "±") if signed else ""
    return _("%s percentage points") % f"{sign}{text}" if metric in SHARES else f"{sign}{text}"


def change_words(change: Change | None, metric: str) -> dict:
    """Return a change as it is shown: a mark, its words, and whether it is for the better."""
    if change is None:
        return {"mark": "", "words": _("nothing to compare with"), "judged": ""}
    mark = "▲" if change.by > 0 else "▼" if change.by < 0 else "="
    judged = "" if change.better is None else _("better") if change.better else _("worse")
    return {"mark": mark, "words": distance_words(change.by, metric, signed=True), "judged": judged}


def is_broken(figure: Measured, shown_figure, period: Period, *, today) -> bool:
    """Say whether a figure breaks its clause: its own period has ended, and it does not reach its target."""
    over = period.last < today and period.per == shown_figure.kpi.per
    judged = shown_figure.target is not None and figure.value is not None
    return over and judged and not figure.meets(shown_figure.op, shown_figure.target)


def card_words(card: Card, frame, focus: str) -> dict:
    """Return one card: figure, sides, target, change, sparkline, and the addresses behind it."""
    metric, target = card.shown.metric, card.shown.target
    ripeness = frame.ripeness(frame.query(card.shown))
    return {
        "key": card.shown.key.replace(":", "-"),
        "title": card.shown.title,
        "value": shown(card.figure.value, metric),
        "sides": sides(card.figure, metric),
        "bar": bar_words(card.shown.op or "", shown(Fraction(target), metric)) if target is not None else "",
        "ripeness": ripeness,
        "broken": not ripeness and is_broken(card.figure, card.shown, frame.period, today=frame.request.today),
        "reached": not ripeness and target is not None and card.figure.meets(card.shown.op, target),
        "change": change_words(card.change, metric),
        "spark": sparkline([one.value for _period, one in card.begun]),
        "undivided": DIMENSION_WORDS.get(card.undivided, ""),
        "means": definition_of(metric).hover,
        "behind": frame.behind(card.shown.key),
        "closer": frame.address("reports:dashboard", focus=card.shown.key) + "#closer",
        "chosen": card.shown.key == focus,
        "clause": card.shown.key.startswith("kpi:"),
        "code": card.shown.kpi.code,
    }


def plotted(value: Fraction | None, metric: str) -> str:
    """Return a figure as a chart draws it: a rate in per cent, to four places; nothing where there is none."""
    return "" if value is None else f"{float(value * 100 if metric in SHARES else value):.4f}"
