"""A closed month stands still: what comes late changes no figure of it, and is told."""

from random import Random

import pytest

from reports.domain.facts.closing import freeze_month, restate_months
from reports.domain.facts.frozen import frozen_at
from reports.domain.figures.measuring import counted
from reports.domain.figures.reading import parted, series
from reports.domain.figures.targets import judge_targets
from reports.models import ClosedFigure, KpiResult, Restatement
from staff.domain.conduct.closing import close_month
from staff.domain.conduct.deciding import confirm
from staff.models import Employee, LedgerEntry, MonthClose, Violation
from tests.policies.regulation import call, caller, rule, tick
from tests.reports import test_figures
from tests.reports.test_reading import asked, shop
from tests.visits.world import at, employee, event, publish
from visits.models import VisitTask

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed():
    """Return the release of a shop whose May is closed, and the figure of all of it as it was."""
    release = shop(Random(20240601))
    question = asked("completion_rate", release, test_figures.MAY, test_figures.NOW)
    before = counted(question)
    freeze_month(period=test_figures.MAY.key, now=test_figures.NOW)
    MonthClose.objects.create(period=test_figures.MAY.key, closed_at=test_figures.NOW, entries=0, sha256="0" * 64)
    return release, question, before


def reach_one_more() -> VisitTask:
    """Let a task of May that was not done be corrected: it was done in time after all."""
    task = VisitTask.objects.filter(closes_at__range=("2024-05-03T00:00Z", "2024-05-30T00:00Z")).exclude(status="done")
    late = task.exclude(status__in=("cancelled", "expired", "not_sampled")).order_by("pk").first()
    assert late is not None
    VisitTask.objects.filter(pk=late.pk).update(status="done", completed_at=late.opens_at, completed_in_time=True)
    return late


def test_a_closed_month_stands_still_and_what_came_late_is_listed_once(closed):
    _release, question, before = closed
    assert counted(question) == before and before.denominator > 3
    late = reach_one_more()
    assert counted(question) == before
    assert sum(one.denominator for one in parted(question, "employee").values()) == before.denominator
    assert series(question, [test_figures.MAY]) == [before]

    on = test_figures.NOW.date()
    assert restate_months(now=test_figures.NOW, on=on)["restated"] >= 1
    [told] = Restatement.objects.filter(measure__metric="completion_rate")
    assert told.branch_id == late.branch_id
    assert (told.numerator, told.denominator) == (told.was_numerator + 1, told.was_denominator)
    assert not restate_months(now=test_figures.NOW, on=on)
    assert frozen_at(question) == test_figures.NOW


def test_the_page_lists_them_for_who_looks_after_people_and_for_themselves(closed, client, clock_at, english):
    clock_at(test_figures.NOW)
    boss = employee("boss", "general_manager")
    client.force_login(boss)
    assert b"No closed month has changed" in client.get("/restatements/").content
    reach_one_more()
    restate_months(now=test_figures.NOW, on=test_figures.NOW.date())
    page = client.get("/restatements/?month=2024-05").content.decode()
    assert page.count("<strong>2024-05</strong>") == Restatement.objects.count() >= 1
    for other in ("liu", "chen"):
        client.force_login(Employee.objects.get(username=other))
        own = Restatement.objects.filter(employee__username=other).count()
        assert client.get("/restatements/").content.decode().count("<strong>2024-05</strong>") == own


def test_freezing_twice_keeps_the_first(closed):
    rows = ClosedFigure.objects.count()
    reach_one_more()
    freeze_month(period=test_figures.MAY.key, now=test_figures.NOW)
    assert ClosedFigure.objects.count() == rows


