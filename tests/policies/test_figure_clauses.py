"""Regulations A and AK: what a month's visits come to, and what they earn, driven as the company works."""

from fractions import Fraction

import pytest

from config.packs.measuring import KpiSpec
from reports.domain.figures.measuring import figure
from staff.domain.conduct.closing import close_month
from staff.domain.conduct.deciding import confirm
from staff.domain.periods import period_named
from staff.models import LedgerEntry, Violation
from tests.packs import SHIPPED
from tests.policies.regulation import call, rule, tick
from tests.visits.world import at, customer, employee, event, publish
from visits.models import VisitTask

pytestmark = pytest.mark.django_db
DEALER = (SHIPPED / "auto-dealer-service.toml").read_text(encoding="utf-8")
ANSWERS = {"has-problem": "no", "css": 120, "satisfaction": "极为满意"}


def listed(advisor, count: int, *, css: int = 115) -> list[VisitTask]:
    """Let a list with so many dissatisfied customers of one advisor come in, and return the visits."""
    for _number in range(count):
        event("list_received", "2026-03-03 09:00", advisor=advisor, css=css, rating="满意")
    tick("2026-03-03 09:10")
    return list(VisitTask.objects.filter(assignee=advisor).order_by("pk"))


@pytest.mark.parametrize(("called", "css", "earned"), [(4, 114, []), (4, 115, ["A-19"]), (5, 115, ["A-19", "A-20"])])
def test_a_19_a_20_115_counts_and_80_percent_does_not(called, css, earned):
    publish(DEALER, on="2026-01-01")
    advisor, boss = employee("caller"), employee("boss", "general_manager")
    for task in listed(advisor, 5, css=css)[:called]:
        call(task, "2026-03-03 10:00", answers=ANSWERS, phrases=["极为满意"])
    tick("2026-04-01 00:40", "2026-04-01 00:41")

    found = Violation.objects.filter(kind="reward").order_by("clause")
    assert [(one.clause, one.amount) for one in found] == [(clause, 50000) for clause in earned]
    confirm(list(found), actor=boss, now=at("2026-04-02 09:00"))
    close_month("2026-03", actor=boss, now=at("2026-04-03 09:00"))
    assert sum(one.amount for one in LedgerEntry.objects.filter(kind="reward")) == 50000 * len(earned)


def test_a_20_a_visit_without_a_required_answer_is_no_success():
    publish(DEALER, on="2026-01-01")
    for task in listed(employee("caller"), 1):
        call(task, "2026-03-03 10:00", answers={"css": 120, "satisfaction": "极为满意"})
    month = {"release": VisitTask.objects.get().release, "period": period_named("2026-03"), "now": at("2026-04-01")}

    assert figure("completion_rate", **month).value == 1
    assert figure("success_rate", **month).value == 0


def test_ak_28_ak_29_each_user_once_and_satisfied_of_all_visited():
    release = publish(rule("plan", '"service_completed"', 'closes = "5d"'))
    users = [customer() for _number in range(10)]
    for user in (*users, users[0]):
        event("service_completed", "2026-03-03 09:00", customer=user)
    tick("2026-03-03 09:10")
    said = [True] * 7 + [False, None]
    due = list(VisitTask.objects.order_by("pk"))
    for task, satisfied in zip((*due[:9], due[10]), (*said, True), strict=True):
        call(task, "2026-03-04 10:00", satisfied=satisfied)
    month = {"release": release, "period": period_named("2026-03"), "now": at("2026-04-01")}

    def of(metric: str, **keys) -> Fraction | None:
        return figure(metric, spec=KpiSpec(code=metric, metric=metric, **keys), **month).value

    assert of("completion_rate") == Fraction(10, 11)
    assert of("completion_rate", count="customers") == Fraction(9, 10)
    assert of("satisfaction_rate", basis="visited") == Fraction(8, 10)
    assert of("satisfaction_rate") == Fraction(8, 9)
