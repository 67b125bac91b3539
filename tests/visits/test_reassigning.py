"""Moving tasks by hand: who may, to whom, and who wins."""

from datetime import timedelta

import pytest

from staff.models import Activity
from tests.company import MONDAY, TUESDAY, Company, morning, open_all
from visits.choices import TaskStatus
from visits.domain.assigning.choosing import PassedOver
from visits.domain.assigning.deciding import assign_waiting, settle_opened
from visits.domain.assigning.participating import participants
from visits.domain.assigning.reassigning import CannotTake, MayNotReassign, reassign, take_from_pool
from visits.domain.explaining.naming import who
from visits.models import VisitTask

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return Company()


@pytest.fixture
def chief(company):
    return company.person("chief", ["cs_supervisor"], branch=company.east)


def tasks_of(company, count, step=None, **facts):
    step = step or company.step(["named"])
    return [company.task(step, company.event(branch=company.east), **facts) for _ in range(count)]


def test_the_supervisor_shares_out_eight_tasks_five_to_three(company, chief):
    first, second = company.person("first", branch=company.east), company.person("second", branch=company.east)
    tasks = tasks_of(company, 8, status=TaskStatus.OPEN)
    assert reassign(tasks[:5], first, actor=chief, now=morning()) == {task.pk for task in tasks[:5]}
    reassign(tasks[5:], second, actor=chief, now=morning())
    assert [VisitTask.objects.filter(assignee=person).count() for person in (first, second)] == [5, 3]
    assert Activity.objects.filter(verb="reassigned", actor=chief).count() == 8


def test_an_assistant_reassigns_nothing_not_even_their_own(company):
    assistant, friend = company.person("assistant", branch=company.east), company.person("friend", branch=company.east)
    [task] = tasks_of(company, 1, assignee=assistant, settled=True, status=TaskStatus.OPEN)
    with pytest.raises(MayNotReassign):
        reassign([task], friend, actor=assistant, now=morning())


def test_a_supervisor_moves_nothing_of_another_branch(company, chief):
    person = company.person("person")
    elsewhere = company.task(company.step(["named"]), company.event(branch=company.west))
    with pytest.raises(MayNotReassign):
        reassign([*tasks_of(company, 1), elsewhere], person, actor=chief, now=morning())
    assert not VisitTask.objects.filter(assignee=person).exists()


def test_what_a_supervisor_decided_stays_when_the_task_opens(company, chief):
    company.person("aaron", branch=company.east)
    picked = company.person("picked", branch=company.east)
    [task] = tasks_of(company, 1, company.step(["role:service_advisor"]), opens_on=TUESDAY)
    assign_waiting(now=morning())
    reassign([task], picked, actor=chief, now=morning())
    open_all()
    settle_opened(now=morning(TUESDAY))
    task.refresh_from_db()
    assert task.assignee == picked


def test_a_task_goes_back_into_its_pool(company, chief):
    holder = company.person("holder", branch=company.east)
    [task] = tasks_of(company, 1, company.step(["advisor"]), assignee=holder, settled=True, status=TaskStatus.OPEN)
    reassign([task], None, actor=chief, now=morning(), reason="too much")
    task.refresh_from_db()
    assert (task.assignee, task.role, task.pooled_at) == (None, "service_advisor", morning())


def test_finished_tasks_stay_where_they_are(company, chief):
    holder, other = company.person("holder"), company.person("other")
    [task] = tasks_of(company, 1, assignee=holder, settled=True, status=TaskStatus.DONE)
    assert reassign([task], other, actor=chief, now=morning()) == frozenset()
    task.refresh_from_db()
    assert task.assignee == holder


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"is_active": False}, PassedOver.LEFT),
        ({"left_on": MONDAY - timedelta(1)}, PassedOver.LEFT),
        ({"roles": ["administrator"]}, PassedOver.NO_HOLDER),
    ],
)
def test_nobody_gets_work_who_left_or_does_not_call(company, chief, facts, why):
    someone = company.person("someone", facts.pop("roles", ["service_advisor"]), **facts)
    with pytest.raises(CannotTake) as refusal:
        reassign(tasks_of(company, 1), someone, actor=chief, now=morning())
    assert refusal.value.why == why


