"""Figures of people, units and periods: `figure` for one, `figures_of` for everybody at once.

Each metric is one function that asks the database once and yields what it counted by employee and branch.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Final

from config.packs.measuring import KpiSpec
from reports.domain.figures import calls_in, cases, contacts, duties, tasks, workload
from reports.domain.figures.measured import COUNTS, NOTHING, Measured, together
from reports.domain.figures.query import Query, Row, query
from staff.domain.periods import Period
from staff.domain.workforce import load_workforce
from staff.models import Release

METRICS: Final[Mapping[str, Callable[[Query], Iterable[Row]]]] = {
    "worked_rate": tasks.rate,
    "completion_rate": tasks.rate,
    "success_rate": tasks.rate,
    "timely_rate": tasks.rate,
    "coverage_rate": tasks.coverage_rate,
    "satisfaction_rate": contacts.satisfaction_rate,
    "css_average": contacts.css_average,
    "nps": contacts.nps,
    "answer_average": contacts.answer_average,
    "duration_rate": contacts.duration_rate,
    "visit_count": contacts.visit_count,
    "resolution_rate": contacts.resolution_rate,
    "report_rate": duties.report_rate,
    "obligation_rate": duties.obligation_rate,
    "accuracy_rate": duties.accuracy_rate,
    "quality_score": duties.quality_score,
    "qualification_rate": duties.qualification_rate,
    "violation_count": duties.violation_count,
    "award_count": duties.award_count,
    "votes": duties.votes,
    "complaint_count": cases.complaint_count,
    "reply_rate": cases.reply_rate,
    "reopen_rate": cases.reopen_rate,
    "response_time": cases.response_time,
    "solve_time": cases.solve_time,
    "compensation_sum": cases.compensation_sum,
    "ring_rate": calls_in.ring_rate,
    "workload": workload.workload,
}


def is_measured(metric: str) -> bool:
    """Say whether the data of a metric is kept; any other gives no figure at all."""
    return metric in METRICS


def figures_of(asked: Query) -> dict[int, Measured]:
    """Return the figure of each employee who has one."""
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows_of(asked):
        if row[0] is not None:
            found[row[0]].append(row)
    figures = {employee: summed(rows, asked.kpi.metric) for employee, rows in found.items()}
    return {employee: one for employee, one in figures.items() if one.denominator}


def summed(rows: Iterable[Row], metric: str) -> Measured:
    """Return the figure of all these rows together: sums of both sides, of a count the number over one."""
    found = together(Measured(Fraction(numerator), denominator) for _who, _where, numerator, denominator in rows)
    return Measured(found.numerator, 1) if metric in COUNTS else found


def rows_of(asked: Query) -> Iterable[Row]:
    """Return what was counted by employee and branch; nothing for a metric without data."""
    return METRICS[asked.kpi.metric](asked) if is_measured(asked.kpi.metric) else ()


def figure(
    metric: str,
    *,
    spec: KpiSpec | None = None,
    release: Release,
    period: Period,
    now: datetime,
    employee: int | Collection[int] | None = None,
    branch: int | None = None,
    department: int | None = None,
) -> Measured:
    """Return one figure of the catalogue as of `now`: of one employee, several, a branch, a department, or all.

    `spec` limits it as a `[[kpi]]` does (`of`, `when`, `basis` …); a department is that of its people on the last
    day of the period. A metric without data gives `NOTHING`.
    """
    asked = query(spec or KpiSpec(code=metric, metric=metric), release, period, now=now)
    people = {employee} if isinstance(employee, int) else None if employee is None else set(employee)
    if department is not None:
        members = members_of(department, period)
        people = members if people is None else people & members
    if not is_measured(asked.kpi.metric):
        return NOTHING
    rows = (
        row for row in rows_of(asked) if (people is None or row[0] in people) and (branch is None or row[1] == branch)
    )
    return summed(rows, asked.kpi.metric)


def members_of(department: int, period: Period) -> set[int]:
    """Return who works in the department on the last day of the period."""
    workforce = load_workforce()
    return {one for one in workforce.people if workforce.post(one, on=period.last).department == department}
