"""The pages of work orders: who sees what, a technician's way through the deeds, the customer's page, the paper."""

from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from complaints.choices import Mode, OrderDeed, Source, WorkOrderKind, WorkOrderState
from complaints.domain.orders import checking, dispatching, opening, reporting
from complaints.domain.orders.checking import Found
from complaints.domain.orders.dispatching import Given
from complaints.domain.orders.opening import Asked
from complaints.domain.orders.permitting import may
from complaints.domain.orders.reporting import Report
from complaints.domain.registering import Told, register
from complaints.models import Case, WorkOrder
from staff.choices import BaseRole
from staff.models import Branch, Department, Employee, Posting, Role, RoleAssignment
from tests.visits.calls import MONDAY, MORNING, Shop, at
from tests.visits.test_assigning_races import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(clock_at) -> Shop:
    clock_at(MORNING)
    return Shop()


@pytest.fixture
def case(shop):
    told = Told(
        summary="空调不凉", source=Source.PHONE, opened_at=at("09:00"), branch=shop.branch, handler=shop.wang,
        customer=shop.customer(),
    )  # fmt: skip
    return register(told, by=shop.wang, now=MORNING)


@pytest.fixture
def order(shop, case) -> WorkOrder:
    made = opening.open_order(
        case, Asked(kind=WorkOrderKind.REPAIR, instruction="上门检修"), by=shop.wang, now=MORNING
    )  # fmt: skip
    checking.check(made, Found(fault_nature="制冷"), by=shop.wang, now=MORNING)
    return dispatching.dispatch(made, Given(to=shop.li, mode=Mode.ONSITE), by=shop.wang, now=MORNING)


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def manager(shop, *, branch, role=BaseRole.QUALITY_MANAGER) -> Employee:
    one = Employee.objects.create(username=f"{role}-{branch}", name="赵经理")
    held, _made = Role.objects.get_or_create(code=role.value, defaults={"title": "经理", "like": role})
    RoleAssignment.objects.create(employee=one, role=held, from_on=MONDAY)
    Posting.objects.create(employee=one, branch=branch, from_on=MONDAY)
    return one


def url(name: str, *args) -> str:
    return reverse(f"complaints:{name}", args=args)


def test_each_sees_the_orders_of_their_scope_and_a_foreign_one_is_not_there(shop, order):
    west = Branch.objects.create(name="城西店")
    nobody = shop.advisor("sunli", "孙丽")
    foreign, chief = manager(shop, branch=west), manager(shop, branch=shop.branch)
    page = url("order", order.pk)
    assert [signed_in(one).get(page).status_code for one in (shop.wang, shop.li, chief, foreign, nobody)] == [
        200, 200, 200, 404, 404,
    ]  # fmt: skip
    assert signed_in(foreign).post(url("order_deed", order.pk, "cancel"), {"text": "不办了"}).status_code == 404
    listed = [signed_in(one).get(url("order_list")).content.decode() for one in (shop.li, foreign)]
    assert [order.number in body for body in listed] == [True, False]


@pytest.mark.any_database
def test_work_is_the_technician_s_and_giving_out_is_not(shop, order):
    chief = manager(shop, branch=shop.branch)
    asked = (OrderDeed.REPORTED, OrderDeed.DISPATCHED, OrderDeed.APPROVED)
    people = (shop.li, shop.wang, chief)
    rights = {one.username: [may(order, deed, one, on=MONDAY) for deed in asked] for one in people}
    assert rights == {"liqiang": [True, False, False], "wangfang": [True, True, False], chief.username: [True] * 3}
    works = Department.objects.create(name="工程部", branch=shop.branch)
    order.kind, order.assignee, order.department = WorkOrderKind.CONTACT_SHEET, None, works
    assert not may(order, OrderDeed.REPORTED, shop.li, on=MONDAY)
    Posting.objects.filter(employee=shop.li).update(department=works)
    assert may(order, OrderDeed.REPORTED, shop.li, on=MONDAY)


