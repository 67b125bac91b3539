"""What goes out of reports: who owed what until when, when it came, what it held, what became of it."""

from collections.abc import Iterator
from typing import Any, Final

from django.db.models import OuterRef, Subquery

from reports.choices import ReviewDeed
from reports.domain.period import Dataset, Period, Row, in_zone, snapshot, zone
from reports.models import OwedReport, ReportVersion, ReviewStep

ROWS_AT_ONCE: Final = 2_000

REPORT_FIELDS: Final = (
    "employee", "policy", "rule", "release", "key", "covers_from", "covers_to", "due_at", "inclusive", "handed_in_at",
    "state", "fate", "versions", "listed", "covered", "visits", "open", "red", "remark", "sha256", "reviewed_by",
    "reviewed_at", "branch",
)  # fmt: skip
OF_VERSION: Final = ("covered", "visits", "open", "red")


def daily_reports(period: Period) -> Iterator[Row]:
    """Yield the reports whose last day lies in the period, whatever became of them; figures are the last version's."""
    last = ReportVersion.objects.filter(report=OuterRef("pk")).order_by("-number")
    decided = ReviewStep.objects.filter(
        version__report=OuterRef("pk"), line=None, deed__in=(ReviewDeed.APPROVED, ReviewDeed.RETURNED)
    ).order_by("-pk")
    found = OwedReport.objects.filter(period.of_days("covers_to")).annotate(
        number=Subquery(last.values("number")[:1]), sha256=Subquery(last.values("sha256")[:1]),
        content=Subquery(last.values("content")[:1]), remark=Subquery(last.values("remark")[:1]),
        reviewer=Subquery(decided.values("by__username")[:1]), reviewed_at=Subquery(decided.values("at")[:1]),
    )  # fmt: skip
    here = zone()
    related = found.select_related("employee", "policy", "release", "branch").defer("release__content", "listing")
    with snapshot():
        for row in related.order_by("pk").iterator(chunk_size=ROWS_AT_ONCE):
            told: dict[str, Any] = row.content or {}
            yield (
                row.employee.username, row.policy.slug, row.rule, row.release.number, row.key, row.covers_from,
                row.covers_to, in_zone(row.due_at, here), row.inclusive, in_zone(row.first_submitted_at, here),
                row.state, row.fate or None, row.number or 0, row.listed, *(told.get(name) for name in OF_VERSION),
                row.remark or None, row.sha256, row.reviewer, in_zone(row.reviewed_at, here),
                row.branch.name if row.branch else None,
            )  # fmt: skip


REPORTS: Final = (Dataset("daily_reports", REPORT_FIELDS, daily_reports),)
