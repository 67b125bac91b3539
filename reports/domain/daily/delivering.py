"""To whom a report with a certain table went for a period, and when: what the page of that table shows (AE-13)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from reports.choices import ServiceKind
from reports.models import ReportCopy, ServiceReportCopy

IN_SERVICE_REPORTS = "complaints_by_branch"  # the table that the company's monthly service-quality report holds too


@dataclass(frozen=True)
class Delivered:
    """One copy: of which report, by whom, to whom, when, and when it was opened (empty: not yet)."""

    title: str
    by: str
    to: str
    sent_at: datetime
    read_at: datetime | None


def delivered(table: str, *, first: date, last: date) -> list[Delivered]:
    """Return the copies of handed-in reports for exactly these days that hold the table, the earliest first."""
    of_days = ReportCopy.objects.filter(version__report__covers_from=first, version__report__covers_to=last)
    rows = of_days.select_related("version__submitted_by", "recipient").order_by("sent_at", "pk")
    found = [
        Delivered(
            row.version.content["title"], str(row.version.submitted_by or ""), str(row.recipient), row.sent_at,
            row.read_at,
        )
        for row in rows
        if table in {one["code"] for one in row.version.content["tables"]}
    ]  # fmt: skip
    if table == IN_SERVICE_REPORTS:
        found += _of_service(first, last)
    return sorted(found, key=lambda one: one.sent_at)


def _of_service(first: date, last: date) -> list[Delivered]:
    """Return the copies of the company's service-quality report for exactly these days."""
    of_days = ServiceReportCopy.objects.filter(
        report__kind=ServiceKind.MONTHLY, report__covers_from=first, report__covers_to=last
    )
    rows = of_days.select_related("report", "recipient").defer("report__content").order_by("sent_at", "pk")
    return [
        Delivered(str(row.report.get_kind_display()), _("the program"), str(row.recipient), row.sent_at, row.read_at)
        for row in rows
    ]
