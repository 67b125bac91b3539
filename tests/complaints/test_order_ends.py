"""How a work order ends: told, confirmed, exchanged, found false, given up (W-04, W-05, N-04, AB-02)."""

import random
from datetime import date, timedelta

import pytest

from complaints.choices import (
    Confirmed,
    Measure,
    Mode,
    OrderDeed,
    Verdict,
    WorkOrderKind,
    WorkOrderState,
)
from complaints.domain.orders import (
    checked_back,
    checking,
    dispatching,
    ending,
    opening,
    reminding,
    reporting,
    signing,
    timing,
)
from complaints.domain.orders.checking import Found
from complaints.domain.orders.dispatching import Given
from complaints.domain.writing import CannotDo
from staff.models import Branch, Notification
from tests.complaints.ordering import PACK, WHOLE, on_its_way, opened, reported, told_case
from tests.visits.calls import MORNING, Shop, at
from visits.domain.demonstrating.showing import signature
from visits.models import Evidence, Obligation, ServiceEvent, VisitRecord, VisitTask

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return Shop(pack=PACK)


@pytest.fixture
def case(shop):
    return told_case(shop)


def test_a_device_that_was_sent_in_is_not_closed_before_its_owner_was_told(shop, case):
    order = on_its_way(case, shop, mode=Mode.MAIL_IN)
    with pytest.raises(CannotDo):
        dispatching.arrive(order, by=shop.li, now=MORNING)
    dispatching.arrive(order, by=shop.li, now=MORNING, tracking_no="SF100")
    reporting.report(order, WHOLE, by=shop.li, now=MORNING)
    with pytest.raises(CannotDo):
        ending.confirm(order, Confirmed.TELEPHONE, by=shop.wang, now=MORNING)
    ending.notice(order, by=shop.wang, now=MORNING, text="已寄回，顺丰 SF200", tracking_no="SF200")
    ending.confirm(order, Confirmed.TELEPHONE, by=shop.wang, now=MORNING)
    assert (order.state, order.tracking_no) == (WorkOrderState.DONE, "SF200")


