"""Advisors × days: which report was handed in, late, missing, returned, approved (A-04)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from reports.choices import ReportFate, ReportState
from reports.domain.daily.submitting import bound_of
from reports.models import OwedReport
from staff.models import Absence, Employee

DAYS: Final = 14


@dataclass(frozen=True, slots=True)
class Cell:
    """One report in the grid; `look` is how it stands: approved, submitted, returned, due, late, missing, excused."""

    report: int
    look: str
    late: bool
    rule: str


@dataclass(frozen=True)
class Row:
    """One person with the cells of each day; `away` are the days of approved leave."""

    id: int
    name: str
    days: list[tuple[date, list[Cell], bool]]


def grid(employee: Employee, *, last: date, now: datetime, on: date, days: int = DAYS) -> list[Row]:
    """Return the people whose reports the person may see, with the reports of the days up to `last`: two queries."""
    span = [last - timedelta(days - 1 - number) for number in range(days)]
    cells: dict[tuple[int, date], list[Cell]] = defaultdict(list)
    people: dict[int, str] = {}
    seen = OwedReport.objects.visible_to(employee, on=on).filter(covers_to__gte=span[0], covers_to__lte=last)
    for report in seen.exclude(employee=employee).select_related("employee").order_by("employee__pinyin", "pk"):
        people[report.employee_id] = str(report.employee)
        cells[report.employee_id, report.covers_to].append(cell(report, now=now))
    away = _away(people, span)
    return [Row(pk, name, [(day, cells[pk, day], (pk, day) in away) for day in span]) for pk, name in people.items()]


def cell(report: OwedReport, *, now: datetime) -> Cell:
    """Return how a report stands; what is not handed in is late from its bound, missing when that day ends."""
    is_late = report.fate in (ReportFate.LATE, ReportFate.MISSING)
    if report.state != ReportState.DUE:
        return Cell(report.pk, report.state, is_late, report.rule)
    if report.fate in (ReportFate.MISSING, ReportFate.EXCUSED):
        return Cell(report.pk, report.fate, is_late, report.rule)
    is_over = bound_of(report).is_over(now=now)
    return Cell(report.pk, "late" if is_over else report.state, is_over, report.rule)


def _away(people: dict[int, str], span: list[date]) -> set[tuple[int, date]]:
    rows = Absence.objects.filter(employee__in=people, from_on__lte=span[-1]).exclude(until_on__lt=span[0])
    return {
        (person, day)
        for person, first, until in rows.values_list("employee", "from_on", "until_on")
        for day in span
        if first <= day and (until is None or day <= until)
    }
