"""Clauses on figures and reports of the regulations as they ship (G, H, K, N, Q, U), by the numbers of their checks."""

from datetime import date
from fractions import Fraction
from html import unescape

import pytest
from django.test import Client

from reports.choices import InspectionState
from reports.domain.inspecting.publishing import CannotPublish, publish
from reports.domain.inspecting.scoring import Scores, score
from reports.domain.inspecting.standing import standings
from reports.domain.service.content import thawed
from reports.domain.service.making import make_service_reports
from reports.models import Inspection, InspectionItem, ServiceReport
from staff.models import Violation
from tests.policies.regulation import call, caller, tick
from tests.policies.test_case_clauses import regulation
from tests.reports.test_dashboard import count_behind, opened
from tests.visits.desk import signed_in
from tests.visits.world import at, branch, customer, department, employee, event
from visits.domain.calling.terms import terms_of
from visits.domain.follow_up.wishes import FollowOn
from visits.domain.origin.stages import reach
from visits.models import VisitRecord, VisitTask

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def card_of(page: str, kpi: str) -> str:
    """Return the card of a dashboard for one figure of the regulation."""
    return next(one for one in page.split("<article")[1:] if f'id="kpi-{kpi}"' in one)


def test_g_05_the_general_manager_has_one_unread_report_with_what_was_shipped_and_what_arrived(clock_at):
    """G-05: complete a visit; the inbox has 1 unread report with customer, product, shipped and confirmed figures."""
    regulation("cement-delivery-callback")
    rep, boss = employee("rep", "service_representative", like="service_advisor"), employee("boss", "general_manager")
    receipt = {"lines": "P.O42.5 30t"}
    event("delivery_receipt", "2026-03-02 15:00", customer=customer("建工三部"), attributes=receipt)
    tick("2026-03-03 08:00")
    [task] = VisitTask.objects.all()
    call(task, "2026-03-03 10:00", by=rep, answers={"goods": "29"})
    tick("2026-03-03 10:01")
    clock_at("2026-03-03T11:00+08:00")
    client = signed_in(boss)
    [row] = client.get("/daily-reports/?whose=sent").context["rows"]
    assert (row["title"], row["unread"]) == ("回访书面报告", True)
    page = unescape(client.get(f"/daily-reports/{row['id']}/").content.decode())
    assert "建工三部" in page and "P.O42.5：发货 30 t，实收 29，差 -1" in page
    assert not client.get("/daily-reports/?whose=sent").context["rows"][0]["unread"]


@pytest.mark.parametrize(("done", "share", "fails"), [(4, "57.14 %", False), (3, "42.85 %", True)])
def test_k_03_four_of_seven_complaints_pass_the_half_and_three_fail(clock_at, done, share, fails):
    """K-03: 7 complaints handled in May at 50 %: 4 tasks; 4 done = 57.1 % pass, 3 done = 42.9 % fail."""
    regulation("property-callback-2023")
    assistant = employee("assistant", "property_assistant", like="service_advisor")
    for _number in range(7):
        event("complaint_resolved", "2026-05-12 10:00", attributes={"round": "1"})
    tick("2026-05-12 10:01")
    drawn = list(VisitTask.objects.filter(sampled=True))
    assert len(drawn) == 4
    for task in drawn[:done]:
        call(task, "2026-05-13 10:00", by=assistant, answers={"satisfaction": "满意"})
    clock_at("2026-06-02T09:00+08:00")
    boss = employee("boss", "general_manager")
    card = card_of(opened(boss, "/dashboard/?period=2026-05"), "complaint-coverage")
    assert share in card and f"{done} / 7" in card and ("kpi-broken" in card) is fails
    assert count_behind(boss, "/figures/behind/?of=kpi:complaint-coverage&period=2026-05") == 7


