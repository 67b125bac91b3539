"""What follows from a figure waits until it is ripe, and goes by the ripe one though the month was closed before."""

from collections import Counter
from fractions import Fraction

import pytest

from reports.domain.auditing.rewards import faults
from reports.domain.facts.closing import restate_months
from reports.domain.facts.ripening import closed_unripe, is_ripe, is_ripening
from reports.domain.figures.measuring import counted
from reports.domain.figures.rewarding import judge_periods
from reports.domain.inspecting.publishing import CannotPublish
from reports.domain.inspecting.publishing import publish as publish_results
from reports.domain.inspecting.scoring import Scores, score
from reports.domain.service.content import Content
from reports.domain.service.measuring import Subject, figures
from reports.domain.service.tables import Sight, tables
from reports.models import FrozenRipeness, Inspection, InspectionItem
from staff.domain.conduct.closing import close_month
from staff.domain.conduct.deciding import confirm
from staff.domain.conduct.explaining import explanation
from staff.domain.jobs import run_due
from staff.models import LedgerEntry, Violation
from tests.policies.regulation import call, caller, rule, tick
from tests.reports import test_figures
from tests.reports.test_reading import asked
from tests.visits.world import at, employee, event, publish
from visits.models import VisitTask

pytestmark = pytest.mark.django_db

VISITS = rule("after", '"service_completed"', 'closes = "5d"')
KPI = """
[[kpi]]
code = "covered"
title = "Coverage"
metric = "coverage_rate"
"""
AIMED = """
[[kpi]]
code = "aimed"
title = "Aim"
metric = "coverage_rate"
op = ">="
target = 1
"""
EARNS = """
[[reward]]
code = "all"
metric = "kpi:covered"
op = ">="
threshold = 1
amount = 500
"""
CARD = """
[[scorecard]]
code = "service"
title = "Service"
of = "employee"
per = "month"
items = [{ code = "cover", title = "Coverage", max = 10, metric = "kpi:covered" }]

[[reward]]
code = "scored"
metric = "scorecard:service"
op = ">="
threshold = 90
amount = 300
"""

ACCURATE = (
    VISITS
    + """
[[scorecard]]
code = "calls"
title = "Calls"
of = "visit_record"
sample = { rate = 1.0, per = "month" }
items = [{ code = "true", title = "True", max = 1, accuracy = true }]

[[reward]]
code = "right"
metric = "accuracy_rate"
op = ">="
threshold = 1
amount = 100
"""
)


def night(moment):
    return judge_periods(now=at(moment), on=at(moment).date())


def proposed():
    found = Violation.objects.order_by("rule").select_related("employee")
    return [(one.rule, one.subject, one.facts["numerator"], one.facts["denominator"], one.state) for one in found]


@pytest.fixture
def late(english):
    """Return the regulation of a shop and the visit of the last of May, whose window is open when May is closed."""

    def begin(clauses):
        release = publish(VISITS + KPI + clauses)
        event("service_completed", "2024-05-31 10:00", advisor=caller())
        tick("2024-05-31 10:01")
        night("2024-06-01 00:40")
        close_month("2024-05", actor=None, now=at("2024-06-03 09:00"))
        night("2024-06-04 00:40")
        return release, VisitTask.objects.get()

    return begin


def test_a_reward_waits_for_the_last_window_and_is_earned_by_the_ripe_figure(late):
    release, task = late(EARNS)
    assert proposed() == []
    call(task, "2024-06-04 10:00")
    night("2024-06-05 00:40")
    assert proposed() == [("all", "period:2024-05", "1", "1", "proposed")]
    [made] = Violation.objects.all()
    assert "still ripening when the month was closed on 2024-06-03: this is the ripe one" in explanation(made)
    question = asked("coverage_rate", release, test_figures.MAY, at("2024-06-06 09:00"))
    assert counted(question).numerator == 0  # the closed month stands as it was

    confirm(made, actor=employee("boss", "general_manager"), now=at("2024-06-05 09:00"))
    [entry] = LedgerEntry.objects.all()
    assert (entry.period, entry.counts_in, entry.amount) == ("2024-06", "2024-05", 50000)


def test_an_assessment_is_published_and_earns_by_the_ripe_figure(late):
    release, task = late(CARD)
    inspector = employee("quality", "quality_manager")
    report = run_due(now=at("2024-06-04 09:00"))
    assert not report.failed, report.failed
    inspection = Inspection.objects.get(period="2024-05")
    with pytest.raises(CannotPublish, match="still ripening"):
        publish_results(inspection, actor=inspector, now=at("2024-06-04 09:30"))
    call(task, "2024-06-04 10:00")
    assert not is_ripening(asked("coverage_rate", release, test_figures.MAY, at("2024-06-04 11:00")))
    publish_results(inspection, actor=inspector, now=at("2024-06-04 11:00"))
    item = InspectionItem.objects.get(inspection=inspection, employee=task.assignee)
    assert item.result == 10000  # hundredths: all of its windows are used, though none was when May was closed
    assert proposed() == [("scored", "period:2024-05", "100", "1", "proposed")]


