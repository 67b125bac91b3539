"""Regulations A and AK: what a month's visits come to, and what they earn, driven as the company works."""

from fractions import Fraction

import pytest

from config.packs.measuring import KpiSpec
from reports.domain.figures.measured import Measured, shown
from reports.domain.figures.measuring import figure
from reports.domain.figures.targets import judge_targets
from reports.models import KpiResult
from staff.domain.conduct.closing import close_month
from staff.domain.conduct.deciding import confirm
from staff.domain.periods import period_named
from staff.domain.policies import spec_of
from staff.models import Employee, LedgerEntry, Violation
from tests.packs import SHIPPED
from tests.policies.regulation import call, caller, rule, tick
from tests.visits.world import at, customer, employee, event, publish
from visits.domain.follow_up.wishes import FollowOn
from visits.models import Customer, VisitTask

pytestmark = pytest.mark.django_db
HALF = 'closes = "3d"\nsample = { rate = 0.5, per = "month", draw = "running" }'
K_03 = (
    rule("complaint", '"complaint_resolved"', HALF)
    + """
[[kpi]]
code = "complaint-coverage"
metric = "coverage_rate"
of = "visit_rule:complaint"
op = ">="
target = 0.5
"""
)
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


def test_a_19_115_and_115_earn_once_and_114_and_115_nothing():
    publish(DEALER, on="2026-01-01")
    boss = employee("boss", "general_manager")
    for name, scores in (("both", (115, 115)), ("one", (114, 115))):
        who = employee(name)
        for css in scores:
            event("list_received", "2026-03-03 09:00", advisor=who, css=css, rating="极为满意")
    tick("2026-03-03 09:10", "2026-04-01 00:40", "2026-04-01 00:41")
    release = VisitTask.objects.first().release
    month = {"release": release, "period": period_named("2026-03"), "now": at("2026-04-01")}

    # (115 + 115) / 2 = 115.00; (114 + 115) / 2 = 114.50
    spec = KpiSpec(code="css", metric="css_average", basis="events")
    told = {one.username: figure("css_average", spec=spec, employee=one.pk, **month) for one in advisors("both", "one")}
    assert {name: shown(one.value, "css_average") for name, one in told.items()} == {"both": "115", "one": "114.5"}
    [earned] = Violation.objects.filter(kind="reward")
    assert (earned.employee.username, earned.clause, earned.amount) == ("both", "A-19", 500_00)
    confirm([earned], actor=boss, now=at("2026-04-02 09:00"))
    for day in (3, 4):  # closing twice makes one entry
        close_month("2026-03", actor=boss, now=at(f"2026-04-0{day} 09:00"))
    assert [one.amount for one in LedgerEntry.objects.all()] == [500_00]


def advisors(*names: str):
    return Employee.objects.filter(username__in=names)


@pytest.mark.parametrize(("done", "said", "met"), [(4, "57.14 %", True), (3, "42.85 %", False)])
def test_k_03_four_of_seven_pass_the_half_and_three_fail(done, said, met):
    release = publish(K_03)
    for day in range(6, 13):
        event("complaint_resolved", f"2024-05-{day:02} 10:00", advisor=caller())
        tick(f"2024-05-{day:02} 10:01")
    drawn = VisitTask.objects.exclude(status="not_sampled").order_by("pk")
    assert drawn.count() == 4  # half of seven, rounded up
    VisitTask.objects.filter(pk__in=list(drawn.values_list("pk", flat=True)[:done])).update(
        status="done", completed_at=at("2024-05-13 10:00"), completed_in_time=True
    )
    VisitTask.objects.filter(status="open").update(status="unreachable")
    [kpi] = [one for one in spec_of(release).kpi if one.code == "complaint-coverage"]
    period, now = period_named("2024-05"), at("2024-06-10 09:00")
    found = figure("coverage_rate", spec=kpi, release=release, period=period, now=now)
    # 4 / 7 = 57.1 %, 3 / 7 = 42.9 %: what was not drawn stays in the denominator
    assert (found, shown(found.value, "coverage_rate")) == (Measured(Fraction(done), 7), said)
    judge_targets(release, period, now=now)
    assert KpiResult.objects.get(kpi="complaint-coverage", employee=None).met is met


def test_ak_28_92_of_100_users_are_92_percent_though_one_of_them_was_visited_twice():
    release = publish(rule("plan", '"service_completed"', 'closes = "5d"'))
    who = caller()
    for _number in range(100):
        event("service_completed", "2026-03-03 09:00", advisor=who)
    twice = event("service_completed", "2026-03-03 09:00", advisor=who, customer=Customer.objects.first())
    tick("2026-03-03 09:10")
    first = VisitTask.objects.filter(customer=twice.customer)
    others = VisitTask.objects.exclude(customer=twice.customer).order_by("pk")[:91]
    done = [*first.values_list("pk", flat=True), *others.values_list("pk", flat=True)]
    VisitTask.objects.filter(pk__in=done).update(
        status="done", completed_at=at("2026-03-04 10:00"), completed_in_time=True
    )
    month = {"release": release, "period": period_named("2026-03"), "now": at("2026-04-01")}

    def said(metric: str, **keys) -> str:
        return shown(figure(metric, spec=KpiSpec(code=metric, metric=metric, **keys), **month).value, metric)

    # 93 visits of 92 users: the one who was visited twice counts once among 100
    assert said("completion_rate", count="customers") == "92 %"
    assert said("completion_rate") == "92.07 %"


def test_u_07_three_minutes_are_in_bounds_a_second_more_is_not_and_a_complaint_takes_its_time():
    release = publish(rule("plan", '"service_completed"', 'closes = "5d"\nmax_seconds = 180'))
    for _number in range(3):
        event("service_completed", "2026-03-03 09:00")
    tick("2026-03-03 09:10")
    calls = ((180, FollowOn()), (181, FollowOn()), (480, FollowOn(complaint=True)))
    for task, (seconds, follow) in zip(VisitTask.objects.order_by("pk"), calls, strict=True):
        call(task, "2026-03-04 10:00", seconds=seconds, notes="谈了很久", follow=follow)
    found = figure("duration_rate", release=release, period=period_named("2026-03"), now=at("2026-04-01"))

    assert (found.numerator, found.denominator) == (2, 3)  # over the limit: 1 of 3