@pytest.mark.parametrize(("bought", "needs"), [(date(2025, 3, 2), False), (date(2025, 3, 1), True), (None, True)])
def test_exchange_and_refund_are_free_in_the_warranty_and_approved_by_another_beyond(shop, case, bought, needs):
    order = on_its_way(case, shop, found=Found(fault_nature="制冷", purchased_on=bought, warranty_months=12))
    if needs:
        with pytest.raises(CannotDo):
            reporting.propose_measure(order, Measure.EXCHANGE, by=shop.li, now=MORNING)
    reporting.propose_measure(order, Measure.EXCHANGE, by=shop.li, now=MORNING, text="无法修复")
    assert timing.waits_for_approval(order) is needs
    if needs:
        for refused in (lambda: reporting.report(order, WHOLE, by=shop.li, now=MORNING),
                        lambda: reporting.approve(order, by=shop.li, now=MORNING)):  # fmt: skip
            with pytest.raises(CannotDo):
                refused()
        reporting.approve(order, by=shop.wang, now=MORNING)
    reporting.report(order, WHOLE, by=shop.li, now=MORNING)
    assert order.state == WorkOrderState.REPORTED


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("told", "held"), [(date(2024, 5, 6), True), (date(2024, 6, 1), True), (date(2024, 6, 2), False)]
)
def test_the_warranty_lasts_until_the_same_day_of_the_month(told, held):
    last = timing.warranty_ends(date(2023, 6, 1), 12)
    assert (told <= last) is held
    assert timing.warranty_ends(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert timing.warranty_ends(None, 12) is None


def test_a_false_report_reopens_the_order_and_the_undone_visit_puts_it_back(shop, case):
    order = reported(case, shop)
    task = shop.task(case.customer)
    ServiceEvent.objects.filter(pk=task.event_id).update(source="cases", attributes={"work_order": order.number})
    task = VisitTask.objects.select_related("event__kind").get(pk=task.pk)
    record = visit(shop, task, verification="不属实")
    checked_back.follow_visit(record=record, tasks=[task], by=shop.wang, now=MORNING)
    order.refresh_from_db()
    assert (order.state, order.verdict, order.reopened) == (WorkOrderState.DISPATCHED, Verdict.FALSE, 1)
    assert order.reported_at is None

    checked_back.follow_undo(record=record, now=MORNING)
    order.refresh_from_db()
    assert (order.state, order.verdict, order.reopened) == (WorkOrderState.REPORTED, "", 0)
    assert order.reported_at == MORNING


def visit(shop, task, **answers):
    return VisitRecord.objects.create(
        form_token="0" * 32, fingerprint="f", customer=task.customer, branch=shop.branch, advisor=shop.wang,
        channel="desk_phone", started_at=MORNING, logged_at=MORNING, outcome="reached", answers=answers,
    )  # fmt: skip


def test_an_order_that_the_customer_calls_unsettled_goes_back_and_one_of_an_ended_case_is_given_up(shop, case):
    order = reported(case, shop)
    ending.not_solved(order, by=None, now=MORNING, text="还是不凉")
    assert (order.state, order.reopened) == (WorkOrderState.DISPATCHED, 1)
    assert ending.cancel_orders_of(case, by=shop.wang, now=MORNING, text="客户撤诉") == 1
    order.refresh_from_db()
    assert (order.state, Obligation.objects.open().filter(subject=f"work_order:{order.pk}").count()) == ("cancelled", 0)


def test_a_partner_s_order_counts_for_the_partner_and_a_request_for_repair_is_drafted_once(shop, case):
    order = opening.draft_order(case, now=MORNING)
    assert opening.draft_order(case, now=MORNING) == order
    assert (order.instruction, order.opened_by, order.opened_at) == ("空调不凉", None, case.opened_at)
    checking.check(order, Found(fault_nature="制冷"), by=shop.wang, now=MORNING)
    dispatching.dispatch(order, Given(partner="丙", mode=Mode.ONSITE), by=shop.wang, now=MORNING)
    assert (order.assignee, order.partner) == (None, "丙")
    assert [line.facts["deed"] for line in order.deeds.all()] == [
        OrderDeed.OPENED, OrderDeed.CHECKED, OrderDeed.DISPATCHED,
    ]  # fmt: skip
    assert Branch.objects.count() == 1


def test_the_customer_s_signature_ends_the_order_and_stays_with_the_case(shop, case, tmp_path, settings):
    settings.EVIDENCE_DIR = tmp_path / "kept"
    order = reported(case, shop)
    drawn = tmp_path / "signature.png"
    drawn.write_bytes(signature(random.Random(1)))
    page = tmp_path / "words.txt"
    page.write_text("not a picture")
    with pytest.raises(CannotDo):
        signing.sign(order, path=page, by=shop.li, now=MORNING)
    signing.sign(order, path=drawn, by=shop.li, now=MORNING)
    kept = Evidence.objects.get()
    assert (order.state, order.confirmed_how, order.signature) == (WorkOrderState.DONE, Confirmed.SIGNATURE, kept.file)
    assert (kept.subject, signing.signature_of(order)) == (f"case:{case.pk}", kept)


def test_each_morning_who_has_a_late_order_and_who_asked_for_it_hear_of_it_once(shop, case):
    late = opened(case, shop, WorkOrderKind.CONTACT_SHEET, partner="丙", due_at=at("2026-03-03 18:00"))
    dispatched = on_its_way(case, shop, due_at=at("2026-03-03 18:00"))
    opened(case, shop, due_at=at("2026-03-05 18:00"))
    morning = at("2026-03-04 08:05")
    assert [reminding.remind_of_orders(now=morning, on=date(2026, 3, 4)) for _turn in range(2)] == [2, 0]
    heard = {(one.facts["number"], one.recipient) for one in Notification.objects.filter(key__contains="-late-")}
    assert heard == {(late.number, shop.wang), (dispatched.number, shop.li), (dispatched.number, shop.wang)}
    reporting.report(dispatched, WHOLE, by=shop.li, now=morning)
    assert reminding.remind_of_orders(now=morning + timedelta(days=1), on=date(2026, 3, 5)) == 1
