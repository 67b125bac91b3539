"""Regulation AK as it ships, its figures and reports by the numbers of their checks, on the pages that show them."""

from datetime import date
from fractions import Fraction

import pytest
from django.db import transaction
from django.test import override_settings

from config.packs.measuring import KpiSpec
from config.wiring import JOBS
from reports.domain.figures.measuring import figure
from reports.domain.inspecting.opening import draw_inspections
from reports.domain.service.making import make_service_reports
from reports.models import ImprovementAction, Inspection, ServiceReport
from staff.domain.periods import period_named
from staff.models import Employee, Release
from tests.policies.conftest import HOUSE_KEEPING
from tests.policies.regulation import call, tick
from tests.policies.test_case_clauses import regulation
from tests.reports.test_dashboard import count_behind, link_in, opened, row_of
from tests.visits.desk import signed_in
from tests.visits.world import at, branch, department, employee, event
from visits.domain.follow_up.handling import settle
from visits.models import FollowUpItem, VisitTask

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

NOW = "2026-06-01T09:00+08:00"
FIGURES = (
    ('closes = "?"', 'closes = "5d"'),
    ('allowed = ["?", "?"]', 'allowed = ["09:00-12:00", "14:00-18:00"]'),
    ('weight = "?", metric = "kpi:completion"', 'weight = 100, metric = "kpi:completion"'),
    ('weight = "?"', "weight = 0"),
    ('count = "customers"\nper = "month"', 'count = "customers"\nper = "month"\nop = ">="\ntarget = 0.9'),
)
SAID = {"handling": "满意", "had-fault": "no", "had-complaint": "no"}
MAY = {"ann": 23, "bo": 22, "cai": 23, "dan": 24}  # of 25 users each


class Operator:
    """Two regions: ann and cai call in the north, bo in the south; dan, in the north, leaves before May has ended.

    April: twenty calls, ann's and bo's. May: a hundred users are due and 92 are called, one of them twice; forty tell
    of a problem, and 34 of these are solved.
    """

    def __init__(self) -> None:
        regulation("telecom-operator-callback", *FIGURES)
        self.centres = {name: department("客服", branch(name)) for name in ("北区", "南区")}
        north, south = self.centres.values()
        self.reps = {name: employee(name, department=south if name == "bo" else north) for name in MAY}
        self.heads = {
            unit: employee(f"head-{unit.branch}", "department_manager", department=unit) for unit in (north, south)
        }
        self.boss, self.quality = employee("boss", "general_manager"), employee("quality", "quality_manager")
        self.supervisor = employee("super", "cs_supervisor")
        self.april()
        self.may()

    def april(self) -> None:
        north, south = ["满意"] * 5 + ["较满意"] * 4 + ["一般"], ["满意"] * 4 + ["较满意"] * 4 + ["一般", ""]
        for rep, words in (("ann", north), ("bo", south)):
            for task, word in zip(self.due(rep, "2026-04-08", "joined", len(words)), words, strict=True):
                rated = {"satisfaction": word} if word else {}
                call(task, "2026-04-09 10:00", by=self.reps[rep], answers=SAID | rated)

    def may(self) -> None:
        fine, problems = SAID | {"satisfaction": "满意"}, 40
        for rep, visited in MAY.items():
            for task in self.due(rep, "2026-05-06", "joined", 25)[:visited]:
                told = {"problem": "信号差"} if problems else {}
                problems -= bool(told)
                call(task, "2026-05-07 10:00", by=self.reps[rep], answers=fine, **told)
        [again] = self.due("ann", "2026-05-12", "package_changed", 1)
        call(again, "2026-05-13 10:00", by=self.reps["ann"], answers=fine)
        for item in FollowUpItem.objects.order_by("pk")[:34]:
            settle(item, "已调整基站", by=item.owner, now=at("2026-05-30 10:00"))
        Employee.objects.filter(pk=self.reps["dan"].pk).update(left_on=date(2026, 5, 29))

    def due(self, rep: str, on: str, kind: str, count: int) -> list[VisitTask]:
        """Let so many users of a rep fall due by something of that day; a second thing is about the first one."""
        who, unit = self.reps[rep], self.reps[rep].postings.get().department
        known = VisitTask.objects.filter(assignee=who, event__happened_on=date(2026, 5, 6)).order_by("pk").first()
        same = {"customer": known.customer} if known else {}
        made = [event(kind, f"{on} 09:00", branch=unit.branch, **same).pk for _number in range(count)]
        tick(f"{on} 09:10")
        found = VisitTask.objects.filter(event__in=made).order_by("pk")
        found.update(assignee=who)  # whom the program gives them to is another clause
        return list(found)

    def deed(self, who: Employee, report: ServiceReport, name: str) -> None:
        path = f"/service-reports/{report.pk}/deed/"
        assert signed_in(who).post(path, {"deed": name, "note": ""}).status_code == 302