def test_accuracy_waits_until_what_was_drawn_is_scored_and_the_audit_waits_as_well(english):
    publish(ACCURATE)
    liu, inspector = caller(), employee("quality", "quality_manager")
    event("service_completed", "2024-05-10 10:00", advisor=liu)
    tick("2024-05-10 10:01")
    call(VisitTask.objects.get(), "2024-05-10 11:00")
    for day in ("06-01", "06-04"):
        report = run_due(now=at(f"2024-{day} 00:40"))
        assert not report.failed, report.failed
        assert proposed() == [] and list(faults(Counter())) == []
    item = InspectionItem.objects.get()
    close_month("2024-05", actor=None, now=at("2024-06-04 09:00"))
    score(item, Scores({"true": Fraction(1)}), actor=inspector, now=at("2024-06-10 09:00"))
    night("2024-06-11 00:40")
    assert proposed() == [("right", "period:2024-05", "1", "1", "proposed")]


def test_pages_and_the_report_of_the_month_say_that_a_figure_still_ripens(late, client, clock_at):
    release, task = late(AIMED)
    boss = employee("boss", "general_manager")
    of = f"{release.policy_id}/kpi:aimed"

    def shown_on(moment):
        clock_at(moment)
        client.logout()  # a sign-in ends with its day
        client.force_login(boss)
        card = client.get("/dashboard/?period=2024-05").content.decode().split('id="kpi-aimed"')[1]
        return (
            card.split("</article>")[0],
            client.get(f"/figures/?of={of}&period=2024-05").content.decode(),
            client.get("/figures/behind/?of=kpi:aimed&period=2024-05").content.decode(),
        )

    for page in shown_on("2024-06-04T09:00+08:00"):
        assert "still ripening" in page and "target missed" not in page and "figure-no" not in page
    about = Subject(release, test_figures.MAY, at("2024-06-04 09:00"))
    [aimed] = [one for one in figures(about) if one.key == "kpi:aimed"]
    assert (aimed.ripening, aimed.met, aimed.now.denominator) == (True, None, 1)
    assert any("still ripening" in cell.text for cell in tables(Content((aimed,)), Sight())[0].rows[0])

    call(task, "2024-06-04 10:00")
    restate_months(now=at("2024-06-05 00:50"), on=at("2024-06-05 00:50").date())
    card, _listed, behind = shown_on("2024-06-05T09:00+08:00")
    assert "closed before it was ripe" in card and "closed before it was ripe" in behind
    assert "target missed" not in card and "still ripening" not in card
    [aimed] = [
        one for one in figures(Subject(release, test_figures.MAY, at("2024-06-05 09:00"))) if one.key == "kpi:aimed"
    ]
    assert (aimed.ripening, aimed.unripe, aimed.met) == (False, True, None)  # of a report that is made anew
    assert any("closed before it was ripe" in cell.text for cell in tables(Content((aimed,)), Sight())[0].rows[0])
    assert client.get("/restatements/?month=2024-05").content.decode().count("closed before it was ripe") >= 1


def test_a_clause_is_judged_though_all_that_was_under_way_at_the_closing_was_cancelled(english):
    publish(VISITS + KPI + EARNS)
    liu = caller()
    event("service_completed", "2024-05-20 10:00", advisor=liu)
    tick("2024-05-20 10:01")
    call(VisitTask.objects.get(), "2024-05-21 10:00")
    event("service_completed", "2024-05-31 10:00", advisor=liu)
    tick("2024-05-31 10:01")
    night("2024-06-01 00:40")
    close_month("2024-05", actor=None, now=at("2024-06-03 09:00"))
    night("2024-06-04 00:40")
    assert proposed() == []
    VisitTask.objects.exclude(status="done").update(status="cancelled", closed_reason="order_cancelled")
    night("2024-06-05 00:40")
    assert proposed() == [("all", "period:2024-05", "1", "1", "proposed")]


def test_a_record_that_is_drawn_after_the_closing_does_not_make_the_month_ripen_again(english):
    release = publish(ACCURATE)
    liu, inspector = caller(), employee("quality", "quality_manager")
    for day in (10, 11):
        event("service_completed", f"2024-05-{day} 10:00", advisor=liu)
        tick(f"2024-05-{day} 10:01")
        call(VisitTask.objects.filter(completed_at=None).get(), f"2024-05-{day} 11:00")
    for day in ("06-01", "06-04"):
        assert not run_due(now=at(f"2024-{day} 00:40")).failed
    for item in InspectionItem.objects.all():
        score(item, Scores({"true": Fraction(1)}), actor=inspector, now=at("2024-06-04 09:00"))
    close_month("2024-05", actor=None, now=at("2024-06-04 10:00"))
    late = InspectionItem.objects.first()
    InspectionItem.objects.filter(pk=late.pk).update(state="drawn", scored_at=None)
    question = asked("accuracy_rate", release, test_figures.MAY, at("2024-06-05 09:00"))
    assert not is_ripening(question) and is_ripe(question) and closed_unripe(question) is None


def test_a_month_that_was_closed_before_ripeness_was_noted_goes_by_its_rows(english, monkeypatch):
    monkeypatch.setattr("reports.domain.facts.closing.ripeness", lambda _asked: None)
    publish(VISITS + KPI + EARNS)
    event("service_completed", "2024-05-31 10:00", advisor=caller())
    tick("2024-05-31 10:01")
    close_month("2024-05", actor=None, now=at("2024-06-03 09:00"))
    assert not FrozenRipeness.objects.exists()
    call(VisitTask.objects.get(), "2024-06-04 10:00")
    night("2024-06-05 00:40")
    assert proposed() == [("all", "period:2024-05", "1", "1", "proposed")]