def test_a_target_is_judged_by_the_ripe_coverage_though_the_month_was_closed_before():
    target = '[[kpi]]\ncode = "covered"\nmetric = "coverage_rate"\nop = ">="\ntarget = 1\n'
    release = publish(rule("after", '"service_completed"', 'closes = "5d"') + target)
    event("service_completed", "2024-05-31 10:00", advisor=caller())
    tick("2024-05-31 10:01")
    judge_targets(release, test_figures.MAY, now=at("2024-06-03 09:00"))
    assert not KpiResult.objects.exists()  # the window is open until the 5th
    close_month("2024-05", actor=None, now=at("2024-06-03 09:00"))
    call(VisitTask.objects.get(), "2024-06-04 10:00")

    judge_targets(release, test_figures.MAY, now=at("2024-06-06 09:00"))
    assert {(one.numerator, one.denominator, one.met) for one in KpiResult.objects.all()} == {(1, 1, True)}
    question = asked("coverage_rate", release, test_figures.MAY, at("2024-06-06 09:00"))
    assert counted(question).numerator == 0  # and the closed month stands as it was


COVERED = """
[[reward]]
code = "all-covered"
metric = "coverage_rate"
op = ">="
threshold = 1
amount = 200

[[penalty]]
code = "not-covered"
metric = "coverage_rate"
op = "<"
threshold = 1
tiers = [50]
"""


@pytest.mark.parametrize(("called", "earned"), [(True, "all-covered"), (False, "not-covered")])
def test_what_coverage_earns_and_costs_waits_for_its_windows_though_the_month_was_closed_before(called, earned):
    publish(rule("after", '"service_completed"', 'closes = "5d"') + COVERED)
    event("service_completed", "2024-05-31 10:00", advisor=caller())
    tick("2024-05-31 10:01", "2024-06-01 03:00", "2024-06-02 03:00")
    assert not Violation.objects.exists()  # nobody has missed, or made, a visit that may be made until the 5th
    close_month("2024-05", actor=None, now=at("2024-06-03 09:00"))
    if called:
        call(VisitTask.objects.get(), "2024-06-04 10:00")

    tick("2024-06-04 23:00")
    assert Violation.objects.exists() == called
    tick("2024-06-06 03:00", "2024-06-07 03:00")
    [one] = Violation.objects.filter(subject="period:2024-05")
    assert (one.rule, one.occurred_on.isoformat(), one.state) == (earned, "2024-05-31", "proposed")
    assert one.facts["numerator"] == ("1" if called else "0")
    confirm(one, actor=employee("boss", "general_manager"), now=at("2024-06-07 10:00"))
    assert LedgerEntry.objects.get(violation=one).period == "2024-06"


def test_what_was_ripe_when_its_month_was_closed_is_not_judged_anew():
    publish(rule("after", '"service_completed"', 'closes = "5d"') + COVERED)
    event("service_completed", "2024-05-01 10:00", advisor=caller())
    tick("2024-05-01 10:01")
    call(VisitTask.objects.get(), "2024-05-02 10:00")
    close_month("2024-05", actor=None, now=at("2024-06-03 09:00"))
    VisitTask.objects.update(completed_in_time=False)
    tick("2024-06-06 03:00")
    found = Violation.objects.filter(subject="period:2024-05")
    assert list(found.values_list("rule", "state")) == [("all-covered", "proposed")]


def test_a_visit_half_a_year_after_is_waited_for():
    target = '[[kpi]]\ncode = "covered"\nmetric = "coverage_rate"\nop = ">="\ntarget = 1\n'
    publish(rule("after", '"service_completed"', 'opens = "6m"\ncloses = "6m"') + target + COVERED)
    event("service_completed", "2024-05-31 10:00", advisor=caller())
    tick("2024-05-31 10:01", "2024-11-29 03:00", "2024-11-30 03:00")
    assert not KpiResult.objects.exists()
    call(VisitTask.objects.get(), "2024-11-30 10:00")
    tick("2024-12-08 03:00")
    assert {(one.period, one.met) for one in KpiResult.objects.filter(employee=None)} == {("2024-05", True)}
    assert [one.rule for one in Violation.objects.filter(subject="period:2024-05")] == ["all-covered"]
