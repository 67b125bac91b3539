"""A work order from the request to its report: the worked examples of I-03, Z-02 to Z-04, W-01, W-02, V-01 to V-06."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from complaints.choices import (
    CaseDeedKind,
    CaseState,
    Confirmed,
    Mode,
    WorkOrderKind,
    WorkOrderState,
)
from complaints.domain.orders import checking, choosing, dispatching, ending, reporting, timing
from complaints.domain.orders.changing import OrderChanged
from complaints.domain.orders.checking import Found
from complaints.domain.orders.dispatching import Given
from complaints.domain.orders.reporting import Report
from complaints.domain.writing import CannotDo
from complaints.models import WorkOrder
from staff.domain.workforce import Held, load_workforce
from staff.models import Absence, Department, QualificationHeld
from tests.complaints.ordering import PACK, SLOT, WHOLE, on_its_way, opened, told_case
from tests.visits.calls import MORNING, Shop, at
from visits.models import Obligation

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return Shop(pack=PACK)


@pytest.fixture
def case(shop):
    return told_case(shop)


def test_a_contact_sheet_is_the_department_s_to_do_until_it_replies(shop, case):
    works = Department.objects.create(name="工程部", branch=shop.branch)
    [issue] = Obligation.objects.all()
    sheet = opened(case, shop, WorkOrderKind.CONTACT_SHEET, department=works, due_at=at("2026-03-08 18:00"))
    issue.refresh_from_db()
    case.refresh_from_db()
    assert (issue.state, case.state) == ("done", CaseState.IN_PROGRESS)
    [reply] = Obligation.objects.open()
    assert (reply.subject, reply.department, reply.role) == (f"work_order:{sheet.pk}", works, "department_manager")

    reporting.report(sheet, Report(result="已更换空调"), by=shop.li, now=MORNING)
    assert (sheet.state, sheet.closed_at, Obligation.objects.open().count()) == (WorkOrderState.DONE, MORNING, 0)
    line = case.deeds.get(kind=CaseDeedKind.DEPARTMENT_REPLIED)
    assert (line.department, line.work_order, "已更换空调" in line.text) == (works, sheet, True)


def test_what_the_regulation_wants_of_a_request_is_refused_without(shop, case):
    with pytest.raises(CannotDo):
        opened(case, shop, WorkOrderKind.RETURN_EXCHANGE, model="KF-35")
    whole = opened(case, shop, WorkOrderKind.RETURN_EXCHANGE, model="KF-35", purchased_on=date(2025, 6, 1))
    assert (whole.model, WorkOrder.objects.count()) == ("KF-35", 1)


def test_an_unchecked_order_goes_to_nobody_and_one_out_of_scope_ends_with_a_notice(shop, case):
    order, other = opened(case, shop), opened(case, shop)
    with pytest.raises(CannotDo):
        dispatching.dispatch(order, Given(to=shop.li, mode=Mode.ONSITE), by=shop.wang, now=MORNING)
    checking.check(order, Found(), by=shop.li, now=MORNING)
    assert (order.state, order.checked_by, order.in_scope) == (WorkOrderState.CHECKED, shop.li, True)
    with pytest.raises(CannotDo, match="fault|故障"):  # the regulation's diagnosis (V-01)
        dispatching.dispatch(order, Given(to=shop.li, mode=Mode.ONSITE), by=shop.wang, now=MORNING)

    with pytest.raises(CannotDo):
        checking.refuse(other, by=shop.wang, now=MORNING, reason="人为损坏", notice="")
    checking.refuse(other, by=shop.wang, now=MORNING, reason="人为损坏", notice="电话告知自费")
    assert (other.state, other.in_scope, other.closed_at) == (WorkOrderState.REFUSED, False, MORNING)
    assert "自费" in case.deeds.get(kind=CaseDeedKind.TOLD_CUSTOMER).text


def test_the_suggestion_weighs_skill_area_and_load_and_says_why(shop, case):
    workforce, on = load_workforce(), date(2026, 3, 2)
    wang, li = shop.wang.pk, shop.li.pk
    order = WorkOrder(case=case, branch=shop.branch, area="城东")
    even = {wang: 3, li: 3}
    in_area = replace(workforce, roles=[*workforce.roles, (next(iter(workforce.roles))[0], Held(li, "x", "城东"))])
    first, second = choosing.candidates(order, in_area, load=even, on=on)
    assert (first.employee, second.employee) == (li, wang)
    assert (first.in_area, second.in_area, first.load) == (True, False, 3)
    order.area = ""
    assert [one.employee for one in choosing.candidates(order, workforce, load={li: 2, wang: 5}, on=on)] == [li, wang]
    QualificationHeld.objects.create(employee=shop.wang, code="cooling", from_on=date(2026, 1, 1))
    order.skill = "cooling"
    able = choosing.candidates(order, load_workforce(), load={li: 2, wang: 5}, on=on)
    assert [(one.employee, one.has_skill) for one in able] == [(wang, True), (li, False)]


def test_two_orders_do_not_share_a_technician_s_time(shop, case):
    one, two = on_its_way(case, shop), on_its_way(case, shop)
    dispatching.book(one, *SLOT, by=shop.wang, now=MORNING)
    with pytest.raises(CannotDo, match=one.number):
        dispatching.book(two, *SLOT, by=shop.wang, now=MORNING)
    dispatching.book(two, SLOT[1], SLOT[1] + timedelta(hours=1), by=shop.wang, now=MORNING)  # it begins as one ends
    dispatching.dispatch(two, Given(to=shop.wang), by=shop.wang, now=MORNING)
    dispatching.book(two, *SLOT, by=shop.wang, now=MORNING)
    with pytest.raises(CannotDo, match=one.number):  # nor by being given to who is busy then
        dispatching.dispatch(two, Given(to=shop.li), by=shop.wang, now=MORNING)
    Absence.objects.create(employee=shop.wang, from_on=date(2026, 3, 3), until_on=date(2026, 3, 3))
    with pytest.raises(CannotDo):  # nor is one agreed for somebody who is away then
        dispatching.book(two, SLOT[1], SLOT[1] + timedelta(hours=1), by=shop.wang, now=MORNING)


def test_of_two_who_change_an_order_the_later_one_is_told(shop, case):
    mine = on_its_way(case, shop)
    theirs = WorkOrder.objects.get(pk=mine.pk)
    dispatching.accept(mine, by=shop.li, now=MORNING)
    with pytest.raises(OrderChanged):
        ending.cancel(theirs, by=shop.wang, now=MORNING, text="客户取消")
    assert WorkOrder.objects.get(pk=mine.pk).state == WorkOrderState.DISPATCHED


@pytest.mark.parametrize(
    ("came", "late"), [("2026-03-03 10:15", False), ("2026-03-03 10:16", True), ("2026-03-03 10:20", True)]
)
def test_fifteen_minutes_after_the_agreed_time_are_allowed(shop, case, came, late):
    order = on_its_way(case, shop)
    dispatching.book(order, *SLOT, by=shop.wang, now=MORNING)
    dispatching.arrive(order, by=shop.li, now=at(came))
    assert timing.arrived_late(order) is late


def test_a_report_needs_its_fields_and_the_customer_s_word_ends_the_order(shop, case):
    order = on_its_way(case, shop, now=at("10:00"))
    [clock] = Obligation.objects.open()
    assert (clock.deed, clock.employee) == ("resolve", shop.li)
    for lacking in ({"result": ""}, {"materials": ()}, {"minutes": None}):
        with pytest.raises(CannotDo):
            reporting.report(WorkOrder.objects.get(pk=order.pk), replace(WHOLE, **lacking), by=shop.li, now=MORNING)
    order.refresh_from_db()
    dispatching.accept(order, by=shop.li, now=at("10:20"))
    reporting.report(order, WHOLE, by=shop.li, now=at("15:00"))
    assert (order.state, timing.state_words(order)) == (WorkOrderState.REPORTED, "待确认")
    clock.refresh_from_db()
    assert (clock.state, clock.done_at, len(order.materials)) == ("done", at("15:00"), 2)

    with pytest.raises(CannotDo):  # who did the work does not ask whether it was well done
        ending.confirm(order, Confirmed.TELEPHONE, by=shop.li, now=at("16:00"))
    ending.confirm(order, Confirmed.LINK, by=None, now=at("16:20"), at=at("16:15"))
    assert (order.state, order.closed_at, order.confirmed_at) == (WorkOrderState.DONE, at("16:15"), at("16:15"))
    assert timing.response_of(order) == timedelta(minutes=20)
    assert timing.total_of(order) == timedelta(hours=6, minutes=15)
