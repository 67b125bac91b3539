"""Leave in the browser: asked for, granted, refused, taken back; what is refused keeps what was typed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from staff.choices import LeaveState
from staff.models import Absence, LeaveRequest
from tests.company import MONDAY, TUESDAY, Company
from tests.visits.desk import signed_in, toasts

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


def typed(**facts):
    return {"kind": "annual", "from_on": "2026-03-03", "until_on": "2026-03-06", "reason": "回老家"} | facts


def test_an_advisor_asks_and_the_manager_grants(company, chief, wang):
    deputy = company.person("deputy", department=company.repairs, name="李强")
    client = signed_in(wang)
    answer = client.post("/staff/leave/ask/", typed(substitute=deputy.pk))
    assert toasts(client, answer) == ["已提交，审批结果会显示在这里。"]
    request = LeaveRequest.objects.get()
    manager = signed_in(chief)
    page = manager.get("/staff/leave/").content.decode()
    assert "待我审批" in page
    assert "代班人：李强" in page
    assert "回老家" in page
    answer = manager.post(f"/staff/leave/{request.pk}/decide/", {"decision": "grant"})
    assert toasts(manager, answer) == ["已批准。"]
    assert Absence.objects.get().substitute == deputy
    assert "已批准" in client.get("/staff/leave/").content.decode()


def test_what_cannot_be_asked_for_comes_back_as_it_was_typed(company, wang):
    client = signed_in(wang)
    answer = client.post("/staff/leave/ask/", typed(until_on="2026-03-01"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "最后一天早于第一天。" in page
    assert 'value="回老家"' in page
    assert 'value="2026-03-03"' in page
    assert client.post("/staff/leave/ask/", typed(from_on="1900-01-01")).status_code == 422
    assert client.post("/staff/leave/ask/", {}).status_code == 422
    assert not LeaveRequest.objects.exists()


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"until_on": "2027-03-04"}, "一次最多申请一年"),
        ({"from_on": "2025-12-01"}, "第一天在两个多月以前"),
        ({"from_on": "2026-03-03"}, "已有待审批的申请"),
        ({"from_on": "2026-03-10", "until_on": "2026-03-10"}, "这些日子已在休假"),
        ({"from_on": "2026-03-12", "until_on": "2026-03-12", "substitute": "deputy"}, "届时也不在岗"),
    ],
)
def test_what_stands_against_it_is_said(company, wang, told, words):
    deputy = company.person("deputy", department=company.repairs, name="李强")
    client = signed_in(wang)
    client.post("/staff/leave/ask/", typed())
    day = MONDAY.replace(day=10)
    company.leave(wang, day)
    company.leave(deputy, day.replace(day=12))
    told = {key: deputy.pk if value == "deputy" else value for key, value in told.items()}
    answer = client.post("/staff/leave/ask/", typed(**told))
    assert words in answer.content.decode()
    assert LeaveRequest.objects.count() == 1


def test_a_refusal_needs_its_reason(company, chief, wang):
    signed_in(wang).post("/staff/leave/ask/", typed())
    request, manager = LeaveRequest.objects.get(), signed_in(chief)
    for told in ({"decision": "refuse"}, {}):
        answer = manager.post(f"/staff/leave/{request.pk}/decide/", told)
        assert len(toasts(manager, answer)) == 1
    request.refresh_from_db()
    assert request.state == LeaveState.ASKED
    manager.post(f"/staff/leave/{request.pk}/decide/", {"decision": "refuse", "remark": "月底盘点"})
    assert "月底盘点" in signed_in(wang).get("/staff/leave/").content.decode()
    answer = manager.post(f"/staff/leave/{request.pk}/decide/", {"decision": "grant"})
    assert toasts(manager, answer)[-1] == "该申请已被审批。"


def test_leave_is_taken_back_and_ended_early(company, chief, wang, clock_at):
    manager, client = signed_in(chief), signed_in(wang)
    manager.post("/staff/leave/ask/", typed(employee=wang.pk))
    request = LeaveRequest.objects.get()
    assert request.state == LeaveState.GRANTED
    clock_at("2026-03-04T09:00+08:00")
    client, manager = signed_in(wang), signed_in(chief)
    assert "今天返岗" in client.get("/staff/leave/").content.decode()
    client.post(f"/staff/leave/{request.pk}/withdraw/")
    assert Absence.objects.get().until_on == TUESDAY
    assert "休至 2026-03-03 周二" in client.get("/staff/leave/").content.decode()
    answer = manager.post(f"/staff/leave/{request.pk}/withdraw/")
    assert toasts(manager, answer) == ["该休假已结束。"]


def test_a_strangers_request_is_as_if_it_were_not_there(company, wang):
    stranger = company.person("stranger", ["department_manager"], department=company.sales)
    signed_in(wang).post("/staff/leave/ask/", typed())
    request = LeaveRequest.objects.get()
    client = signed_in(stranger)
    missing = client.post("/staff/leave/999999/decide/", {"decision": "grant"})
    for deed in ("decide", "withdraw"):
        answer = client.post(f"/staff/leave/{request.pk}/{deed}/", {"decision": "grant"})
        assert (answer.status_code, answer.content) == (404, missing.content)
    assert client.post("/staff/leave/ask/", typed(employee=wang.pk)).status_code == 422
    own = signed_in(wang)
    answer = own.post(f"/staff/leave/{request.pk}/decide/", {"decision": "grant"})
    assert toasts(own, answer)[0].startswith("您不能审批该申请")


def test_why_somebody_is_away_is_for_who_decides(company, chief, wang):
    colleague = company.person("colleague", department=company.repairs)
    signed_in(wang).post("/staff/leave/ask/", typed(kind="sick", reason="手术"))
    for path in ("/staff/leave/", "/staff/leave/calendar/"):
        page = signed_in(colleague).get(path).content.decode()
        assert "手术" not in page
    assert "王芳" not in page
    assert "手术" in signed_in(chief).get("/staff/leave/").content.decode()
    assert "手术" not in signed_in(chief).get("/staff/leave/calendar/").content.decode()


@pytest.mark.parametrize("month", ["2026-04", "nonsense", "9999-99", "0001-01", "9999-12"])
def test_the_calendar_opens_at_any_month(company, chief, wang, month):
    assert signed_in(chief).get(f"/staff/leave/calendar/?month={month}").status_code == 200


def test_the_page_costs_the_same_for_one_request_and_for_five(company, chief):
    client, costs = signed_in(chief), []
    for count in (1, 4):
        for number in range(count):
            person = company.person(f"person-{count}-{number}", department=company.repairs)
            signed_in(person).post("/staff/leave/ask/", typed())
            away = company.person(f"away-{count}-{number}", department=company.repairs)
            client.post("/staff/leave/ask/", typed(employee=away.pk))
        with CaptureQueriesContext(connection) as queries:
            client.get("/staff/leave/")
        costs.append(len(queries))
    assert costs[0] == costs[1]