def test_nobody_gets_work_that_opens_during_their_leave(company, chief):
    away = company.person("away")
    company.leave(away, TUESDAY)
    [today], [tomorrow] = tasks_of(company, 1), tasks_of(company, 1, opens_on=TUESDAY)
    reassign([today], away, actor=chief, now=morning())
    with pytest.raises(CannotTake) as refusal:
        reassign([tomorrow], away, actor=chief, now=morning())
    assert refusal.value.why == PassedOver.AWAY


def test_what_the_step_demands_binds_the_supervisor_too(company, chief):
    handler, untrained = company.person("handler"), company.person("untrained")
    company.qualify(handler, "manners")
    step = company.step(["named"], exclude=["advisor"], needs=["manners"])
    task = company.task(step, company.event(branch=company.east, advisor=handler))
    for person, why in ((handler, PassedOver.EXCLUDED), (untrained, PassedOver.UNQUALIFIED)):
        with pytest.raises(CannotTake) as refusal:
            reassign([task], person, actor=chief, now=morning())
        assert refusal.value.why == why


class TestThePool:
    def test_a_holder_of_the_role_takes_a_task_and_the_second_comes_too_late(self, company):
        first, second = company.person("first", branch=company.east), company.person("second", branch=company.east)
        [task] = tasks_of(company, 1, company.step(["pool:service_advisor"]), status=TaskStatus.OPEN)
        assign_waiting(now=morning())
        assert take_from_pool(task, first, now=morning())
        with pytest.raises(MayNotReassign):
            take_from_pool(task, second, now=morning())
        task.refresh_from_db()
        assert (task.assignee, task.pooled_at, task.settled) == (first, None, True)
        assert Activity.objects.get(verb="taken").actor == first

    def test_taking_twice_wins_once(self, company):
        first = company.person("first", branch=company.east)
        [task] = tasks_of(company, 1, company.step(["pool:service_advisor"]), status=TaskStatus.OPEN)
        assign_waiting(now=morning())
        assert take_from_pool(task, first, now=morning())
        assert not take_from_pool(task, first, now=morning())

    @pytest.mark.parametrize(("roles", "branch"), [(["quality_manager"], "west"), (["technician"], "east")])
    def test_others_do_not(self, company, roles, branch):
        stranger = company.person("stranger", roles, branch=getattr(company, branch))
        [task] = tasks_of(company, 1, company.step(["pool:service_advisor"]), status=TaskStatus.OPEN)
        assign_waiting(now=morning())
        with pytest.raises(MayNotReassign):
            take_from_pool(task, stranger, now=morning())

    def test_being_like_a_role_does_not_open_its_pool(self, company):
        company.role("inspector", like="service_advisor")
        inspector = company.person("inspector", ["inspector"], branch=company.east)
        [task] = tasks_of(company, 1, company.step(["pool:service_advisor"]), status=TaskStatus.OPEN)
        assign_waiting(now=morning())
        with pytest.raises(MayNotReassign):
            take_from_pool(task, inspector, now=morning())


def test_the_page_says_who_must_take_part(company):
    company.person("boss", ["department_manager"], department=company.repairs)
    company.person("far-boss", ["department_manager"], department=company.west_repairs)
    wang, deputy = company.person("wangfang"), company.person("deputy")
    company.leave(wang, MONDAY, substitute=deputy)
    step = company.step(["advisor"], joint=["role:department_manager", "advisor", "role:expert"])
    event = company.event(advisor=wang, branch=company.east, department=company.repairs)
    found = participants(company.task(step, event), now=morning())
    assert [(one.words, [person.username for person in one.people]) for one in found] == [
        ("role:department_manager", ["boss"]), ("advisor", ["deputy"]), ("role:expert", []),
    ]  # fmt: skip


def test_why_says_who_gave_it_and_who_took_it(company, chief):
    holder = company.person("holder", branch=company.east, name="王芳")
    [given] = tasks_of(company, 1, status=TaskStatus.OPEN)
    [pooled] = tasks_of(company, 1, company.step(["pool:service_advisor"]), status=TaskStatus.OPEN)
    assign_waiting(now=morning())
    reassign([given], holder, actor=chief, now=morning(), reason="会说粤语")
    take_from_pool(pooled, holder, now=morning())
    told = [who(VisitTask.objects.get(pk=task.pk)) for task in (given, pooled)]
    assert told == ["由 王芳 负责：由Chief指派 (会说粤语)", "由 王芳 负责：自行从待领池领取"]
