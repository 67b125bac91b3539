"""The figures of promises: how many came due in a time, how many were kept, by whom (their own basis of a KPI).

A promise counts for whoever had its task when the moment came, on the day for which it was made; withdrawn ones count
nowhere. Without any that came due the rate is "—", never 0 or 100 %.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.db.models import Count, QuerySet

from visits.choices import PromiseState
from visits.models import Promise

SETTLED: Final = (PromiseState.KEPT, PromiseState.LATE, PromiseState.BROKEN)


@dataclass(frozen=True)
class Figures:
    """How many promises are in which state."""

    waiting: int = 0
    kept: int = 0
    late: int = 0
    broken: int = 0

    @property
    def due(self) -> int:
        """Return the denominator: what was to be kept and is settled."""
        return self.kept + self.late + self.broken

    @property
    def rate(self) -> Decimal | None:
        """Return the share that was kept in time, in per cent with one decimal; None without any."""
        if not self.due:
            return None
        return (Decimal(100) * self.kept / self.due).quantize(Decimal("0.1"), ROUND_HALF_UP)


def figures(promises: QuerySet[Promise]) -> Figures:
    """Return the figures of these promises."""
    counted = promises.exclude(state=PromiseState.WITHDRAWN).order_by().values_list("state")
    return Figures(**dict(counted.annotate(count=Count("pk"))))
