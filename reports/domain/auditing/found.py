"""Whether what was found about reports is so: the first hand-in against the bound, from the versions alone."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Min

from reports.domain.auditing.difference import Difference
from reports.models import OwedReport, ReportVersion
from staff.models import Violation

LATE, MISSING, IN_TIME = "report_late", "report_missing", "in_time"
FATES = {"late": LATE, "missing": MISSING, "in_time": IN_TIME}


def verdict(*, due: datetime, inclusive: bool, day_ends: datetime, handed: datetime | None, now: datetime) -> str:
    """Return what a report is: in time until its bound, late on that day, missing when the day ends without it.

    Nothing where that cannot be said yet. An inclusive bound holds its whole second (A-11).
    """
    if handed is not None:
        second = handed.replace(microsecond=0)
        if second < due or (inclusive and second == due):
            return IN_TIME
        return LATE if handed < day_ends else MISSING
    return MISSING if now >= day_ends else ""


def faults(*, now: datetime) -> Iterator[Difference]:
    """Yield what stands against somebody about a report and is not so, and fates that the versions do not show."""
    first = dict(ReportVersion.objects.values_list("report").annotate(Min("submitted_at")))
    said = {}
    for row in OwedReport.objects.exclude(due_at=None).exclude(day_ends_at=None):
        due, ends = row.due_at, row.day_ends_at
        if due is None or ends is None:
            continue
        said[f"report:{row.pk}"] = found = verdict(
            due=due, inclusive=row.inclusive, day_ends=ends, handed=first.get(row.pk), now=now
        )
        if row.fate in FATES and FATES[row.fate] != found:
            yield Difference(f"report {row.pk}", "found at the cut-off", row.fate, found)
    stands = Violation.objects.exclude(state__in=("waived", "reversed")).filter(proposed_by=None)
    for violation in stands.filter(violation__in=(LATE, MISSING), subject__startswith="report:").order_by("pk"):
        if violation.violation != said.get(violation.subject):
            yield Difference(
                f"violation {violation.pk}", violation.subject, violation.violation, said.get(violation.subject)
            )
