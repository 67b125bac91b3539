"""The people one looks after: the list, the page of one, letting somebody go in the middle of a call (F36)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from staff.choices import LeaveState
from staff.domain import leave
from staff.domain.leave import Wish
from staff.domain.people import AlreadyLeft, close_accounts, resign, stay
from staff.models import Activity, Employee, LeaveRequest
from tests.company import MONDAY, TUESDAY, Company, morning
from tests.visits.desk import signed_in, toasts
from visits.choices import TaskStatus
from visits.models import VisitRecord, VisitTask

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(clock_at):
    clock_at("2026-03-02T09:30+08:00")
    return Company()


@pytest.fixture
def chief(company):
    return company.person("chief", ["department_manager"], department=company.repairs, name="陈经理")


@pytest.fixture
def wang(company):
    return company.person("wangfang", department=company.repairs, name="王芳")


def work_of(company, employee, count=1, **facts):
    step = company.step(["advisor"])
    usual = {"assignee": employee, "settled": True, "status": TaskStatus.OPEN}
    event = {"advisor": employee, "branch": company.east, "department": company.repairs}
    return [company.task(step, company.event(**event), **(usual | facts)) for _ in range(count)]


class TestTheList:
    def test_it_says_who_is_here_and_with_how_much(self, company, chief, wang):
        deputy = company.person("deputy", department=company.repairs, name="李强", left_on=TUESDAY)
        company.leave(wang, MONDAY, TUESDAY, substitute=deputy)
        work_of(company, deputy, 3, opens_on=MONDAY - timedelta(7))
        work_of(company, deputy, 2, status=TaskStatus.PLANNED, opens_on=TUESDAY)
        company.person("far", department=company.sales, name="外人")
        answer = signed_in(chief).get("/people/")
        page = answer.content.decode()
        assert "外人" not in page
        told = {one.person.name: (one.state, one.burden.open, one.burden.overdue, one.burden.planned)
                for one in answer.context["members"]}  # fmt: skip
        assert told == {"陈经理": ("here", 0, 0, 0), "王芳": ("away", 0, 0, 0), "李强": ("leaving", 3, 3, 2)}

    def test_an_advisor_has_no_door_to_it(self, company, chief, wang):
        for path in ("/people/", f"/people/{chief.pk}/"):
            assert signed_in(wang).get(path).status_code == 404

    def test_a_stranger_is_as_if_not_there_and_nobody_lets_themself_go(self, company, chief):
        stranger = company.person("stranger", department=company.sales)
        client = signed_in(chief)
        missing = client.get("/people/999999/").content
        assert client.get(f"/people/{stranger.pk}/").content == missing
        for pk, deed in ((stranger.pk, "resign"), (chief.pk, "resign"), (chief.pk, "stay"), (stranger.pk, "capacity")):
            answer = client.post(f"/people/{pk}/{deed}/", {"left_on": "2026-03-02", "capacity": 3})
            assert (answer.status_code, answer.content) == (404, missing), deed
        assert Employee.objects.filter(left_on__isnull=False).count() == 0

    def test_it_costs_the_same_for_one_person_and_for_five(self, company, chief):
        client, costs = signed_in(chief), []
        client.get("/people/")  # what releases say is read once
        for count in (1, 4):
            for number in range(count):
                work_of(company, company.person(f"person-{count}-{number}", department=company.repairs))
            with CaptureQueriesContext(connection) as queries:
                client.get("/people/")
            costs.append(len(queries))
        assert costs[0] == costs[1]


class TestLettingGo:
    def test_the_page_says_what_goes_over_and_the_work_does(self, company, chief, wang):
        heir = company.person("heir", department=company.repairs, name="李强")
        tasks = work_of(company, wang, 3)
        client = signed_in(chief)
        assert "将转交 3 项工作" in client.get(f"/people/{wang.pk}/").content.decode()
        told = {"left_on": "2026-03-02", "hand_over_to": heir.pk}
        assert client.post(f"/people/{wang.pk}/resign/", told)["Location"] == "/people/"
        assert set(VisitTask.objects.filter(assignee=heir)) == set(tasks)
        assert "已离职，最后工作日 2026-03-02" in client.get(f"/people/{wang.pk}/").content.decode()
        assert client.post(f"/people/{wang.pk}/resign/", told).status_code == 422

    def test_a_last_day_ahead_can_be_taken_back(self, company, chief, wang):
        client = signed_in(chief)
        client.post(f"/people/{wang.pk}/resign/", {"left_on": "2026-03-06"})
        assert "即将离职" in client.get(f"/people/{wang.pk}/").content.decode()
        assert toasts(client, client.post(f"/people/{wang.pk}/stay/")) == ["离职登记已撤回。"]
        assert toasts(client, client.post(f"/people/{wang.pk}/stay/")) == ["没有可撤回的离职登记。"]
        assert close_accounts(now=morning(date(2026, 3, 7), 0), on=date(2026, 3, 7)) == 0

    def test_what_cannot_be_comes_back_with_its_reason(self, company, chief, wang):
        far = company.person("far", department=company.west_repairs)
        client = signed_in(chief)
        for told in ({}, {"left_on": "1900-01-01"}, {"left_on": "2026-03-02", "hand_over_to": far.pk}):
            assert client.post(f"/people/{wang.pk}/resign/", told).status_code == 422
        assert not Employee.objects.filter(left_on__isnull=False).exists()

    def test_a_request_for_leave_of_who_left_waits_for_nobody(self, company, chief, wang):
        leave.ask(wang, Wish("annual", TUESDAY, TUESDAY), now=morning())
        resign(wang, hand_over_to=None, left_on=MONDAY, actor=chief, now=morning())
        assert LeaveRequest.objects.get().state == LeaveState.WITHDRAWN
        with pytest.raises(AlreadyLeft):
            stay(wang, actor=chief, now=morning())

    def test_how_much_one_can_do_in_a_day_is_written_down(self, company, chief, wang):
        client = signed_in(chief)
        assert client.post(f"/people/{wang.pk}/capacity/", {"capacity": "-1"}).status_code == 422
        client.post(f"/people/{wang.pk}/capacity/", {"capacity": "25"})
        wang.refresh_from_db()
        assert wang.capacity == 25
        assert Activity.objects.get(verb="capacity_set").data == {"before": 60, "after": 25}


class TestInTheMiddleOfACall:
    """F36: the account closes while the browser has a call open."""

    def test_what_is_sent_then_saves_nothing_and_the_task_is_the_successors(self, company, chief, wang):
        heir = company.person("heir", department=company.repairs)
        [task] = work_of(company, wang)
        client = signed_in(wang)
        assert client.get(f"/tasks/{task.pk}/").status_code == 200
        client.post(f"/tasks/{task.pk}/lease/")
        resign(wang, hand_over_to=heir, left_on=MONDAY, actor=chief, now=morning())
        sent = {"token": str(uuid4()), "outcome": "no_answer", "channel": "mobile"}
        answer = client.post(f"/tasks/{task.pk}/record/", sent)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/account/login/")
        assert client.post(f"/tasks/{task.pk}/record/", sent, headers={"HX-Request": "true"}).status_code == 401
        task.refresh_from_db()
        assert (VisitRecord.objects.count(), task.assignee, task.leased_by) == (0, heir, None)
        assert signed_in(heir).get(f"/tasks/{task.pk}/").status_code == 200

    def test_the_clock_of_the_pool_runs_from_that_moment(self, company, chief, wang):
        [task] = work_of(company, wang)
        resign(wang, hand_over_to=None, left_on=MONDAY, actor=chief, now=morning())
        task.refresh_from_db()
        assert (task.assignee, task.pooled_at, task.department) == (None, morning(), company.repairs)
