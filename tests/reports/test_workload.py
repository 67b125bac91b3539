"""AA-05: how much work each person had, and one head of a unit."""

from datetime import timedelta

import pytest

from complaints.models import Case, WorkOrder
from config.packs.measuring import KpiSpec
from reports.domain.figures.measured import shown
from reports.domain.figures.measuring import figure, figures_of
from reports.domain.figures.query import query
from staff.domain.periods import period_named
from tests.policies.regulation import rule, tick
from tests.visits.world import at, branch, employee, event, publish

pytestmark = pytest.mark.django_db
MAY, NOW = period_named("2024-05"), at("2024-06-10 09:00")
PACK = rule("plan", '"service_completed"', 'closes = "5d"\nassign = "advisor"')


def case(number: str, handler, **facts) -> Case:
    told = facts.pop("told", at("2024-05-07 10:00"))
    return Case.objects.create(
        number=number, type=facts.pop("type", "complaint"), state=facts.pop("state", "in_progress"), source="phone",
        summary="异响", handler=handler, opened_at=told, registered_at=told, changed_at=told, **facts,
    )  # fmt: skip


def test_aa_05_sixty_tasks_of_four_people_are_fifteen_per_head():
    release = publish(PACK)
    people = [employee(f"advisor-{number}", branch=branch()) for number in range(4)]
    for number in range(60):
        event("service_completed", "2024-05-06 09:00", advisor=people[number % 7 % 4], branch=branch())
    tick("2024-05-06 09:10")

    whole = figure("workload", release=release, period=MAY, now=NOW)
    assert (whole.numerator, whole.denominator, shown(whole.value, "workload")) == (60, 4, "15")
    assert figure("workload", release=release, period=MAY, now=NOW, branch=branch().pk) == whole
    assert (
        figure("workload", release=release, period=MAY, now=NOW, employee=people[3].pk).value == 9
    )  # 3, 10 … 59 of 0 … 59


def test_cases_and_work_orders_are_work_and_what_nobody_holds_is_nobodys():
    release = publish(PACK)
    one, other = employee("one", branch=branch()), employee("other", branch=branch())
    event("service_completed", "2024-05-06 09:00", advisor=one, branch=branch())
    tick("2024-05-06 09:10")
    held = case("TS1", one, branch=branch())
    case("TS2", None, branch=branch())
    case("TS3", one, branch=branch(), exemption="anonymous")
    case("TS4", one, branch=branch(), told=MAY.starts_at(query(_kpi(), release, MAY, now=NOW).zone) - timedelta(1))
    for number, state in (("WO1", "opened"), ("WO2", "cancelled")):
        WorkOrder.objects.create(
            case=held, number=number, kind="repair", state=state, assignee=other, opened_by=one, instruction="查",
            opened_at=at("2024-05-08 10:00"),
            closed_at=at("2024-05-08 11:00") if state == "cancelled" else None,
        )  # fmt: skip

    def work(**spec):
        found = figures_of(query(_kpi(**spec), release, MAY, now=NOW))
        return {who: figure.value for who, figure in found.items()}

    assert work() == {one.pk: 2, other.pk: 1}
    assert work(of=("visit_rule:plan",)) == {one.pk: 1}
    assert work(of=("complaint",)) == {one.pk: 1}
    assert figure("workload", release=release, period=period_named("2024-07"), now=NOW).value is None


def _kpi(**spec) -> KpiSpec:
    return KpiSpec(code="workload", metric="workload", **spec)