def test_a_technician_goes_from_accepting_to_the_report_and_the_customer_confirms_by_the_link(shop, order, clock_at):
    mine, page = signed_in(shop.li), url("order", order.pk)

    def post(deed, **facts):
        order.refresh_from_db()
        return mine.post(url("order_deed", order.pk, deed), {"version": order.version, **facts})

    assert post("accept").status_code == 302
    assert post("book", start="2026-03-03T10:00", end="2026-03-03T09:00").status_code == 422
    assert post("book", start="2026-03-03T10:00", end="2026-03-03T11:00").status_code == 302
    assert post("arrive").status_code == 302
    refused = post("report", result="", fault="不制冷", materials="压缩机 1\n冷媒 2 瓶")
    assert (refused.status_code, "冷媒 2 瓶" in refused.content.decode()) == (422, True)
    assert post("report", result="恢复制冷", fault="不制冷", materials="压缩机 1\n冷媒 2 瓶").status_code == 302
    assert post("confirm").status_code == 422  # who did the work does not ask
    order.refresh_from_db()
    assert order.materials == [{"name": "压缩机", "quantity": "1"}, {"name": "冷媒", "quantity": "2 瓶"}]
    paper = mine.get(url("order_print", order.pk)).content.decode()
    assert "压缩机" in paper
    assert "冷媒" in paper

    link = url("public_confirm", order.token)
    assert link in mine.get(page).content.decode()
    assert signed_in(shop.li).post(link, {"answer": "yes"}).status_code == 200
    order.refresh_from_db()
    assert order.state == WorkOrderState.REPORTED  # staff do not confirm for the customer
    customer = Client()
    assert customer.post(link, {"answer": "no"}).status_code == 422
    assert customer.post(link, {"answer": "yes"}).status_code == 302
    order.refresh_from_db()
    assert (order.state, order.confirmed_how, order.closed_at) == (WorkOrderState.DONE, "link", MORNING)
    assert customer.post(link, {"answer": "no", "text": "又坏了"}).status_code == 200
    assert customer.get(url("public_confirm", "x" * 32)).status_code == 404
    clock_at("2026-06-02T10:00+08:00")
    assert customer.get(link).status_code == 404  # three months later it tells nothing any more


def test_what_the_customer_calls_unsettled_goes_back_and_a_stale_page_is_told(shop, order):
    reporting.report(order, Report(result="好了"), by=shop.li, now=MORNING)
    assert Client().post(url("public_confirm", order.token), {"answer": "no", "text": "还漏水"}).status_code == 302
    stale = signed_in(shop.wang).post(
        url("order_deed", order.pk, "cancel"), {"version": order.version, "text": "客户不要了"}
    )  # fmt: skip
    assert (stale.status_code, "客户不要了" in stale.content.decode()) == (422, True)
    order.refresh_from_db()
    assert (order.state, order.reopened) == (WorkOrderState.DISPATCHED, 1)


def test_a_new_order_keeps_what_was_typed_and_the_list_costs_the_same_for_many(
    shop, case, order, django_assert_max_num_queries
):
    mine = signed_in(shop.wang)
    typed = {"kind": "contact_sheet", "instruction": "请工程部检查"}
    refused = mine.post(url("order_new", case.pk), typed)
    assert (refused.status_code, "请工程部检查" in refused.content.decode()) == (422, True)
    works = Department.objects.create(name="工程部", branch=shop.branch)
    typed |= {"department": works.pk, "version": Case.objects.get(pk=case.pk).version}
    pressed = [mine.post(url("order_new", case.pk), typed).status_code for _press in range(2)]
    assert pressed == [302, 422]  # one form makes one order
    for _turn in range(8):
        opening.open_order(case, Asked(kind=WorkOrderKind.REPAIR, instruction="x"), by=shop.wang, now=MORNING)
    with django_assert_max_num_queries(16):
        assert mine.get(url("order_list")).status_code == 200
    by_people = mine.get(url("order_list"), {"view": "people", "state": "all"}).content.decode()
    assert "李强" in by_people


@pytest.mark.django_db(transaction=True)
def test_of_two_who_book_the_same_time_at_once_one_has_it(shop, case):
    orders = []
    for _turn in range(2):
        made = opening.open_order(case, Asked(kind=WorkOrderKind.REPAIR, instruction="x"), by=shop.wang, now=MORNING)
        checking.check(made, Found(), by=shop.wang, now=MORNING)
        dispatching.dispatch(made, Given(to=shop.li, mode=Mode.ONSITE), by=shop.wang, now=MORNING)
        orders.append(made)
    slot = at("2026-03-03 10:00"), at("2026-03-03 11:00")
    deeds = [partial(dispatching.book, one, *slot, by=shop.wang, now=MORNING) for one in orders]
    results = together(*deeds)
    assert sorted(type(one).__name__ for one in results) == ["CannotDo", "WorkOrder"]
    assert WorkOrder.objects.filter(slot_from=slot[0]).count() == 1
