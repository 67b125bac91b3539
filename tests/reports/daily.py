"""A shop that owes a report each day, for the tests of reports: who calls, what is noted, what is handed in."""

from datetime import date, datetime, timedelta

from reports.domain.daily.judging import judge_reports
from reports.domain.daily.owing import note_owed
from reports.models import OwedReport
from staff.models import Employee
from tests.visits.calls import MONDAY, Shop, at, told
from visits.choices import Outcome
from visits.domain.calling.recording import record_contact
from visits.models import VisitRecord, VisitTask

TUESDAY = MONDAY + timedelta(1)
REPORT = """
[[report]]
code = "daily"
title = "回访日报"
due = "1wd"
at = "09:00"
requires = ["result", "time"]
expects = ["rectification"]
reviewer = "role:quality_manager"
"""
PENALTIES = """
[[penalty]]
code = "report-late"
violation = ["report_late", "report_missing"]
of = "report:daily"
amount = 50
[[penalty]]
code = "rectification-missing"
violation = "rectification_missing"
of = "report:daily"
amount = 50
"""


def shop_with(report: str = REPORT, **step) -> Shop:
    """Return a shop whose regulation asks for this report."""
    return Shop(pack=report + PENALTIES, **step)


def noted(on: date = MONDAY, *, now: datetime | None = None, **of) -> list[OwedReport]:
    """Note what is owed as of 00:00 of the day and return the reports that cover it."""
    note_owed(now=now or at("00:00", on), on=on)
    return list(OwedReport.objects.filter(covers_to=on, **of).order_by("employee", "pk"))


def report_of(employee: Employee, on: date = MONDAY, **of) -> OwedReport:
    """Return the report that a person owes for a day, noted at its 00:00."""
    [found] = noted(on, employee=employee, **of)
    return found


def visited(task: VisitTask, moment: str = "10:00", *, on: date = MONDAY, by: Employee | None = None, **facts):
    """Return the record of a contact about the task that ended at that moment of the day."""
    now = at(moment, on)
    contact = told(facts.pop("outcome", Outcome.REACHED), now=now, **facts)
    made: VisitRecord = record_contact(task, contact, advisor=by or task.assignee, now=now).record
    return made


def judged(moment: str, on: date = MONDAY) -> None:
    """Run the job of the reports as of that moment."""
    judge_reports(now=at(moment, on))
