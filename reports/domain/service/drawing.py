"""Charts of a report as plain shapes, drawn without a program in the browser: on paper, in black and white, on a phone.

Pure geometry: numbers in, lines, bars and labels out, in units of the drawing's own box.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from django.utils.translation import gettext as _

from reports.domain.figures.measured import SHARES, shown
from reports.domain.service.content import Content, Figure
from reports.domain.service.parting import clause_name
from reports.domain.service.tables import first_with_something, name_of

WIDTH, HEIGHT = 240, 92  # of one small chart
LEFT, RIGHT, TOP, BOTTOM = 6, 6, 24, 16  # what stays free around its lines
WIDE, TALL, ROW = 480, 150, 20
MOST: Final = 6  # small charts
MOST_BARS: Final = 8
LONGEST_NAME, LONGEST_LABEL = 12, 9  # signs


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; `kind` says how it is filled: "all", "part" or "one"."""

    x: float
    y: float
    width: float
    height: float
    kind: str = "one"


@dataclass(frozen=True, slots=True)
class Label:
    """One text at a point; `anchor` is start, middle or end."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    kind: str = ""


@dataclass
class Chart:
    """One drawing: `lines` are points as SVG writes them, `rules` straight lines (x1, y1, x2, y2, kind)."""

    code: str
    title: str
    width: int
    height: int
    lines: list[tuple[str, str]] = field(default_factory=list)
    rules: list[tuple[float, float, float, float, str]] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    dots: list[tuple[float, float]] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)


def trends(content: Content) -> list[Chart]:
    """Return one small chart for each of the first figures with a past, rates first; it begins where they do."""
    lively = [one for one in content.figures if _is_lively(one)]
    return [_trend(one) for one in sorted(lively, key=lambda one: (not one.target, one.metric not in SHARES))[:MOST]]


def _is_lively(figure: Figure) -> bool:
    """Say whether a line through the values would show anything."""
    values = [figure.at(back).value for back in range(len(figure.trend))]
    return sum(one is not None for one in values) > 1 and any(values)


def _trend(figure: Figure) -> Chart:
    begun = first_with_something([figure])
    values = [figure.at(back).value for back in range(len(figure.trend) - 1 - begun, -1, -1)]
    target = Fraction(figure.target) if figure.target else None
    low, high = _bounds([one for one in (*values, target) if one is not None])
    chart = Chart(f"trend-{figure.key}", name_of(figure), WIDTH, HEIGHT)
    floor = HEIGHT - BOTTOM
    spots = [
        None if one is None else (_across(at, len(values)), _up(one, low, high, TOP, floor))
        for at, one in enumerate(values)
    ]
    chart.rules.append((LEFT, floor, WIDTH - RIGHT, floor, "floor"))
    if target is not None:
        level = _up(target, low, high, TOP, floor)
        chart.rules.append((LEFT, level, WIDTH - RIGHT, level, "target"))
    chart.lines = [(points, "trend") for points in _runs(spots)]
    chart.dots = [spot for spot in spots[-1:] if spot]
    last = shown(values[-1], figure.metric)
    chart.labels = [
        Label(LEFT, 13, _short(chart.title, LONGEST_NAME), kind="name"), Label(WIDTH - RIGHT, 13, last, "end", "value"),
        Label(LEFT, HEIGHT - 3, figure.trend[begun][0]), Label(WIDTH - RIGHT, HEIGHT - 3, figure.trend[-1][0], "end"),
    ]  # fmt: skip
    return chart


def _bounds(values: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    low, high = min(values), max(values)
    room = (high - low) / 8 or abs(high) / 8 or Fraction(1)
    return low - room, high + room


def _across(at: int, many: int) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * at / max(1, many - 1), 1)


def _up(value: Fraction, low: Fraction, high: Fraction, top: int, floor: int) -> float:
    return round(float(floor - (floor - top) * (value - low) / (high - low)), 1)


def _runs(spots: Iterable[tuple[float, float] | None]) -> list[str]:
    """Return the points of each stretch without a gap: over nothing a line has no point, not nought."""
    runs: list[list[str]] = [[]]
    for spot in spots:
        if spot is None:
            runs.append([])
        else:
            runs[-1].append(f"{spot[0]},{spot[1]}")
    return [" ".join(run) for run in runs if len(run) > 1]


def pareto(content: Content) -> Chart | None:
    """Return the clauses broken most as bars with the line of their sum; None without any."""
    rows = [(clause_name(one), one["count"]) for one in content.clauses[:MOST_BARS]]
    whole = sum(one["count"] for one in content.clauses)
    if not rows:
        return None
    chart = Chart("pareto", _("Broken clauses and their share of all"), WIDE, TALL)
    step, floor, so_far = (WIDE - 20) / max(4, len(rows)), TALL - 26, 0
    most = max(count for _name, count in rows)
    spots: list[tuple[float, float] | None] = []
    for at, (name, count) in enumerate(rows):
        x, height = 10 + at * step, (floor - 26) * count / most
        so_far += count
        chart.bars.append(Bar(round(x, 1), round(floor - height, 1), round(step * 0.7, 1), round(height, 1)))
        chart.labels.append(
            Label(round(x + step * 0.35, 1), round(floor - height - 3, 1), f"{count}", "middle", "value")
        )
        chart.labels.append(Label(round(x, 1), floor + (12 if at % 2 == 0 else 23), _short(name, LONGEST_LABEL)))
        spots.append((round(x + step * 0.35, 1), round(floor - (floor - 14) * so_far / whole, 1)))
    chart.rules.append((10, floor, WIDE - 10, floor, "floor"))
    chart.lines = [(points, "sum") for points in _runs(spots)]
    return chart


def hours(content: Content) -> Chart | None:
    """Return the contacts of each hour with those that reached somebody inside; None without any."""
    if not content.hours:
        return None
    chart = Chart("hours", _("Contacts by hour of the day, dark: reached"), WIDE, TALL)
    first, last = content.hours[0][0], content.hours[-1][0]
    step, floor, most = (
        (WIDE - 20) / max(8, last - first + 1),
        TALL - 16,
        max(made for _hour, made, _met in content.hours),
    )
    for hour, made, met in content.hours:
        x = 10 + (hour - first) * step
        for many, kind in ((made, "all"), (met, "part")):
            height = (floor - 16) * many / most
            chart.bars.append(Bar(round(x, 1), round(floor - height, 1), round(step * 0.8, 1), round(height, 1), kind))
        chart.labels.append(Label(round(x + step * 0.4, 1), floor + 11, f"{hour}", "middle"))
        chart.labels.append(
            Label(round(x + step * 0.4, 1), round(floor - (floor - 16) * made / most - 3, 1), f"{made}", "middle")
        )
    chart.rules.append((10, floor, WIDE - 10, floor, "floor"))
    return chart


def categories(content: Content) -> Chart | None:
    """Return the complaints by category as lying bars, the most first; None without any."""
    rows = [
        (name or _("not put into a kind"), now) for name, now, _before in content.complaints.get("category", []) if now
    ]
    rows = rows[:MOST_BARS]
    if not rows:
        return None
    chart = Chart("categories", _("Complaints by category"), WIDE, ROW * len(rows) + 6)
    most = max(count for _name, count in rows)
    for at, (name, count) in enumerate(rows):
        y, width = at * ROW + 4, (WIDE - 190) * count / most
        chart.bars.append(Bar(150, y, round(width, 1), ROW - 6))
        chart.labels.append(Label(144, y + 11, _short(name, LONGEST_NAME), "end"))
        chart.labels.append(Label(round(156 + width, 1), y + 11, f"{count}", kind="value"))
    return chart


def _short(name: str, most: int) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"


def screen_charts(content: Content) -> dict[str, list[Chart]]:
    """Return the charts of a page by the theme that they stand in."""
    found: dict[str, list[Chart | None]] = {
        "figures": [*trends(content)], "visits": [hours(content)], "clauses": [pareto(content)],
        "complaints": [categories(content)],
    }  # fmt: skip
    return {theme: [one for one in charts if one] for theme, charts in found.items()}