@pytest.fixture(scope="module")
def _lived(django_db_setup, django_db_blocker):
    """Live the two months once, in a transaction around those of all tests here."""
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("staff.domain.jobs.JOBS", [job for job in JOBS if job.name not in HOUSE_KEEPING])
        with override_settings(APP_CLOCK=NOW):
            built = Operator()
        yield built
        transaction.set_rollback(True)


@pytest.fixture
def operator(_lived, db, clock_at) -> Operator:
    clock_at(NOW)
    return _lived


def card_of(page: str, kpi: str) -> str:
    """Return the card of a dashboard for one figure of the regulation."""
    return next(one for one in page.split("<article")[1:] if f'id="kpi-{kpi}"' in one)


def test_ak_23_regions_of_90_and_80_percent_lie_ten_points_apart_and_another_period_says_otherwise(operator):
    """AK-23: regions A 90 %, B 80 %: the comparison shows 10.0 points; switching the period updates it."""
    april = "period=2026-04&focus=kpi:satisfaction"
    page = opened(operator.boss, f"/dashboard/comparisons/?{april}")
    assert "10.0 个百分点" in page.split('id="by-branch"')[1].split("</header>")[0]
    told = {name: row_of(page, "by-branch", name) for name in operator.centres}
    assert "9 / 10" in told["北区"] and "8 / 10" in told["南区"]
    assert count_behind(operator.boss, link_in(told["南区"])) == 10
    overview = opened(operator.boss, f"/dashboard/?{april}")
    for part in ("kpi-satisfaction", "trend-kpi-satisfaction", "problems"):
        assert f'id="{part}"' in overview, part
    may = opened(operator.boss, "/dashboard/comparisons/?period=2026-05&focus=kpi:satisfaction")
    assert "9 / 10" not in row_of(may, "by-branch", "北区") and 'id="by-rule"' in may  # the business is a dimension


def test_ak_24_an_action_has_a_department_an_owner_and_a_day_and_its_effect_is_followed_up(operator):
    """AK-24: department, owner and due date are mandatory; whether the action helped is followed up."""
    manager = signed_in(operator.boss)
    whole = {"title": "弱覆盖", "measure": "补基站", "owner": operator.boss.pk, "due_on": "2026-06-30",
             "department": operator.centres["南区"].pk}  # fmt: skip
    for lacking in ("owner", "due_on", "department"):
        assert manager.post("/improvements/new/", whole | {lacking: ""}).status_code == 422, lacking
    assert manager.post("/improvements/new/", whole | {"owner": operator.reps["bo"].pk}).status_code == 302
    action = ImprovementAction.objects.get()
    assert (action.department, action.branch) == (operator.centres["南区"], operator.centres["南区"].branch)
    assert (
        signed_in(operator.reps["bo"]).post(f"/improvements/{action.pk}/done/", {"text": "开通两站"}).status_code == 302
    )
    assert manager.post(f"/improvements/{action.pk}/effective/", {"text": "投诉由 6 降到 1"}).status_code == 302
    action.refresh_from_db()
    assert (action.state, action.effect) == ("effective", "投诉由 6 降到 1")


def test_ak_25_may_is_published_staff_see_it_and_the_department_below_target_gets_one_order(operator):
    """AK-25: publish May: staff see it; the department below its target gets 1 rectification order."""
    make_service_reports(now=at("2026-06-01 07:00"), on=date(2026, 6, 1))
    report = ServiceReport.objects.get(kind="monthly", period="2026-05")
    ann = operator.reps["ann"]
    assert signed_in(ann).get(f"/service-reports/{report.pk}/").status_code == 404
    for who, name in ((operator.supervisor, "submitted"), (operator.quality, "reviewed"), (operator.boss, "published")):
        operator.deed(who, report, name)
    assert signed_in(ann).get(f"/service-reports/{report.pk}/").status_code == 200
    order = ImprovementAction.objects.get()  # the south: 22 of 25 users
    assert (order.department, order.owner) == (operator.centres["南区"], operator.heads[operator.centres["南区"]])


