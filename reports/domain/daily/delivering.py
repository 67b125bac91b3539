"""To whom a report with a certain table went for a period, and when: what the page of that table shows (AE-13)."""

from dataclasses import dataclass
from datetime import date, datetime

from reports.models import ReportCopy


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
    return [
        Delivered(
            row.version.content["title"], str(row.version.submitted_by or ""), str(row.recipient), row.sent_at,
            row.read_at,
        )
        for row in rows
        if table in {one["code"] for one in row.version.content["tables"]}
    ]  # fmt: skip
