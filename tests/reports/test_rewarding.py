"""Rewards and penalties on figures: proposed once when their period has ended, followed until it is decided."""

import pytest

from reports.models import KpiResult
from staff.domain.conduct.closing import close_month
from staff.domain.conduct.deciding import confirm
from staff.domain.conduct.explaining import explanation
from staff.domain.jobs import run_due
from staff.models import LedgerEntry, Violation
from tests.visits.world import at, employee, event, publish

pytestmark = pytest.mark.django_db

CSS = """
[[clause]]
ref = "A-19"
text = "…"
enforced_by = ["reward:css"]

[[kpi]]
code = "internal-css"
title = "内部CSS平均分"
metric = "css_average"
basis = "events"
op = ">="
target = 115

[[reward]]
code = "css"
metric = "kpi:internal-css"
op = ">="
threshold = 115
amount = 500
clause = "A-19"
"""


def scores(advisor, *values, month="2026-03"):
    for day, value in enumerate(values, 1):
        event("service_completed", f"{month}-{day:02} 10:00", advisor=advisor, css=value)


def night(moment):
    report = run_due(now=at(moment))
    assert not report.failed, report.failed
    return report


def proposals(**of):
    rows = Violation.objects.filter(**of).order_by("pk")
    return [(row.employee.username, row.rule, row.subject, row.amount, row.state) for row in rows]


def test_a_19_the_average_of_a_month_earns_500_once_however_often_and_late_it_is_judged(at_night=("2026-04-01 00:40",)):
    publish(CSS, on="2026-01-01")
    liu, chen, boss = employee("liu"), employee("chen"), employee("boss", "general_manager")
    scores(liu, 115, 115)
    scores(chen, 114, 115)
    night("2026-03-31 23:59")
    assert proposals() == []
    for moment in ("2026-04-01 00:40", "2026-04-01 09:00", "2026-04-20 09:00"):
        night(moment)
        assert proposals() == [("liu", "css", "period:2026-03", 50000, "proposed")]
    [made] = Violation.objects.all()
    assert (made.kind, made.occurred_on.isoformat(), made.clause) == ("reward", "2026-03-31", "A-19")
    assert explanation(made) == "内部CSS平均分 in 2026-03: 230 / 2 = 115; the bar is at least 115."
    assert list(KpiResult.objects.values_list("employee__username", "numerator", "denominator", "met").order_by("pk"))[
        1:
    ] == [("liu", 230, 2, True), ("chen", 229, 2, False)]
    confirm(made, actor=boss, now=at("2026-04-20 10:00"))
    for _again in range(2):
        close_month("2026-03", actor=boss, now=at("2026-05-01 10:00"))
    [entry] = LedgerEntry.objects.all()
    assert (entry.amount, entry.period, entry.kind) == (50000, "2026-03", "reward")
