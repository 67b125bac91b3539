"""A morning at one branch: two advisors with reports of Monday, a quality manager who reviews them on Tuesday."""

from datetime import date, timedelta
from typing import Any

from reports.choices import LineKind, ReportState
from reports.domain.daily.lines import Gathered, visit_line
from reports.models import OwedReport, ReportLine, ReportVersion
from staff.choices import BaseRole
from staff.models import Employee, Posting, Role, RoleAssignment
from tests.visits.calls import MONDAY, MORNING, Shop, at, fresh, told
from visits.domain.calling.recording import record_contact
from visits.models import VisitRecord, VisitTask

TUESDAY = MONDAY + timedelta(1)
NINE = at("09:00", TUESDAY)
PACK = """
[[clause]]
ref = "7.2"
text = "日报须有顾问整改结果,缺一例罚现金50元"
enforced_by = ["penalty:no-result"]

[[report]]
code = "daily"
title = "回访日报"
due = "1d"
at = "09:00"
reviewer = "role:quality_manager"

[[penalty]]
code = "no-result"
violation = "rectification_missing"
amount = 50
clause = "7.2"

[[penalty]]
code = "css-low"
metric = "css_average"
op = "<"
threshold = 100
amount = 100
"""


class Morning(Shop):
    """The shop with a quality manager 方, a general manager, and a stranger of another branch."""

    def __init__(self, pack: str = PACK) -> None:
        super().__init__(pack=pack)
        self.fang = self.person("fang", BaseRole.QUALITY_MANAGER)
        self.boss = self.person("boss", BaseRole.GENERAL_MANAGER)

    def person(self, username: str, right: str, **unit: Any) -> Employee:
        """Make somebody with a role of that code and right, in the branch unless `unit` says else."""
        role, _made = Role.objects.get_or_create(code=right, defaults={"title": right, "like": right})
        employee = Employee.objects.create(username=username, name=username.title())
        RoleAssignment.objects.create(employee=employee, role=role, from_on=date(2020, 1, 1))
        Posting.objects.create(employee=employee, from_on=date(2020, 1, 1), **(unit or {"branch": self.branch}))
        return employee

    def visit(self, by: Employee | None = None, **facts: Any) -> VisitRecord:
        """Make a visit on Monday morning."""
        by = by or self.wang
        task = self.task(assignee=by)
        return record_contact(fresh(task), told(**facts), advisor=by, now=MORNING).record

    def owed(self, by: Employee | None = None, on: date = MONDAY, **facts: Any) -> OwedReport:
        """Note that somebody owes the daily report of a day."""
        due = at("09:00", on + timedelta(1))
        usual = {
            "policy": self.policy, "release": self.release, "rule": "daily", "employee": by or self.wang,
            "branch": self.branch, "key": str(on), "covers_from": on, "covers_to": on, "due_at": due,
            "day_ends_at": at("00:00", on + timedelta(2)), "made_at": at("00:00", on),
        }  # fmt: skip
        return OwedReport.objects.create(**(usual | facts))

    def hand_in(self, report: OwedReport, *lines: VisitRecord | VisitTask, **facts: Any) -> ReportVersion:
        """Hand a report in at 18:00 of its day, with a frozen line for each record and open task."""
        moment = at("18:00", report.covers_to)
        content = {
            "visits": len(lines),
            "open": 0,
            "listed": 0,
            "covered": 0,
            "red": 0,
            "nil": not lines,
            "tables": [],
        } | facts
        version = ReportVersion.objects.create(
            report=report, number=report.versions.count() + 1, release=report.release, submitted_at=moment,
            submitted_by=report.employee, content=content, sha256="0" * 64,
        )  # fmt: skip
        for place, line in enumerate(lines, 1):
            ReportLine.objects.create(version=version, position=place, **frozen(line))
        report.state, report.first_submitted_at = ReportState.SUBMITTED, report.first_submitted_at or moment
        report.save(update_fields=["state", "first_submitted_at"])
        return version


def frozen(line: VisitRecord | VisitTask) -> dict[str, Any]:
    """Return the facts of a line as it is handed in."""
    if isinstance(line, VisitTask):
        content = {
            "orders": [line.event.order_no], "steps": ["回访"], "closes_at": line.closes_at.isoformat(),
            "inclusive": False, "attempts": line.attempts, "last_try": "", "overdue": True, "status": line.status,
            "reason": "",
        }  # fmt: skip
        return {"kind": LineKind.OPEN, "task": line, "content": content}
    return {"kind": LineKind.VISIT, "record": line, "content": visit_line(line, Gathered.of([line], []))}
