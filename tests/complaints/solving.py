"""A solved case and the rule that asks after it, for the tests of verification."""

from complaints.choices import CaseDeedKind, CaseState, Source
from complaints.domain import verifying
from complaints.domain.registering import Told, register
from complaints.domain.writing import write
from config.packs.rule import StepSpec
from tests.visits.calls import MORNING, at, told
from visits.choices import TaskStatus
from visits.domain.calling.recording import record_contact
from visits.models import EventKind, ReleasedRule, ReleasedStep, VisitRule, VisitStep

AFTERNOON = at("15:00")
PACK = """
[complaints]

[[complaint_level]]
code = "general"
handler = "role:service_advisor"

[[complaint_level]]
code = "major"
when = [{ field = "severity", op = "==", value = "major" }]
handler = "role:service_advisor"

[[obligation]]
code = "solve"
on = "complaint_registered"
deed = "resolve"
by = "handler"
within = "24h"

[[obligation]]
code = "first-reply"
on = "complaint_registered"
deed = "first_reply"
by = "handler"
within = "1h"
"""


def asking(shop, *steps, trigger="complaint_resolved", **step):
    """Add a rule that asks after solved cases: of one step, or of these."""
    EventKind.objects.get_or_create(code=trigger, defaults={"title": "投诉处理完毕"})
    rule = VisitRule.objects.create(policy=shop.policy, code="after-complaint", trigger=[trigger])
    released = ReleasedRule.objects.create(
        release=shop.release, rule=rule, position=1, active=True,
        spec={"code": "after-complaint", "trigger": [trigger]},
    )  # fmt: skip
    usual = {"code": "ask", "closes": "3d", "assign": ["role:service_advisor"]}
    for position, keys in enumerate(steps or (step,)):
        spec = StepSpec.model_validate({**usual, **keys})
        made = VisitStep.objects.create(rule=rule, code=spec.code, title=f"投诉回访 {spec.code}", closes="3d")
        ReleasedStep.objects.create(rule=released, step=made, position=position, active=True, spec=spec.to_json())


def solved(shop, *, now=MORNING, by=None, **facts):
    usual = {
        "summary": "空调不凉",
        "source": Source.PHONE,
        "opened_at": at("09:00"),
        "branch": shop.branch,
        "customer": shop.customer(),
        "handler": shop.wang,
    }
    case = register(Told(**(usual | facts)), by=shop.wang, now=now)
    return solve(case, by=by or shop.wang, now=now)


def solve(case, *, by, now=MORNING):
    write(case, CaseDeedKind.RESOLVED, by=by, now=now, state=CaseState.RESOLVED, resolved_at=now)
    return verifying.begin(case, by=by, now=now)


def asks(case, by, *, now=AFTERNOON, **facts):
    """Let somebody ask the customer after the case."""
    [task] = [task for task in verifying.tasks_of(case) if task.status == TaskStatus.OPEN]
    made = record_contact(task, told(now=now, **facts), advisor=by, now=now)
    case.refresh_from_db()
    return made.record
