"""The morning redistribution: what is taken up, who gets it, what is shown is what is done; who had a task when."""

from datetime import timedelta

import pytest
from django.test import Client

from staff.domain.people import put_on_leave
from staff.models import Activity, Employee
from tests.company import MONDAY, TUESDAY, Company, morning
from visits.choices import TaskStatus
from visits.domain.assigning.holding import holders_at
from visits.domain.assigning.reassigning import reassign
from visits.domain.staffing.redistributing import SOURCES, Changed, propose, redistribute
from visits.models import VisitTask

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(clock_at):
    clock_at("2026-03-02T08:30+08:00")
    return Company()


@pytest.fixture
def chief(company):
    return company.person("chief", ["cs_supervisor"], branch=company.east, name="李娜")


@pytest.fixture
def anna(company):
    return company.person("anna", department=company.repairs, name="安娜", capacity=5)


@pytest.fixture
def bella(company):
    return company.person("bella", department=company.sales, name="贝拉", capacity=5)


def due(company, count, employee=None, step=None, **facts):
    step = step or company.step(["advisor"])
    usual = {"assignee": employee, "settled": True, "status": TaskStatus.OPEN}
    event = {"branch": company.east, "department": company.repairs, "advisor": facts.pop("advisor", None)}
    return [company.task(step, company.event(**event), **(usual | facts)) for _ in range(count)]


def given(proposal):
    return sorted((move.giver, move.taker, move.why) for move in proposal.moves)


def test_the_pool_goes_to_the_nearest_unit_then_to_who_has_room(company, chief, anna, bella):
    due(company, 3, anna)
    due(company, 4)
    Employee.objects.filter(pk=chief.pk).update(capacity=0)
    proposal = propose(chief, SOURCES, now=morning())
    assert given(proposal) == [(None, anna.pk, "pool")] * 2 + [(None, bella.pk, "pool")] * 2
    lines = {line.name: (line.due, line.gives, line.gets, line.after) for line in proposal.lines}
    assert lines == {"安娜": (3, 0, 2, 5), "贝拉": (0, 0, 2, 2), "李娜": (0, 0, 0, 0)}


def test_what_is_too_much_for_one_goes_over_but_not_what_is_being_done(company, chief, anna, bella):
    tasks = due(company, 7, anna)
    VisitTask.objects.filter(pk=tasks[-1].pk).update(leased_by=anna, leased_until=morning() + timedelta(minutes=9))
    Employee.objects.filter(pk=chief.pk).update(capacity=0)
    proposal = propose(chief, ["over"], now=morning())
    assert given(proposal) == [(anna.pk, bella.pk, "over")] * 2
    assert tasks[-1].pk not in {move.task for move in proposal.moves}
    assert propose(chief, ["pool"], now=morning()).moves == ()


def test_the_work_of_who_is_away_is_taken_up(company, chief, anna, bella):
    due(company, 2, anna)
    company.leave(anna, MONDAY)
    Employee.objects.filter(pk=chief.pk).update(capacity=0)
    assert given(propose(chief, ["away"], now=morning())) == [(anna.pk, bella.pk, "away")] * 2


def test_who_did_the_work_or_lacks_what_it_needs_gets_nothing_and_it_is_said(company, chief, anna):
    Employee.objects.filter(pk=chief.pk).update(capacity=0)
    due(company, 1, step=company.step(["named"], exclude=["advisor"]), advisor=anna)
    due(company, 1, step=company.step(["named"], needs=["manners"]))
    proposal = propose(chief, SOURCES, now=morning())
    assert (proposal.moves, sorted(one.why for one in proposal.stuck)) == ((), ["excluded", "unqualified"])
    Employee.objects.filter(pk=anna.pk).update(capacity=0)
    assert [one.why for one in propose(chief, SOURCES, now=morning()).stuck] == ["no_room", "no_room"]


def test_what_is_due_later_or_lies_elsewhere_is_left_alone(company, chief, anna):
    due(company, 1, opens_on=TUESDAY)
    company.task(company.step(["advisor"]), company.event(branch=company.west), status=TaskStatus.OPEN, settled=True)
    assert propose(chief, SOURCES, now=morning()).moves == ()


def test_what_was_shown_is_what_is_done(company, chief, anna, bella):
    due(company, 3)
    proposal = propose(chief, SOURCES, now=morning())
    due(company, 1)
    with pytest.raises(Changed) as change:
        redistribute(chief, SOURCES, proposal.token, now=morning())
    assert not VisitTask.objects.filter(assignee__isnull=False).exists()
    assert redistribute(chief, SOURCES, change.value.proposal.token, now=morning(), reason="早会") == 4
    assert not VisitTask.objects.filter(assignee=None).exists()
    assert Activity.objects.filter(verb="reassigned", actor=chief, data__reason="早会").count() == 4
    assert propose(chief, SOURCES, now=morning()).moves == ()


class TestThePage:
    def browser(self, person):
        client = Client()
        client.force_login(person)
        return client

    def test_it_is_looked_at_and_confirmed(self, company, chief, anna):
        due(company, 2)
        client = self.browser(chief)
        answer = client.get("/redistribution/")
        page = answer.content.decode()
        assert "调配 2 个任务" in page
        assert not VisitTask.objects.filter(assignee__isnull=False).exists()
        token = answer.context["proposal"].token
        stale = client.post("/redistribution/", {"token": "other"})
        assert (stale.status_code, "情况已变化" in stale.content.decode()) == (409, True)
        client.post("/redistribution/", {"token": token, "take": ["pool", "away", "over"]})
        assert VisitTask.objects.filter(assignee__isnull=False).count() == 2
        assert "无需调配" in client.get("/redistribution/?take=nonsense").content.decode()

    def test_an_advisor_has_no_door_to_it(self, company, anna):
        assert self.browser(anna).get("/redistribution/").status_code == 404
        assert self.browser(anna).post("/redistribution/").status_code == 404


class TestWhoHadItWhen:
    """F37, T19: what is moved after the bound stays the figure of who had it at the bound."""

    def test_a_task_given_away_after_the_bound_was_its_holders_at_the_bound(self, company, chief, anna, bella):
        [task] = due(company, 1, anna)
        [still] = due(company, 1, bella)
        bound = task.closes_at
        reassign([task], bella, actor=chief, now=bound + timedelta(hours=1))
        reassign([task], None, actor=chief, now=bound + timedelta(hours=2))
        assert holders_at([task.pk, still.pk], bound) == {task.pk: anna.pk, still.pk: bella.pk}
        assert holders_at([task.pk], bound + timedelta(minutes=90)) == {task.pk: bella.pk}
        assert holders_at([task.pk], bound + timedelta(hours=3)) == {task.pk: None}

    def test_long_leave_moves_the_figure_with_the_work(self, company, chief, anna, bella):
        [task] = due(company, 1, anna)
        put_on_leave(
            anna, from_on=MONDAY, until_on=MONDAY + timedelta(60), substitute=bella, actor=chief, now=morning()
        )
        assert holders_at([task.pk], morning() - timedelta(minutes=1)) == {task.pk: anna.pk}
        assert holders_at([task.pk], task.closes_at) == {task.pk: bella.pk}
