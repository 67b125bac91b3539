"""A published service-quality report of each shop, with everything that a report may hold."""

from datetime import date

from reports.domain.service.content import Content, Figure, frozen
from reports.models import ServiceReport, ServiceReportCopy, ServiceReportStep
from tests.company import morning
from visits.models import VisitTask

TREND = (("2025-02", "1", 2), ("2026-01", "3", 4), ("2026-02", "5", 8))


def served(task: VisitTask, advisor) -> ServiceReport:
    """Return the report of February about the branch of a task."""
    content = Content(
        (
            Figure("kpi:timely", "timely_rate", "", ">=", "0.9", TREND),
            Figure("metric:complaint_count", "complaint_count", trend=TREND),
        ),
        visits={"basics": [["contacts", 3]], "feedback": [["satisfied", 2]], "problems": [["", 1, 0]], "rules": []},
        clauses=[
            {
                "rule": "late", "title": "late", "clause": "7.1", "violation": "visit_overdue", "count": 2, "before": 1,
                "open": 1, "people": [[advisor.pk, str(advisor), 2]], "persons": 1, "why": [], "shown": [],
                "amounts": [["CNY", 2000]],
            }
        ],
        complaints={"category": [["", 2, 1]], "level": [], "branch": []}, hours=[[9, 3, 2], [10, 4, 1]],
        ledger=[["late", "penalty", "CNY", 1, 2000]],
        actions=[
            {"id": 1, "title": "late", "owner": str(advisor), "unit": "", "due_on": "2026-03-01", "state": "open",
             "late": True}
        ],
    )  # fmt: skip
    at = morning(date(2026, 3, 2))
    report = ServiceReport.objects.create(
        kind="branch", policy_id=task.release.policy_id, release=task.release, branch=task.branch, period="2026-02",
        covers_from=date(2026, 2, 1), covers_to=date(2026, 2, 28), content=frozen(content), sha256="0" * 64,
        made_at=at, as_of=at, state="published",
    )  # fmt: skip
    ServiceReportStep.objects.create(report=report, deed="made", at=at)
    ServiceReportCopy.objects.create(report=report, recipient=advisor, sent_at=at)
    return report
