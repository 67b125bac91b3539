"""The tables of complaints that a report may hold (AE-13, AK-13): of what its owner may see, as of the period's end."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from complaints.domain import branch_figures as figures
from reports.models import OwedReport
from staff.domain.calendar import day_end, day_start
from visits.domain.detecting.bounds import house

Rows = Iterator[list[Any]]


def by_branch(report: OwedReport, _visits: Any) -> Rows:
    """Yield each branch with its complaints, orders, complaints for 100 orders, handled and late ones; then the sum."""
    since, until = _span(report)
    rows = figures.by_branch(report.employee, since, until, at=until, on=report.covers_to)
    for row in rows:
        yield _cells(row.branch or _("no branch"), row)
    if rows:
        yield _cells(_("Together"), figures.total_of(rows))


def _cells(name: str, row: figures.BranchRow) -> list[Any]:
    return [name, row.count, row.orders, row.rate, row.handled, row.late]


def by_category(report: OwedReport, _visits: Any) -> Rows:
    """Yield each category with its complaints, the most first."""
    for name, count in figures.by_category(report.employee, *_span(report), on=report.covers_to):
        yield [name or _("not put into a category"), count]


def by_department(report: OwedReport, _visits: Any) -> Rows:
    """Yield each department with what it was asked, answered, and answered by its day."""
    since, until = _span(report)
    for row in figures.by_department(report.employee, since, until, at=until, on=report.covers_to):
        yield [row.department, row.asked, row.answered, row.in_time, row.rate]


def _span(report: OwedReport) -> tuple[datetime, datetime]:
    return day_start(report.covers_from, house()), day_end(report.covers_to, house())
