"""Timing two things in turn, and the table that says how they compare.

Machines are noisy: only ratios of one interleaved run mean anything, so every measurement takes the limit along.
"""

import gc
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

HEADER = "| what | ours | limit | ratio | target | | sizes |\n| --- | ---: | ---: | ---: | ---: | --- | --- |"


@dataclass(frozen=True)
class Figure:
    """One measured thing. `ratio` is ours against the limit, in the sense that `target` states ("≥ 0.8 ×")."""

    what: str
    ours: float
    limit: float
    unit: str
    target: str
    sizes: str

    @property
    def ratio(self) -> float:
        """Return ours divided by the limit."""
        return self.ours / self.limit

    @property
    def is_met(self) -> bool | None:
        """Say whether the target is met; None where there is none."""
        if not self.target:
            return None
        sign, bound, *_rest = self.target.split()
        return self.ratio >= float(bound) if sign == "≥" else self.ratio <= float(bound)

    @property
    def row(self) -> str:
        """Return the figure as a row of the Markdown table."""
        met = {True: "met", False: "missed", None: ""}[self.is_met]
        cells = (self.what, self._told(self.ours), self._told(self.limit), f"{self.ratio:.2f} ×", self.target, met)
        return f"| {' | '.join(cells)} | {self.sizes} |"

    def _told(self, value: float) -> str:
        digits = 0 if value >= 100 else 2
        return f"{value:,.{digits}f} {self.unit}".strip()

    def as_dict(self) -> dict[str, Any]:
        """Return what `Figure(**…)` takes."""
        return asdict(self)


def table(figures: Iterable[Figure]) -> str:
    """Return the Markdown table of these figures."""
    return "\n".join([HEADER, *(figure.row for figure in figures)])


def seconds(deed: Callable[[], Any]) -> float:
    """Return how long the deed takes, without the garbage of what was before."""
    gc.collect()
    started = time.perf_counter()
    deed()
    return time.perf_counter() - started


def in_turn(rounds: int, **deeds: Callable[[], Any]) -> dict[str, list[float]]:
    """Run each deed once a round, forwards and backwards by turns; return the seconds of each."""
    taken: dict[str, list[float]] = {name: [] for name in deeds}
    for turn in range(rounds):
        names = list(deeds) if turn % 2 == 0 else list(reversed(deeds))
        for name in names:
            taken[name].append(seconds(deeds[name]))
    return taken


def compared(what: str, taken: dict[str, list[float]], *, target: str, sizes: str, rows: int = 0) -> Figure:
    """Return the figure of "ours" against "limit": rows a second where `rows` is given, else milliseconds."""
    ours, limit = statistics.median(taken["ours"]), statistics.median(taken["limit"])
    if rows:
        return Figure(what, rows / ours, rows / limit, "rows/s", target, sizes)
    return Figure(what, ours * 1000, limit * 1000, "ms", target, sizes)
