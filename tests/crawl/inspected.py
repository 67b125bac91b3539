"""An inspection for the walk through the site: one visit, drawn and scored."""

from hashlib import sha256

from reports.models import Inspection, InspectionItem
from staff.choices import ReleaseState
from staff.models import Release
from tests.company import PACK, morning
from visits.models import VisitRecord, VisitTask

SCORECARD = '[[scorecard]]\ncode = "calls"\ntitle = "抽听"\nof = "visit_record"\nitems = [{ code = "greeting" }]\n'


def inspected(record: VisitRecord, task: VisitTask) -> tuple[Inspection, InspectionItem]:
    """Return an inspection of its own with this visit; its scorecard stands in a release that never ruled."""
    policy = task.release.policy
    number = policy.releases.count() + 1
    content = PACK + SCORECARD
    release = Release.objects.create(
        policy=policy, number=number, state=ReleaseState.REJECTED, content=content, published_at=morning(),
        sha256=sha256(content.encode()).hexdigest(), effective_from=policy.effective_from,
    )  # fmt: skip
    inspection = Inspection.objects.create(
        policy=policy, release=release, scorecard="calls", period=f"2025-0{number}", seed="s", drawn_at=morning(),
        population=1,
    )  # fmt: skip
    item = InspectionItem.objects.create(
        inspection=inspection, record=record, employee=record.advisor, branch=task.branch, department=task.department,
        cause="sample", state="scored", scored_at=morning(), result=10000,
    )  # fmt: skip
    return inspection, item
