"""What figures count day by day: the rows from which facts are kept, so that a figure of any period is a sum of days.

A figure of a period P that is over is the sum of the rows with `on` in P and `since` not after its last day; while P
lasts, of all rows with `on` in P. Keep that and nothing else, and every month is its days, however late it is asked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final, cast

from reports.domain.figures.counted import EVERYTHING, KEPT
from reports.domain.figures.measuring import DIMENSIONS, sources_of
from reports.domain.figures.query import Query
from reports.domain.figures.tasks import is_of_customers

ADDITIVE: Final = frozenset(
    {
        "worked_rate", "completion_rate", "success_rate", "timely_rate", "coverage_rate", "satisfaction_rate",
        "css_average", "nps", "answer_average", "duration_rate", "visit_count",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DayRow:
    """What one local day adds to a figure, from the day `since` on: of one branch, and of one person or one key.

    `on` places it; `since` is later where what it counts happened later (due on the 28th, done on the 3rd). `branch`
    and `employee` None: of none. `key` is the code of the dimension, "" of none. Of a count (`measured.COUNTS`) the
    denominator is the number of rows; its figure is the numerator over one (`measuring.as_figure`).
    """

    on: date
    since: date
    branch: int | None
    employee: int | None
    key: str
    numerator: Fraction | int
    denominator: int


def is_additive(asked: Query) -> bool:
    """Say whether a figure is the sum of its days: a big one, without `when`, where nothing is counted once a period.

    Conditions are judged on the last day of a period; customers each once, and visits that are aligned to calendar
    periods or due to each customer, are of the period as such.
    """
    if asked.kpi.metric not in ADDITIVE or asked.conditions or asked.kpi.count != "visits":
        return False
    return asked.kpi.metric != "coverage_rate" or not is_of_customers(asked)


def daily(asked: Query, dimension: str = "") -> Iterator[DayRow]:
    """Yield what each day of the question's period adds, as of `asked.now`; ask over any span (`asked.over(...)`).

    With `dimension` "" by branch and employee; with one of `KEPT` by branch and its key, over all employees. Each table
    is asked once, whatever the span, and days without rows yield nothing. A row of a later time is told apart, so
    that one day can yield several rows with the same branch and employee, of different `since`, or of the same where a
    figure is counted from several tables: add them up.

    Of visits due after today only those are told that are settled already; once their day is over, all. Ask a day
    again when a row of it changed, and when it ends. ValueError for a figure that is no sum of days, and for a
    dimension that the metric has not.
    """
    if not is_additive(asked):
        raise ValueError(f"{asked.kpi.metric}: no sum of days.")
    if dimension and dimension not in set(KEPT) & set(DIMENSIONS[asked.kpi.metric]):
        raise ValueError(f"{asked.kpi.metric}: not by {dimension}.")
    keys = ("on", "met_on", "where", dimension or "who")
    for source in sources_of(asked):
        for (on, met_on, branch, what), numerator, rows in source.grouped(EVERYTHING, *keys):
            denominator = rows * source.weight
            row: dict[str, Any] = {"on": on, "branch": branch, "employee": None, "key": ""}
            row |= {"key": what or ""} if dimension else {"employee": what}
            first, since = cast(date, on), cast(date | None, met_on)
            if since is not None and since > first:
                yield DayRow(since=first, numerator=0, denominator=denominator, **row)
                yield DayRow(since=since, numerator=numerator, denominator=0, **row)
            else:
                yield DayRow(since=first, numerator=numerator, denominator=denominator, **row)