def test_u_07_three_minutes_pass_a_second_more_is_flagged_and_a_complaint_takes_its_time(clock_at):
    """U-07: 3:00 is in order, 3:01 is flagged, 8:00 with a complaint is not; the share over the limit is reported."""
    regulation(
        "experience-callback", ('closes = "?"', 'closes = "5d"'), ('allowed = ["?"]', 'allowed = ["09:00-18:00"]')
    )
    for _number in range(3):
        event("experience", "2026-03-02 09:00")
    tick("2026-03-02 09:10", "2026-03-05 09:00")
    lengths = ((180, FollowOn()), (181, FollowOn()), (480, FollowOn(complaint=True)))
    fine = {"satisfaction": 5, "effect": "好", "service": "好"}
    for task, (seconds, follow) in zip(VisitTask.objects.filter(step__code="first"), lengths, strict=True):
        call(task, "2026-03-05 10:00", seconds=seconds, notes="谈了很久", follow=follow, answers=fine)
    assert [one.incomplete for one in VisitRecord.objects.order_by("pk")] == [[], ["duration_reason"], []]
    clock_at("2026-04-02T09:00+08:00")
    boss = employee("boss", "general_manager")
    card = card_of(opened(boss, "/dashboard/?period=2026-03"), "duration")
    assert "66.66 %" in card and "2 / 3" in card
    page = opened(boss, "/figures/behind/?of=kpi:duration&period=2026-03")
    assert (page.count("<tr data-row>"), page.count('state figure-yes">')) == (3, 2)


def test_h_09_each_question_of_each_survey_is_ranked_by_its_own_answers(clock_at):
    """H-09: 10 answers; questions are ranked by average, the lowest is marked. Both surveys ask `satisfaction`, one of
    the service, one of the solution: no answer to the one counts for the other."""
    clock_at("2026-03-20T09:00+08:00")
    regulation("cs-callback-overview", ('closes = "?"', 'closes = "3d"'))
    for kind in ["first_service"] * 5 + ["complaint_resolved"] * 5:
        event(kind, "2026-03-02 09:00")
    tick("2026-03-02 09:10")
    for number, task in enumerate(VisitTask.objects.order_by("event__kind__code", "pk")):
        after = {"apology": "yes", "solved": "yes" if number else "no"} if number < 5 else {}
        call(task, "2026-03-03 10:00", answers={**after, "satisfaction": 6 if after else 9})
    page = signed_in(employee("quality", "quality_manager")).get("/dashboard/questions/?period=2026-03")
    told = [(one["told"].title, one["told"].rank, one["average"], one["told"].lowest, one["values"])
            for one in page.context["questions"]]  # fmt: skip
    assert told == [
        ("您对我们的服务打几分（1 至 10）", 1, "9", False, [("9", 5, 100)]),
        ("您对解决结果打几分（1 至 10）", 2, "6", True, [("6", 5, 100)]),
        ("已向客户真诚致歉", 0, "—", False, [("是", 5, 100)]),
        ("问题是否已经解决", 0, "—", False, [("是", 4, 80), ("否", 1, 20)]),
    ]


