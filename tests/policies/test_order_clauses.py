"""The regulations on repairs as they ship (H, V, W, Z), clause by clause, by the program's doors."""

from dataclasses import replace

import pytest

from complaints.choices import CaseType, Confirmed, Mode, Source, SpendingKind, WorkOrderKind, WorkOrderState
from complaints.domain import spending
from complaints.domain.forms_asked import Lacking
from complaints.domain.orders import checking, dispatching, ending, opening, reporting
from complaints.domain.registering import Told, register
from complaints.domain.writing import CannotDo
from complaints.models import Case
from tests.policies.regulation import tick
from tests.policies.test_case_clauses import NINE, regulation
from tests.visits.world import at, branch, customer, department, employee
from visits.models import VisitTask

pytestmark = pytest.mark.django_db

FOUND = checking.Found(product="空调", fault_nature="制冷", cause="缺冷媒")
WHOLE = reporting.Report(
    result="恢复制冷", fault="不制冷", solution="补冷媒", process="查漏、加注", minutes=60,
    materials=({"name": "冷媒", "quantity": "1"}, {"name": "密封圈", "quantity": "2"}),
)  # fmt: skip


class Workshop:
    """A service centre with its manager, a desk, two technicians, and a request for repair."""

    def __init__(self, **facts) -> None:
        unit = department("售后部", branch())
        self.manager = employee("manager", "department_manager", department=unit)
        self.desk = employee("desk", department=unit)
        self.first, self.second = (employee(name, department=unit) for name in ("first", "second"))
        self.case = self.told(**facts)

    def told(self, **facts) -> Case:
        usual = {
            "summary": "空调不凉", "source": Source.PHONE, "opened_at": NINE, "type": CaseType.REPAIR,
            "customer": customer(), "contact": "13900001111", "branch": branch(), "handler": self.desk,
        }  # fmt: skip
        return register(Told(**(usual | facts)), by=self.desk, now=NINE)

    def order(self, *, case: Case | None = None, found=FOUND, mode=Mode.ONSITE, upto=WorkOrderState.DISPATCHED):
        asked = opening.Asked(kind=WorkOrderKind.REPAIR, instruction="检修空调", branch=branch())
        order = opening.open_order(case or self.case, asked, by=self.desk, now=NINE)
        if upto != WorkOrderState.OPENED:
            order = checking.check(order, found, by=self.desk, now=NINE)
        if upto == WorkOrderState.DISPATCHED:
            order = dispatching.dispatch(order, dispatching.Given(to=self.first, mode=mode), by=self.desk, now=NINE)
        return order


def test_v_01_no_dispatch_without_nature_and_cause_v_03_no_report_without_result_and_materials():
    regulation("aftersales-field-repair")
    shop = Workshop()
    with pytest.raises(Lacking) as refusal:
        shop.order(found=replace(FOUND, fault_nature="", cause=""))
    assert refusal.value.fields == ("fault_nature", "cause")

    order = shop.order()
    with pytest.raises(CannotDo):
        reporting.report(order, replace(WHOLE, result=""), by=shop.first, now=at("2026-03-02 10:00"))
    with pytest.raises(Lacking) as refusal:
        reporting.report(order, replace(WHOLE, materials=()), by=shop.first, now=at("2026-03-02 10:00"))
    assert refusal.value.fields == ("materials",)


def test_v_04_it_waits_for_the_customers_word_and_v_05_every_repair_is_asked_about():
    regulation("aftersales-field-repair", ('closes = "?"', 'closes = "3d"'))
    shop = Workshop()
    done = []
    for _number in range(2):
        order = reporting.report(shop.order(), WHOLE, by=shop.first, now=at("2026-03-02 10:00"))
        assert order.state == WorkOrderState.REPORTED
        done.append(ending.confirm(order, Confirmed.LINK, by=None, now=at("2026-03-02 10:15")))
    assert [(one.state, one.closed_at) for one in done] == [(WorkOrderState.DONE, at("2026-03-02 10:15"))] * 2
    tick("2026-03-02 10:16")
    assert VisitTask.objects.filter(step__rule__code="after-repair").count() == 2


def test_w_01_model_and_day_of_purchase_are_asked_w_03_what_is_sent_in_has_its_number():
    regulation("aftersales-repair-return")
    shop = Workshop()
    with pytest.raises(Lacking) as refusal:
        shop.told(category="repair")
    assert refusal.value.fields == ("model", "purchase_date")
    case = shop.told(category="repair", values={"model": "KF-35", "purchase_date": "2025-06-01"})

    order = shop.order(case=case, mode=Mode.MAIL_IN)
    with pytest.raises(CannotDo):
        dispatching.arrive(order, by=shop.first, now=at("2026-03-03 09:00"))
    arrived = dispatching.arrive(order, by=shop.first, now=at("2026-03-03 09:00"), tracking_no="SF100")
    assert arrived.tracking_no == "SF100"


def test_z_02_what_is_not_checked_goes_nowhere_z_04_one_technician_has_one_order_at_a_time():
    regulation("repair-request-handling")
    shop = Workshop(values={"equipment": "三楼空调"})
    waiting = shop.order(upto=WorkOrderState.OPENED)
    with pytest.raises(CannotDo):
        dispatching.dispatch(
            waiting, dispatching.Given(to=shop.first, mode=Mode.ONSITE), by=shop.desk, now=NINE
        )  # fmt: skip
    one, other = shop.order(), shop.order(case=shop.told(values={"equipment": "大堂"}))
    slot = (at("2026-03-03 10:00"), at("2026-03-03 11:00"))
    dispatching.book(one, *slot, by=shop.desk, now=NINE)
    with pytest.raises(CannotDo):
        dispatching.book(other, *slot, by=shop.desk, now=NINE)
    dispatching.book(other, slot[1], at("2026-03-03 12:00"), by=shop.desk, now=NINE)


def test_h_03_a_coupon_counts_once_somebody_else_has_approved_it_and_never_above_the_limit():
    regulation("cs-callback-overview", ('limit = "?"', "limit = 200"))
    shop = Workshop(type=CaseType.COMPLAINT)
    made = spending.propose(shop.case, kind=SpendingKind.COUPON, amount=10000, by=shop.desk, now=NINE)
    with pytest.raises(CannotDo):
        spending.approve(made, by=shop.desk, now=NINE)
    spending.approve(made, by=shop.manager, now=NINE)
    made.refresh_from_db()
    assert (made.state, made.amount) == ("approved", 10000)
