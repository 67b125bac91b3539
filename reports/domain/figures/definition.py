"""What a definition in the metric dictionary says, and in which units figures are told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from reports.domain.figures.measured import COUNTS, SHARES, TIMES
from reports.domain.figures.reading import dimensions_of
from staff.domain.metric_words import metric_words


@dataclass(frozen=True, slots=True)
class Definition:
    """What one metric is. Texts are translated when they are shown.

    `bases` are the values of `basis` that the metric knows, the default first, each with what it changes. `counts`
    says whether `count = "customers"` has each customer once; `limit` what a limit bounds; `of` what `of` may name.
    """

    metric: str
    group: Any
    meaning: Any
    numerator: Any
    denominator: Any
    excluded: Any
    whose: Any
    placed: Any
    bases: Mapping[str, Any] = field(default_factory=dict)
    counts: bool = False
    limit: Any = ""
    of: tuple[Any, ...] = ()

    @property
    def name(self) -> str:
        """Return what the metric is called."""
        return metric_words(self.metric)

    @property
    def unit(self) -> str:
        """Return in what the figure is told, and how it is cut to two places."""
        return str(UNITS[unit_of(self.metric)])

    @property
    def ways(self) -> list[str]:
        """Return by what the figure can be broken down."""
        return [str(WAYS[one]) for one in dimensions_of(self.metric)]

    @property
    def formula(self) -> str:
        """Return both sides: the numerator, and of a count nothing below it."""
        return f"{self.numerator} ÷ {self.denominator}" if self.denominator else str(self.numerator)

    @property
    def hover(self) -> str:
        """Return the definition in the few words that stand over a figure."""
        return _("%(meaning)s %(formula)s.") % {"meaning": self.meaning, "formula": self.formula}


UNITS: Final[Mapping[str, Any]] = {
    "share": _(
        "per cent; compared exactly, shown with two places, cut off and never rounded up: 79.999 % reads 79.99 %"
    ),
    "hours": _("hours by the clock on the wall; compared exactly, shown with two places, cut off"),
    "yuan": _("yuan, exact to the fen"),
    "count": _("a number; of a unit the sum of its people and of what is nobody's"),
    "nps": _("points from −100 to 100; compared exactly, shown with two places, cut off"),
    "points": _("points; compared exactly, shown with two places, cut off and never rounded up: 114.999 reads 114.99"),
    "head": _("visits, cases and work orders per person; compared exactly, shown with two places, cut off"),
}


def unit_of(metric: str) -> str:
    """Return which of `UNITS` the metric is told in."""
    special = {"compensation_sum": "yuan", "opportunity_sum": "yuan", "nps": "nps", "workload": "head"}
    kinds = (("share", SHARES), ("hours", TIMES), ("count", COUNTS))
    return special.get(metric) or next((unit for unit, those in kinds if metric in those), "points")


WAYS: Final[Mapping[str, Any]] = {
    "employee": _("person"),
    "team": _("team (whose line manager it is)"),
    "department": _("department"),
    "branch": _("branch"),
    "rule": _("rule"),
    "channel": _("channel"),
    "segment": _("segment"),
    "model": _("vehicle model"),
    "category": _("category"),
    "kind": _("kind of event or case"),
}
