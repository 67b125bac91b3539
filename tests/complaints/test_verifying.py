"""A solved case is asked after by a visit of the rules; the customer's word closes it or opens it again."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from complaints.choices import CaseDeedKind, CaseState, Source
from complaints.domain import verifying
from complaints.domain.registering import Told, register
from complaints.domain.writing import write
from complaints.models import Case
from config.packs.rule import StepSpec
from staff.models import Notification
from tests.visits.calls import MORNING, Shop, at, told
from visits.choices import TaskStatus
from visits.domain.calling.amending import amend
from visits.domain.calling.contacts import MissingFact
from visits.domain.calling.recording import record_contact
from visits.domain.calling.undoing import undo
from visits.domain.planning.events import plan_events
from visits.models import (
    EventKind,
    Obligation,
    ReleasedRule,
    ReleasedStep,
    VisitRecord,
    VisitRule,
    VisitStep,
    VisitTask,
)

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


def asks(case, by, *, now=AFTERNOON, **facts):
    """Let somebody ask the customer after the case."""
    [task] = [task for task in verifying.tasks_of(case) if task.status == TaskStatus.OPEN]
    made = record_contact(task, told(now=now, **facts), advisor=by, now=now)
    case.refresh_from_db()
    return made.record


def test_who_is_satisfied_closes_the_case_and_what_was_owed_ends():
    shop = Shop(pack=PACK)
    asking(shop)
    case = solved(shop)
    record = asks(case, shop.li, satisfied=True, notes="都修好了")
    assert (case.state, case.satisfied, case.opinion) == (CaseState.CLOSED, True, "都修好了")
    assert (case.verified_at, case.informed_at) == (record.started_at, record.started_at)
    assert not Obligation.objects.open().exists()
    [line] = case.deeds.filter(record=record)
    assert line.kind == CaseDeedKind.CONFIRMED


def test_two_noes_and_a_yes_make_three_rounds_each_one_level_higher():
    shop = Shop(pack=PACK)
    asking(shop)
    case = solved(shop)
    asks(case, shop.li, satisfied=False, displeasure="还是不凉")
    assert (case.state, case.round, case.level, case.solution) == (CaseState.IN_PROGRESS, 2, "major", "")
    assert [one.deed for one in Obligation.objects.open()] == ["resolve"]  # its first reply was this conversation
    assert case.closed_at is None
    solve(case, by=case.handler, now=at("2026-03-03 10:00"))
    other = shop.li if case.handler == shop.wang else shop.wang
    asks(case, other, now=at("2026-03-03 15:00"), settled=False)
    assert (case.round, case.level) == (3, "major")  # nobody above the highest
    solve(case, by=case.handler, now=at("2026-03-04 10:00"))
    other = shop.li if case.handler == shop.wang else shop.wang
    asks(case, other, now=at("2026-03-04 15:00"), satisfied=True)
    assert (case.state, case.round, case.opened_at) == (CaseState.CLOSED, 3, at("09:00"))
    assert case.closed_at - case.opened_at == timedelta(days=2, hours=6)
    assert VisitTask.objects.filter(event__source="cases").count() == 3


def test_rounds_that_are_used_up_leave_the_case_to_a_manager():
    shop = Shop(pack=PACK.replace("[complaints]", "[complaints]\nmax_rounds = 1"))
    asking(shop)
    case = solved(shop)
    asks(case, shop.li, satisfied=False)
    assert (case.state, case.round, case.satisfied) == (CaseState.RESOLVED, 1, False)


def test_who_handled_the_case_cannot_save_its_visit():
    shop = Shop(pack=PACK)
    asking(shop)
    case = solved(shop)
    with pytest.raises(MissingFact):
        asks(case, shop.wang, satisfied=True)
    assert verifying.standing_of(case).waits and not VisitRecord.objects.exists()


def test_a_visit_taken_back_takes_its_word_back():
    shop = Shop(pack=PACK)
    asking(shop)
    case = solved(shop)
    for word, state in ((True, CaseState.CLOSED), (False, CaseState.IN_PROGRESS)):
        record = asks(case, shop.li, satisfied=word)
        assert case.state == state
        undo(record, by=shop.li, token=uuid4(), now=AFTERNOON + timedelta(seconds=20))
        case.refresh_from_db()
        assert (case.state, case.round, case.level, case.handler) == (CaseState.VERIFYING, 1, "general", shop.wang)
        assert sorted(one.deed for one in Obligation.objects.open()) == ["first_reply", "resolve"]
    asks(case, shop.li, satisfied=False)
    assert (case.round, [one.deed for one in Obligation.objects.open()]) == (2, ["resolve"])  # clocks of its own


def test_a_correction_that_changes_the_word_moves_the_case_unless_it_is_worked_upon():
    shop = Shop(pack=PACK)
    asking(shop)
    case = solved(shop)
    record = asks(case, shop.li, satisfied=False)
    mended = told(now=AFTERNOON, satisfied=True)
    right = amend(record, mended, reason="点错了", by=shop.li, now=at("16:00"))
    case.refresh_from_db()
    assert (case.state, case.round, case.satisfied) == (CaseState.CLOSED, 1, True)
    again = amend(right, replace(mended, token=uuid4(), satisfied=False), reason="又不对", by=shop.li, now=at("16:10"))
    case.refresh_from_db()
    assert (case.state, case.round) == (CaseState.IN_PROGRESS, 2)
    write(case, CaseDeedKind.PROGRESS, by=shop.wang, now=at("17:00"))
    amend(again, replace(mended, token=uuid4()), reason="到底满意", by=shop.li, now=at("17:10"))
    case.refresh_from_db()
    assert (case.state, case.round) == (CaseState.IN_PROGRESS, 2)


def test_a_visit_that_reaches_nobody_leaves_the_case_to_be_closed_with_a_reason():
    shop = Shop(pack=PACK)
    asking(shop)
    case = solved(shop)
    VisitTask.objects.filter(event__source="cases").update(status=TaskStatus.UNREACHABLE)
    assert verifying.follow_all(now=AFTERNOON) == 1
    assert verifying.follow_all(now=AFTERNOON) == 0
    case.refresh_from_db()
    assert (case.state, verifying.standing_of(case).is_due) == (CaseState.RESOLVED, True)
    assert Notification.objects.filter(recipient=shop.wang, key__endswith="no-word-1").exists()


def test_of_a_sample_half_is_asked_and_the_grave_ones_all():
    shop = Shop(pack=PACK)
    always = [{"field": "level", "op": "==", "value": "major"}]
    asking(shop, sample={"rate": Decimal("0.5"), "per": "month", "draw": "running", "always": always})
    cases = [solved(shop) for _number in range(7)] + [solved(shop, severity="major")]
    plan_events(now=AFTERNOON)
    drawn = VisitTask.objects.filter(event__source="cases", sampled=True)
    assert drawn.count() == 4 + 1
    verifying.follow_all(now=AFTERNOON)
    states = Counter(Case.objects.filter(pk__in=[case.pk for case in cases]).values_list("state", flat=True))
    assert states == {CaseState.VERIFYING: 5, CaseState.RESOLVED: 3}


def test_a_case_that_is_exempt_calls_for_nobody():
    shop = Shop(pack=PACK.replace("[complaints]", '[complaints]\nexempt = [{ code = "anonymous" }]'))
    asking(shop)
    case = solved(shop, exemption="anonymous")
    assert (case.state, verifying.tasks_of(case)) == (CaseState.RESOLVED, [])
