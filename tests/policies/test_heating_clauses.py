"""Regulation N, the heating company: a daily draw of work orders, checked results, look-backs, false reports."""

from datetime import date

import pytest

from complaints.choices import Source, WorkOrderKind
from complaints.domain.orders import reporting
from complaints.domain.orders.opening import Asked, open_order
from complaints.domain.orders.reporting import Report
from complaints.models import WorkOrder
from staff.domain.conduct.deciding import confirm
from staff.domain.conduct.proposing import propose_by_hand
from staff.domain.conduct.refusing import Refused
from staff.domain.conduct.rules import by_hand
from staff.models import LedgerEntry, Measure, Violation
from tests.packs import SHIPPED
from tests.policies.regulation import call, due, tick
from tests.policies.test_case_clauses import told
from tests.visits.desk import signed_in
from tests.visits.world import at, branch, customer, department, employee, event, publish
from visits.models import SamplePool, ServiceEvent, VisitTask

pytestmark = pytest.mark.django_db
PACK = (SHIPPED / "heating-callback.toml").read_text(encoding="utf-8")
# The figures of a company: one of ten, called until the next day in office hours, 200 yuan.
FILLED = (
    PACK.replace('rate = "?"', "rate = 0.1")
    .replace('closes = "?"', 'closes = "1d"')
    .replace('allowed = ["?"]', 'allowed = ["08:30-17:30"]')
    .replace('amount = "?"', "amount = 200")
)


def test_n_01_n_02_four_of_forty_orders_of_both_sources_and_none_on_a_sunday():
    publish(FILLED, on="2026-01-01")
    inspector = employee("inspector", "inspector")
    for number in range(40):
        source = "政务热线" if number % 4 == 0 else "客服中心"
        event("work_order_opened", f"2026-03-13 {8 + number // 5:02}:00", attributes={"来源": source})
    tick("2026-03-14 00:10", "2026-03-14 09:00", "2026-03-16 09:00")

    drawn = VisitTask.objects.filter(sampled=True)
    assert (drawn.count(), VisitTask.objects.filter(status="not_sampled").count()) == (4, 36)
    assert SamplePool.objects.get(key="2026-03-13", step__rule__code="daily-check").seed
    # Drawn on a Saturday: called until Monday, by the inspection group.
    assert {str(task.assignee) for task in drawn} == {str(inspector)}
    assert due(sampled=True) == ["2026-03-16"] * 4


def test_n_07_verified_and_harmful_is_decided_verified_alone_is_a_warning_unverified_is_nothing():
    publish(FILLED, on="2026-01-01")
    shop = branch()
    clerk = employee("clerk", branch=shop, department=department("换热站", shop))
    boss = employee("boss", "general_manager")
    rules = {rule.spec.code: rule for rule in by_hand(on=date(2026, 3, 2)) if rule.spec.clause == "N-07"}

    def report(code, subject, **said):
        rule = rules[code]
        return propose_by_hand(
            rule.spec, clerk, subject, release=rule.release, by=boss, text="上报已修好，业主说没有",
            now=at("2026-03-02 10:00"), **said,
        )  # fmt: skip

    for code in rules:  # nobody says that it was verified
        with pytest.raises(Refused):
            report(code, "hand:1")
    assert not Violation.objects.exists()

    harmful = report("false-report-harmful", "hand:1", presupposed=True)
    mild = report("false-report", "hand:2", presupposed=True)
    assert (harmful.state, harmful.amount, harmful.department.name) == ("proposed", 200_00, "换热站")
    confirm([harmful, mild], actor=employee("gao", "general_manager"), now=at("2026-03-03 10:00"))
    entries = LedgerEntry.objects.order_by("pk").values_list("subject", "amount", "unit", "clause")
    assert list(entries) == [("hand:1", 200_00, "CNY", "N-07"), ("hand:2", 0, "none", "N-07")]
    assert list(Measure.objects.values_list("violation", "what")) == [(mild.pk, "warning")]


@pytest.fixture
def heating():
    """The heating company of regulation N: an inspector, a unit that reports, five orders that it has done."""
    publish(FILLED.replace("rate = 0.1", "rate = 0.4"), on="2026-01-01")
    unit, desk = department("换热站", branch()), department("客服部", branch())
    people = {
        "inspector": employee("inspector", "inspector", department=desk), "clerk": employee("clerk", department=desk),
        "head": employee("head", "department_manager", department=unit),
    }  # fmt: skip
    orders = []
    for number in range(5):
        case = told(
            people["clerk"], customer=customer(), source=Source.GOV_HOTLINE if number < 2 else Source.CS_CENTRE,
            handler=people["clerk"], opened_at=at("2026-03-12 09:00"), now=at("2026-03-12 09:00"),
        )  # fmt: skip
        asked = Asked(WorkOrderKind.CONTACT_SHEET, "暖气不热", department=unit, branch=branch())
        order = open_order(case, asked, by=people["clerk"], now=at("2026-03-12 09:30"))
        orders.append(reporting.report(order, Report(result="已排气"), by=people["head"], now=at("2026-03-12 15:00")))
    return people | {"orders": orders}


RESULT = {"verification": "属实", "satisfaction": 5}


def test_n_04_two_of_five_reported_orders_are_visited_and_a_false_report_is_worked_on_again(heating):
    tick("2026-03-13 00:10", "2026-03-13 09:00")
    drawn = VisitTask.objects.filter(step__rule__code="result-check", status="open").order_by("pk")
    assert drawn.count() == 2
    true, false = drawn
    call(true, "2026-03-13 10:00", by=heating["inspector"], answers=RESULT)
    call(false, "2026-03-13 10:10", by=heating["inspector"], answers=RESULT | {"verification": "不属实"})
    orders = {one.number: one for one in WorkOrder.objects.all()}
    told_of = [orders[task.event.attributes["work_order"]] for task in (true, false)]
    assert [(one.state, one.verdict, one.reopened) for one in told_of] == [("done", "true", 0), ("opened", "false", 1)]
    assert sum(one.reopened for one in orders.values()) == 1


def test_n_05_three_orders_are_looked_back_at_with_the_answers_of_the_first_visit(heating, clock_at):
    tick("2026-03-13 00:10", "2026-03-13 09:00")
    for task in VisitTask.objects.filter(step__rule__code="result-check", status="open"):
        call(task, "2026-03-13 10:00", by=heating["inspector"], answers=RESULT)
    visited = {task.event.attributes["work_order"] for task in VisitTask.objects.filter(status="done")}
    orders = sorted(heating["orders"], key=lambda one: one.number not in visited)[:3]
    clock_at("2026-03-16T09:00+08:00")
    desk = signed_in(heating["clerk"])
    for order, mark in zip(orders, ("key", "typical", "difficult"), strict=True):
        for deed, said in (("tag", {"tags": [mark]}), ("look-back", {})):
            order.refresh_from_db()
            desk.post(f"/complaints/orders/{order.pk}/{deed}/", said | {"version": order.version})
    tasks = list(VisitTask.objects.filter(step__rule__code="look-back").order_by("pk"))
    assert [task.assignee for task in tasks] == [heating["inspector"]] * 3
    assert [WorkOrder.objects.get(pk=one.pk).tags for one in orders] == [["key"], ["typical"], ["difficult"]]
    shown = [ServiceEvent.objects.get(pk=task.event_id).attributes for task in tasks]
    assert {one["aim"] for one in shown} == {"回头看"}
    assert [[text for name, text in one.items() if "verification" in name] for one in shown[:2]] == [["属实"]] * 2