def test_n_08_two_rounds_of_90_and_80_make_a_month_of_85_and_the_open_rectification_is_listed(clock_at):
    """N-08: two rounds within May with scores 90 and 80; the month shows 85.0; an open rectification is listed."""
    regulation(
        "heating-callback", ('rate = "?"', "rate = 0.1"), ('closes = "?"', 'closes = "1d"'),
        ('allowed = ["?"]', 'allowed = ["08:30-17:30"]'), ('amount = "?"', "amount = 200"),
    )  # fmt: skip
    unit, boss = department("换热站", branch()), employee("boss", "general_manager")
    head = employee("head", "department_manager", department=unit)
    inspector = employee("inspector", "inspector", department=department("督察组", branch()))
    event("work_order_opened", "2026-05-06 10:00")
    tick("2026-05-07 00:10")

    rounds = InspectionItem.objects.filter(department=unit, inspection__period="2026-05")

    def on(day: str, points: int, path: str) -> Client:
        """Let the inspector do something that leads to a round of the unit, and score it."""
        clock_at(at(f"{day} 17:00"))
        client = signed_in(inspector)
        [offered] = client.get("/inspections/").context["assessable"] or [{}]
        client.post(path, offered)
        item = rounds.get(state=InspectionState.DRAWN)
        typed = {f"points-{code}": points for code in ("attitude", "efficiency", "by-rules", "cooperation")}
        client.post(f"/inspections/items/{item.pk}/score/", typed)
        return client

    on("2026-05-08", 90, "/inspections/begin/")
    client = on("2026-05-22", 80, f"/inspections/items/{rounds.get().pk}/again/")
    inspection = Inspection.objects.get(period="2026-05")
    page = client.get(f"/inspections/{inspection.pk}/")
    [stood] = [one for one in page.context["standings"] if one["name"] == unit]
    assert (stood["scored"], stood["result"]) == (2, "85")
    with pytest.raises(CannotPublish):
        publish(inspection, actor=inspector, now=at("2026-05-31 23:59"))
    action = {"title": "上门提速", "measure": "每天晨会派单", "owner": head.pk, "due_on": "2026-06-10"}
    signed_in(boss).post("/improvements/new/", action)
    make_service_reports(now=at("2026-06-01 07:00"), on=date(2026, 6, 1))
    content = thawed(ServiceReport.objects.get(kind="monthly").content)
    assert ["服务单位回访考核", "换热站", 2, "85", 0] in content.rounds
    [listed] = content.actions
    assert (listed["title"], listed["unit"], listed["due_on"]) == ("上门提速", "换热站", "2026-06-10")


def test_q_06_visits_quality_and_records_weigh_40_40_20_and_80_90_100_make_88_that_earns(clock_at):
    """Q-06: weights 40/40/20, scores 80, 90, 100: total 88.0. Its spot check is scored after the month has ended."""
    regulation(
        "service-callback-active-passive", ('closes = "?"', 'closes = "3d"'), ('count = "?"', "count = 5"),
        ('weight = "?", metric = "visit_count", max = "?"', 'weight = 40, metric = "visit_count", max = 10'),
        ('weight = "?", metric = "kpi:quality"', 'weight = 40, metric = "kpi:quality"'),
        ('weight = "?", metric = "success_rate"', 'weight = 20, metric = "success_rate"'),
        ('threshold = "?"', "threshold = 88"), ('amount = "?"', "amount = 300"),
    )  # fmt: skip
    who, watcher = caller(), employee("watcher", "supervision_committee")
    supervisor = employee("super", "cs_supervisor")
    for _number in range(8):
        event("service_completed", "2026-03-02 09:00", advisor=who)
    tick("2026-03-02 09:10")
    for task in VisitTask.objects.all():
        for stage, typed in (("start", {"time": "2026-03-03T10:00"}), ("prepare", {"aim": "了解", "content": "体验"})):
            reach(task, terms_of(task), stage, typed, by=who, now=at("2026-03-02 17:00"))
        call(task, "2026-03-03 10:00", answers={"satisfaction": "满意", "has-problem": "no"})
    tick("2026-04-01 00:50", "2026-04-01 00:51")
    march = Inspection.objects.filter(period="2026-03")
    checks, performance = (march.get(scorecard=code) for code in ("spot-check", "performance"))
    for number, item in enumerate(checks.items.order_by("pk")):
        points = dict.fromkeys(("held", "recorded", "true", "settled"), Fraction(1))
        found = points | {"settled": Fraction(number > 1)}  # 3 of 100 % and 2 of 75 %: 90 %
        score(item, Scores(found), actor=watcher, now=at("2026-04-02 10:00"))
    publish(performance, actor=supervisor, now=at("2026-04-03 10:00"))

    assert [(one.employee, one.result) for one in standings(performance)] == [(who.pk, 88)]
    [earned] = Violation.objects.all()
    assert (earned.kind, earned.clause, earned.employee, earned.amount) == ("reward", "Q-06", who, 300_00)