def test_ak_26_ak_31_ten_are_inspected_nine_are_complete_and_nine_are_accurate(operator):
    """AK-26: sample 10, 9 complete = 90 %, findings listed. AK-31: 20 visits, 10 inspected, 9 accurate: 90.0 % of the
    inspected or 45.0 % of all."""
    quality, release = signed_in(operator.quality), Release.objects.get()
    source = f"{release.policy_id}:spot-check:2026-04"
    assert quality.post("/inspections/draw/", {"source": source, "count": "10"}).status_code == 302
    inspection = Inspection.objects.get(period="2026-04", scorecard="spot-check")
    for number, item in enumerate(inspection.items.order_by("pk")):
        found = {"plan": 1, "complete": int(number != 3), "prompt": 1, "true": int(number != 6)}
        typed = {f"points-{code}": str(points) for code, points in found.items()}
        assert quality.post(f"/inspections/items/{item.pk}/score/", typed).status_code == 302
    page = quality.get(f"/inspections/{inspection.pk}/")
    tally = {one["title"]: (one["share"], one["failed"]) for one in page.context["tally"]}
    assert tally["记录完整"] == ("90 % (9/10)", 1) and tally["记录准确"] == ("90 % (9/10)", 1)
    assert "/records/" in quality.get(f"/inspections/items/{item.pk}/").content.decode()

    assert "90 %" in card_of(opened(operator.boss, "/dashboard/?period=2026-04"), "accuracy")
    of_all = KpiSpec(code="all", metric="accuracy_rate", basis="all")
    april = {"release": release, "period": period_named("2026-04"), "now": at("2026-06-01 09:00")}
    assert figure("accuracy_rate", spec=of_all, **april).value == Fraction(45, 100)


def test_ak_28_92_of_100_users_are_92_percent_and_who_was_visited_twice_counts_once(operator):
    """AK-28: 100 due, 92 visited: 92.0 %; one user visited twice counts once; by rep, with the rows behind."""
    page = opened(operator.boss, "/dashboard/?period=2026-05&focus=kpi:completion")
    card = card_of(page, "completion")
    assert "92 %" in card and "92 / 100" in card
    assert count_behind(operator.boss, "/figures/behind/?of=kpi:completion&period=2026-05") == 100
    ann = f"/figures/behind/?of=kpi:completion&period=2026-05&employee={operator.reps['ann'].pk}"
    assert count_behind(operator.boss, ann) == 25 and "23 / 25" in opened(operator.boss, ann)


def test_ak_29_satisfied_and_fairly_satisfied_of_all_who_were_visited_rated_or_not(operator):
    """AK-29: (satisfied + fairly satisfied) / all visited, the default here: 17 of 20, of whom one gave no rating."""
    card = card_of(opened(operator.boss, "/dashboard/?period=2026-04"), "satisfaction")
    assert "85 %" in card and "17 / 20" in card


def test_ak_30_34_of_40_problems_are_solved_and_the_six_others_are_listed(operator):
    """AK-30: 40 reported, 34 solved: 85.0 %, with the unsolved ones to be found."""
    card = card_of(opened(operator.boss, "/dashboard/?period=2026-05"), "resolution")
    assert "85 %" in card and "34 / 40" in card
    page = opened(operator.boss, "/figures/behind/?of=kpi:resolution&period=2026-05")
    assert (page.count("<tr data-row>"), page.count('state figure-yes">')) == (40, 34)


def test_ak_32_the_scorecard_counts_as_the_figures_do_and_92_88_92_rank_1_3_1(operator):
    """AK-32: scores 92, 88, 92: ranks 1, 3, 1, published to everybody. The card counts users once, as AK-28 does."""
    draw_inspections(now=at("2026-06-01 00:50"), on=date(2026, 6, 1))
    inspection = Inspection.objects.get(scorecard="monthly", period="2026-05")
    assert signed_in(operator.quality).post(f"/inspections/{inspection.pk}/publish/").status_code == 302
    page = signed_in(operator.reps["bo"]).get(f"/inspections/{inspection.pk}/")
    assert [(str(one["name"]), one["result"], one["rank"]) for one in page.context["standings"]] == [
        ("ann", "92", 1), ("cai", "92", 1), ("bo", "88", 3),
    ]  # fmt: skip
