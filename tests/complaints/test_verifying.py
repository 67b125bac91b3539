"""A solved case is asked after by a visit of the rules; the customer's word closes it or opens it again."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from complaints.choices import CaseDeedKind, CaseState
from complaints.domain import verifying
from complaints.domain.writing import write
from complaints.models import Case
from config.packs.rule import StepSpec
from reports.domain.reviewing.piles import dissatisfied
from staff.choices import BaseRole
from staff.models import Notification, Role, RoleAssignment
from tests.complaints.solving import AFTERNOON, PACK, asking, asks, solve, solved
from tests.visits.calls import MONDAY, MORNING, Shop, at, told
from visits.choices import TaskStatus
from visits.domain.calling.amending import amend
from visits.domain.calling.contacts import MissingFact
from visits.domain.calling.recording import record_contact
from visits.domain.calling.undoing import undo
from visits.domain.planning.events import plan_events
from visits.models import (
    Obligation,
    ReleasedRule,
    ReleasedStep,
    VisitRecord,
    VisitRule,
    VisitStep,
    VisitTask,
)

pytestmark = pytest.mark.django_db


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
    assert not dissatisfied(shop.li, MONDAY, on=MONDAY)  # the case is the complaint that nobody has to miss
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


def test_a_reopening_goes_one_step_up_the_chain_and_comes_down_with_its_visit():
    shop = Shop(pack=PACK.replace("[complaints]", '[complaints]\nescalation = ["role:boss", "role:head"]'))
    asking(shop)
    boss = shop.advisor("zhangwei", "张伟")
    role = Role.objects.create(code="boss", title="经理", like=BaseRole.CS_SUPERVISOR)
    RoleAssignment.objects.filter(employee=boss).update(role=role)
    case = solved(shop)
    record = asks(case, shop.li, satisfied=False, displeasure="还是不凉")
    assert (case.escalations, case.rung, case.escalated_to) == (1, 1, boss)
    assert Notification.objects.filter(recipient=boss).count() == 1
    undo(record, by=shop.li, token=uuid4(), now=AFTERNOON + timedelta(seconds=20))
    case.refresh_from_db()
    assert (case.state, case.escalations, case.rung, case.escalated_to) == (CaseState.VERIFYING, 0, 0, None)


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
    assert (case.state, len(verifying.standing_of(case).failed)) == (CaseState.RESOLVED, 1)
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


def test_a_case_that_is_exempt_calls_for_nobody(django_assert_num_queries):
    shop = Shop(pack=PACK.replace("[complaints]", '[complaints]\nexempt = [{ code = "anonymous" }]'))
    asking(shop)
    case = solved(shop, exemption="anonymous")
    assert (case.state, verifying.tasks_of(case)) == (CaseState.RESOLVED, [])
    with django_assert_num_queries(1):  # however many cases wait for a word of people
        assert verifying.follow_all(now=AFTERNOON) == 0


def test_a_level_is_asked_after_by_whom_it_names_and_nobody_else():
    shop = Shop(pack=PACK)
    asking(shop, assign=["level"])
    boss = shop.advisor("zhangwei", "张伟")
    role = Role.objects.create(code="boss", title="经理", like=BaseRole.CS_SUPERVISOR)
    RoleAssignment.objects.filter(employee=boss).update(role=role)
    case = solved(shop)
    [task] = verifying.tasks_of(case)
    assert task.assignee == shop.li  # whom the level names and who did not handle it
    with pytest.raises(MissingFact):
        asks(case, boss, satisfied=True)
    asks(case, shop.li, satisfied=True)
    assert case.state == CaseState.CLOSED


def test_a_second_visit_may_be_by_telephone_unless_the_case_is_grave():
    shop = Shop(pack=PACK)
    later, grave = {"field": "round", "op": ">=", "value": 2}, {"field": "level", "op": "==", "value": "major"}
    asking(
        shop,
        {"code": "first", "when": [{"field": "round", "op": "<", "value": 2}], "channels": ["onsite"]},
        {
            "code": "again",
            "when": [later, grave | {"op": "!="}],
            "channels": ["onsite", "desk_phone"],
            "other_channel": "free",
        },
        {"code": "grave", "when": [later, grave], "channels": ["onsite"]},
    )
    case = solved(shop, level="major")
    assert [task.step.code for task in verifying.tasks_of(case)] == ["first"]
    asks(case, shop.li, satisfied=False, channel="onsite")
    solve(case, by=shop.wang, now=at("2026-03-03 10:00"))
    assert [task.step.code for task in verifying.tasks_of(case)] == ["grave"]
    with pytest.raises(MissingFact):
        asks(case, shop.li, now=at("2026-03-03 15:00"), satisfied=True)
    light = solved(shop)
    asks(light, shop.li, satisfied=False, channel="onsite")
    Case.objects.filter(pk=light.pk).update(level="general", handler=shop.wang)
    light.refresh_from_db()
    solve(light, by=shop.wang, now=at("2026-03-03 10:00"))
    [task] = verifying.tasks_of(light)
    assert (task.step.code, light.round) == ("again", 2)
    asks(light, shop.li, now=at("2026-03-03 15:00"), satisfied=True, channel="desk_phone")
    assert light.state == CaseState.CLOSED


def test_a_second_look_after_ten_days_opens_what_was_closed():
    shop = Shop(pack=PACK)
    asking(shop, {"code": "ask"}, {"code": "again", "opens": "10d", "closes": "13d"})
    case = solved(shop)
    asks(case, shop.li, satisfied=True)
    assert case.state == CaseState.CLOSED
    VisitTask.objects.filter(step__code="again").update(status=TaskStatus.OPEN)
    asks(case, shop.li, now=at("2026-03-12 10:00"), settled=False)
    assert (case.state, case.round, case.closed_at, case.verified_at) == (CaseState.IN_PROGRESS, 2, None, None)


def test_what_the_regulation_still_wants_for_closing_keeps_a_satisfied_case_open():
    form = '\n[[form]]\ncode = "closing"\nof = "complaint"\nat = "close"\nrequires = ["customer_opinion"]\n'
    shop = Shop(pack=PACK + form)
    asking(shop)
    silent, heard = solved(shop), solved(shop)
    asks(silent, shop.li, satisfied=True)
    assert (silent.state, silent.satisfied) == (CaseState.RESOLVED, True)
    asks(heard, shop.li, satisfied=True, notes="谢谢")
    assert (heard.state, heard.opinion) == (CaseState.CLOSED, "谢谢")


def test_a_survey_after_the_visit_speaks_for_the_case_as_well():
    shop = Shop(pack=PACK)
    asking(shop)
    rule = VisitRule.objects.create(policy=shop.policy, code="survey", trigger=["visit_recorded"])
    released = ReleasedRule.objects.create(
        release=shop.release, rule=rule, position=2, active=True, spec={"code": "survey", "trigger": ["visit_recorded"]}
    )
    step = VisitStep.objects.create(rule=rule, code="survey", title="满意度调查", closes="1d")
    spec = StepSpec.model_validate({"code": "survey", "closes": "1d", "assign": ["role:service_advisor"]})
    ReleasedStep.objects.create(rule=released, step=step, position=0, active=True, spec=spec.to_json())
    case = solved(shop)
    asks(case, shop.li, satisfied=True)
    plan_events(now=AFTERNOON)
    survey = VisitTask.objects.get(step=step)
    record_contact(survey, told(now=at("16:00"), satisfied=False), advisor=shop.li, now=at("16:00"))
    case.refresh_from_db()
    assert (case.state, case.round) == (CaseState.IN_PROGRESS, 2)
