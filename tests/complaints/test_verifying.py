"""A solved case is asked after by a visit of the rules; the customer's word closes it or opens it again."""

import pytest

from complaints.choices import CaseDeedKind, CaseState, Source
from complaints.domain import verifying
from complaints.domain.registering import Told, register
from complaints.domain.writing import write
from config.packs.rule import StepSpec
from tests.visits.calls import MORNING, Shop, at
from visits.choices import TaskStatus
from visits.models import EventKind, ReleasedRule, ReleasedStep, VisitRule, VisitStep

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

pytestmark = pytest.mark.django_db


def asking(shop, **step):
    """Add a rule that asks after solved cases."""
    EventKind.objects.get_or_create(code="complaint_resolved", defaults={"title": "投诉处理完毕"})
    rule = VisitRule.objects.create(policy=shop.policy, code="after-complaint", trigger=["complaint_resolved"])
    released = ReleasedRule.objects.create(
        release=shop.release, rule=rule, position=1, active=True,
        spec={"code": "after-complaint", "trigger": ["complaint_resolved"]},
    )  # fmt: skip
    spec = StepSpec.model_validate({"code": "ask", "closes": "3d", "assign": ["role:service_advisor"], **step})
    made = VisitStep.objects.create(rule=rule, code="ask", title="投诉回访", closes="3d")
    ReleasedStep.objects.create(rule=released, step=made, position=0, active=True, spec=spec.to_json())


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


def test_a_solved_case_is_asked_after_once_by_somebody_else():
    shop = Shop(pack=PACK)
    asking(shop)
    case = solved(shop)
    [task] = verifying.tasks_of(case)
    assert (case.state, task.assignee, task.status) == (CaseState.VERIFYING, shop.li, TaskStatus.OPEN)
    write(case, CaseDeedKind.CHANGED, by=shop.wang, now=MORNING, state=CaseState.IN_PROGRESS)
    solve(case, by=shop.wang, now=at("11:00"))
    [again] = verifying.tasks_of(case)
    assert (again.pk, case.state) == (task.pk, CaseState.VERIFYING)
