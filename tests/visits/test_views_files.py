"""The pages of a customer's file: changed, proposed and decided, confirmed in a call, merged and split."""

import pytest

from tests.visits.desk import HTMX, signed_in
from tests.visits.world import branch, customer, employee, event
from visits.models import Customer, CustomerChange, CustomerMerge

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(clock_at):
    clock_at("2026-03-06T09:00+08:00")
    return branch("城东店")


@pytest.fixture
def chen(shop):
    return employee("chenjing", branch=shop, name="陈静")


@pytest.fixture
def desk(chen):
    return signed_in(chen)


@pytest.fixture
def boss(shop):
    return signed_in(employee("wangfang", "quality_manager", branch=shop, name="王芳"))


@pytest.fixture
def liu(shop, chen):
    return of_chen(shop, chen, "刘海涛", company="甲公司", address="温州路 1 号")


def of_chen(shop, chen, name, **facts):
    found = customer(name, **facts)
    event(customer=found, branch=shop, advisor=chen, happened="2026-03-01 10:00", needs_planning=False)
    return found


def fresh(who):
    return Customer.objects.get(pk=who.pk)


def test_a_change_shows_on_the_page_with_both_values_and_who_made_it(desk, liu):
    desk.post(f"/customers/{liu.pk}/edit/", {"name": "刘海涛", "company": "乙公司", "address": "温州路 1 号"})
    page = desk.get(f"/customers/{liu.pk}/").content.decode()

    assert fresh(liu).company == "乙公司"
    assert ("<del>甲公司</del>" in page, "<ins>乙公司</ins>" in page, "陈静" in page) == (True, True, True)


def test_an_advisors_address_waits_for_a_manager_who_approves_it(desk, boss, liu):
    answer = desk.post(f"/customers/{liu.pk}/edit/", {"name": "刘海涛", "company": "甲公司", "address": "人民路 8 号"})
    told = [str(message) for message in desk.get(answer["Location"]).context["messages"]]
    row = CustomerChange.objects.get()
    assert (fresh(liu).address, "通讯地址" in told[0]) == ("温州路 1 号", True)

    waiting = boss.get("/changes/").content.decode()
    boss.post(f"/changes/{row.pk}/decide/", {"approve": "yes"})

    assert ("人民路 8 号" in waiting, fresh(liu).address) == (True, "人民路 8 号")
    assert "人民路 8 号" in boss.get("/changes/").content.decode()


def test_a_proposal_that_is_turned_down_changes_nothing(desk, boss, liu):
    desk.post(f"/customers/{liu.pk}/edit/", {"name": "刘海", "company": "甲公司", "address": "温州路 1 号"})
    boss.post(f"/changes/{CustomerChange.objects.get().pk}/decide/", {"approve": "no", "reason": "身份证上不是"})

    assert (fresh(liu).name, "身份证上不是" in boss.get("/changes/").content.decode()) == ("刘海涛", True)


def test_a_manager_does_not_decide_his_own(shop, boss, liu):
    row = CustomerChange.objects.create(
        customer=liu, field="name", before="刘海涛", after="刘海", state="proposed",
        made_by=employee("other", branch=shop), made_at=liu.registered_at,
    )  # fmt: skip
    own = signed_in(employee("lina", "cs_supervisor", branch=shop))
    CustomerChange.objects.filter(pk=row.pk).update(made_by=own.get("/changes/").wsgi_request.user)
    own.post(f"/changes/{row.pk}/decide/", {"approve": "yes"})

    assert fresh(liu).name == "刘海涛"


def test_advisors_have_neither_the_list_of_proposals_nor_its_door(desk, liu):
    assert [desk.get("/changes/").status_code, desk.post("/changes/1/decide/").status_code] == [404, 404]
    assert desk.get(f"/customers/{liu.pk}/merge/").status_code == 404


def test_a_proposal_of_another_unit_is_not_there(shop, boss):
    hidden = customer("张三")
    row = CustomerChange.objects.create(
        customer=hidden, field="name", before="张三", after="张四", state="proposed",
        made_by=employee("other"), made_at=hidden.registered_at,
    )  # fmt: skip

    assert boss.post(f"/changes/{row.pk}/decide/", {"approve": "yes"}).status_code == 404
    assert "张四" not in boss.get("/changes/").content.decode()


def test_the_basics_are_put_right_and_confirmed_beside_the_call(desk, liu):
    told = {"name": "刘海涛", "company": "乙公司", "address": "温州路 1 号"}
    answer = desk.post(f"/customers/{liu.pk}/basics/", told, headers=HTMX).content.decode()

    assert (fresh(liu).company, fresh(liu).confirmed_at is not None) == ("乙公司", True)
    assert ('id="card-file"' in answer, "<html" in answer, "已修改" in answer) == (True, False, True)
    again = desk.post(f"/customers/{liu.pk}/basics/", told, headers=HTMX).content.decode()
    assert "已确认" in again


def test_a_basic_that_cannot_be_stays_typed(desk, liu):
    answer = desk.post(f"/customers/{liu.pk}/basics/", {"name": "", "company": "丙公司"}, headers=HTMX)

    assert (answer.status_code, "丙公司" in answer.content.decode(), fresh(liu).company) == (422, True, "甲公司")


def test_two_files_are_merged_and_taken_apart(shop, chen, boss, liu):
    twin = of_chen(shop, chen, "刘海涛")
    page = boss.get(f"/customers/{liu.pk}/merge/").content.decode()
    refused = boss.post(f"/customers/{liu.pk}/merge/", {"other": twin.pk, "reason": " "})
    boss.post(f"/customers/{liu.pk}/merge/", {"other": twin.pk, "reason": "同一位客户"})
    assert (f'value="{twin.pk}"' in page, refused.status_code) == (True, 422)
    assert fresh(twin).merged_into == liu
    assert "同一位客户" in boss.get(f"/customers/{liu.pk}/").content.decode()

    boss.post(f"/merges/{CustomerMerge.objects.get().pk}/split/")
    assert fresh(twin).merged_into is None


def test_the_other_file_is_searched_within_ones_scope(shop, chen, boss, liu):
    other, hidden = of_chen(shop, chen, "林晓燕"), customer("林晓明")
    page = boss.get(f"/customers/{liu.pk}/merge/?q=林晓").content.decode()
    refused = boss.post(f"/customers/{liu.pk}/merge/", {"other": hidden.pk, "reason": "同一位客户"})

    assert ("林晓燕" in page, "林晓明" in page, f'value="{other.pk}"' in page) == (True, False, True)
    assert (refused.status_code, CustomerMerge.objects.count()) == (422, 0)


@pytest.mark.parametrize("page", ["edit", "basics", "merge"])
def test_the_file_of_somebody_elses_customer_is_not_there(boss, page):
    hidden = customer("张三")
    method = boss.post if page == "basics" else boss.get

    assert method(f"/customers/{hidden.pk}/{page}/").content == method(f"/customers/999999/{page}/").content
    assert boss.post(f"/customers/{hidden.pk}/{page}/", {"name": "李四"}).status_code == 404


@pytest.mark.parametrize("other", ["", "\x00", "-1", "9" * 40, "x", "１"])
def test_nonsense_instead_of_the_other_file_is_refused(boss, liu, other):
    assert boss.post(f"/customers/{liu.pk}/merge/", {"other": other, "reason": "同一位"}).status_code == 422
