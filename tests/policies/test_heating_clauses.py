"""Regulation N, the heating company: a daily draw of work orders, false reports, scores of units."""

from datetime import date

import pytest

from staff.domain.conduct.deciding import confirm
from staff.domain.conduct.proposing import propose_by_hand
from staff.domain.conduct.refusing import Refused
from staff.domain.conduct.rules import by_hand
from staff.models import LedgerEntry, Measure, Violation
from tests.packs import SHIPPED
from tests.policies.regulation import due, tick
from tests.visits.world import at, branch, department, employee, event, publish
from visits.models import SamplePool, VisitTask

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
