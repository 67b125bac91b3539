"""The duty roster in the browser: planned, refused with what was typed kept, seen by whom it concerns."""

import pytest

from staff.models import Clause, Shift
from tests.company import MONDAY
from tests.staff.test_duty import PACK, Desked
from tests.visits.desk import signed_in, toasts

pytestmark = pytest.mark.django_db
WEEK = "/staff/duty/20260302/"


@pytest.fixture
def shop(clock_at):
    clock_at("2026-02-27T09:00+08:00")
    return Desked()


def typed(shop, **facts):
    usual = {
        "desk": f"{shop.policy.pk}/front/{shop.east.pk}", "employee": shop.li.pk, "first": "2026-03-02",
        "last": "2026-03-02", "begins": "08:00", "ends": "20:00",
    }  # fmt: skip
    return usual | facts


def test_a_manager_plans_a_week_and_sees_what_is_lacking(shop):
    Clause.objects.create(policy=shop.policy, position=1, ref="第一条", text="全天值班", enforced_by=["roster:front"])
    client = signed_in(shop.chief)
    assert client.get("/staff/duty/")["Location"] == "/staff/duty/20260227/"
    answer = client.post(f"{WEEK}enter/", typed(shop, last="2026-03-08"))
    assert toasts(client, answer) == ["已录入 7 个班次。"]
    page = client.get(WEEK).content.decode()
    assert "前台 · 城东店" in page
    assert "第一条" in page
    assert page.count("08:00–20:00 李强") == 7
    assert page.count("00:00–08:00 无人") == 7
    assert "值班覆盖 50%" in page
    later = client.get("/staff/duty/20260309/")
    assert "李强" not in later.content.decode().split("sheet-side")[0].split("sheet-main")[1]
    answer = client.post("/staff/duty/20260309/repeat/", {"desk": typed(shop)["desk"]})
    assert toasts(client, answer) == ["已录入 7 个班次。"]
    answer = client.post("/staff/duty/20260309/repeat/", {"desk": typed(shop)["desk"]})
    assert "没有可沿用的班次" in toasts(client, answer)[0]
    assert client.post("/staff/duty/20260309/repeat/", {"desk": "99/x/1"}).status_code == 404


def test_what_is_refused_keeps_what_was_typed(shop):
    shop.rule_by(PACK + 'needs = ["inbound"]\n')
    client = signed_in(shop.chief)
    answer = client.post(f"{WEEK}enter/", typed(shop))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "李强未通过 inbound" in page
    assert 'value="08:00"' in page
    answer = client.post(f"{WEEK}enter/", typed(shop, reason="无人可替"))
    assert answer.status_code == 302
    for wrong in (
        {"first": "x"}, {"first": "1900-01-01"}, {"begins": "25:00"}, {"desk": "1/front/999"}, {"employee": 99999}, {},
    ):  # fmt: skip
        assert client.post(f"{WEEK}enter/", typed(shop, **wrong) if wrong else {}).status_code == 422
    assert Shift.objects.count() == 1


def test_a_shift_is_given_to_somebody_else(shop):
    [shift] = shop.put(shop.li, 8, 20)
    client = signed_in(shop.chief)
    page = client.get(f"{WEEK}?shift={shift.pk}").content.decode()
    assert "由谁接替" in page
    assert "李强 · 2026-03-02 周一 08:00" in page
    deed = f"/staff/duty/shifts/{shift.pk}/take-back/"
    answer = client.post(deed, {})
    assert answer.status_code == 422
    assert "届时无人值班：2026-03-02 周一 08:00–20:00" in answer.content.decode()
    assert client.post(deed, {"heir": shop.zhao.pk}).status_code == 302
    assert client.post(deed, {"heir": shop.zhao.pk}).status_code == 404
    assert [one.employee for one in Shift.objects.standing()] == [shop.zhao]


def test_everybody_sees_the_desks_of_their_branch_and_plans_nothing(shop):
    shop.put(shop.li, 8, 20)
    page = signed_in(shop.li).get(WEEK).content.decode()
    assert "08:00–20:00 李强" in page
    assert "安排值班" not in page
    stranger = shop.person("wang", ["duty_officer"], department=shop.west_repairs)
    page = signed_in(stranger).get(WEEK).content.decode()
    assert "城西店" in page
    assert "李强" not in page
    assert signed_in(stranger).post(f"{WEEK}enter/", typed(shop)).status_code == 404
    west = shop.person("wei", ["department_manager"], department=shop.west_repairs)
    [shift] = Shift.objects.all()
    client = signed_in(west)
    assert client.post(f"/staff/duty/shifts/{shift.pk}/take-back/", {"reason": "x"}).status_code == 404
    assert client.get(f"{WEEK}?shift={shift.pk}").status_code == 404
    assert client.post(f"{WEEK}enter/", typed(shop)).status_code == 422
    assert Shift.objects.count() == 1


@pytest.mark.parametrize("number", ["20261301", "20260230", "1", "99999999999", "19991231", "29990101"])
def test_a_day_that_is_none_is_not_found(shop, number):
    assert signed_in(shop.li).get(f"/staff/duty/{number}/").status_code == 404


@pytest.mark.parametrize("asked", ["x", "-1", "99999999999999999999", "²"])
def test_a_shift_that_is_none_is_not_found(shop, asked):
    assert signed_in(shop.chief).get(WEEK, {"shift": asked}).status_code == 404


def test_without_a_regulation_that_asks_for_it_the_page_says_so(shop):
    shop.rule_by(PACK.split("[[roster]]")[0])
    page = signed_in(shop.chief).get(WEEK).content.decode()
    assert "没有现行制度要求本周安排值班" in page


def test_leave_that_leaves_the_desk_empty_is_refused_in_words(shop):
    shop.put(shop.li, 8, 20)
    client = signed_in(shop.li)
    told = {"kind": "annual", "from_on": "2026-03-02", "until_on": "2026-03-02"}
    answer = client.post("/staff/leave/ask/", told)
    assert answer.status_code == 422
    assert "届时无人值班：2026-03-02 周一 08:00–20:00" in answer.content.decode()
    assert client.post("/staff/leave/ask/", told | {"substitute": shop.zhao.pk}).status_code == 302
    assert MONDAY.isoformat() == "2026-03-02"
