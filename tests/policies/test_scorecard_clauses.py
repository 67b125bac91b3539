"""What scorecards earn and cost: L-02 a quarter's best, AK-33 months in a row, AK-34 what falls short."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

import pytest

from config.packs.measuring import ItemSpec
from reports.domain.figures.measured import Measured
from reports.domain.inspecting.computing import points_of
from reports.domain.inspecting.opening import open_inspection
from reports.domain.inspecting.publishing import publish
from reports.domain.inspecting.scoring import Scores, score
from reports.domain.inspecting.standing import standings
from reports.models import Inspection
from staff.domain.conduct.closing import close_month
from staff.domain.conduct.deciding import confirm
from staff.domain.conduct.proposing import propose_by_hand
from staff.domain.conduct.rules import Rule, entries_of
from staff.domain.periods import period_named
from staff.domain.workforce import load_workforce
from staff.models import Employee, LedgerEntry, Measure, Statement, Violation
from tests.packs import entry
from tests.reports.inspections import Desk, at, items

pytestmark = pytest.mark.django_db


def judged(desk: Desk, period: str, day: str, points: Mapping[Employee, Mapping[str, int]]) -> Inspection:
    """Open the card of a period on that day, let li give these points, and publish the results."""
    now = at(f"{day} 10:00")
    open_inspection(desk.card, period_named(period), load_workforce(), now=now, actor=None)
    inspection = Inspection.objects.get(period=period)
    for item in items(inspection):
        given = {code: Fraction(value) for code, value in points.get(item.employee, {}).items()}
        if given or not points:
            score(item, Scores(given), actor=desk.li, now=now)
        else:
            item.delete()
    publish(inspection, actor=desk.li, now=now)
    return inspection


def test_l_02_the_second_wins_the_quarter_with_89_over_86_and_has_the_trophy_and_the_bonus():
    slug = "callback-reward-penalty"
    card = entry(slug, "scorecard", "quarterly").replace('weight = "?"', "weight = 60", 1)
    card = card.replace('weight = "?"', "weight = 40").replace("cs_supervisor", "quality_manager")
    desk = Desk(card + entry(slug, "reward", "quarterly-best").replace('amount = "?"', "amount = 800"))
    for person, content in ((desk.ann, 18), (desk.bob, 17)):
        for number in range(20):
            desk.visit(person, f"2026-06-{4 + number // 8:02} {9 + number % 8:02}:00", satisfied=number < content)

    inspection = judged(desk, "2026-Q2", "2026-07-02", {desk.ann: {"team": 80}, desk.bob: {"team": 95}})

    assert [(one.employee, one.result) for one in standings(inspection)] == [(desk.bob.pk, 89), (desk.ann.pk, 86)]
    [won] = Violation.objects.all()
    confirm([won], actor=desk.zong, now=at("2026-07-03 10:00"))
    entry_ = LedgerEntry.objects.get()
    assert (entry_.employee, entry_.kind, entry_.amount, entry_.clause) == (desk.bob, "reward", 800_00, "L-02")
    assert list(Measure.objects.values_list("what", "state")) == [("trophy", "open")]


CONTENT = """
[[scorecard]]
code = "content"
of = "employee"
by = "role:quality_manager"
items = [{ code = "content", metric = "satisfaction_rate" }, { code = "work", max = 100, weight = 0 }]
[[reward]]
code = "bonus"
metric = "scorecard:content"
op = ">="
threshold = 67
amount = 100
"""


def test_two_of_three_are_not_67_percent():
    desk = Desk(CONTENT)
    for number in range(3):
        desk.visit(desk.ann, f"2026-05-04 {9 + number:02}:00", satisfied=number < 2)

    inspection = judged(desk, "2026-05", "2026-06-01", {desk.ann: {"work": 100}})

    assert standings(inspection)[0].result == Fraction(200, 3)
    assert not Violation.objects.exists()


def test_q_06_the_number_of_visits_is_counted_against_its_target():
    spec = ItemSpec.model_validate({"code": "count", "metric": "visit_count", "max": 50})
    told = [points_of(spec, Measured(Fraction(count), 1), "visit_count") for count in (40, 50, 60)]
    assert told == [40, 50, 50]


AK = "telecom-operator-callback"
FIGURES = {'threshold = "?"': "threshold = 90", 'streak = "?"': "streak = 3", 'amount = "?"': "amount = 600"}
MONTHLY = """
[[scorecard]]
code = "monthly"
of = "employee"
per = "month"
by = "role:quality_manager"
publish = true
items = [{ code = "work", max = 100 }]
"""


def filled(*one: str) -> str:
    text = entry(AK, *one)
    for blank, figure in FIGURES.items():
        text = text.replace(blank, figure)
    return text.replace('range = ["?", "?"]', "range = [100, 300]")


def test_ak_33_ak_34_three_months_of_90_earn_bonus_certificate_and_promotion_and_below_is_coached():
    below = filled("penalty", "below-standard").replace("threshold = 90", "threshold = 60")
    desk = Desk(MONTHLY + filled("reward", "excellent-streak") + below + filled("penalty", "serious"))
    results = {1: (90, 90), 2: (95, 90), 3: (90, 89), 4: (90, 59)}
    for month, (ann, bob) in results.items():
        scored = {desk.ann: {"work": ann}, desk.bob: {"work": bob}}
        judged(desk, f"2026-{month:02}", f"2026-{month + 1:02}-02", scored)

    found = {(one.employee, one.rule): one for one in Violation.objects.all()}
    assert {key: one.subject for key, one in found.items()} == {
        (desk.ann, "excellent-streak"): "period:2026-03", (desk.bob, "below-standard"): "period:2026-04",
    }  # fmt: skip
    confirm([found[desk.ann, "excellent-streak"]], actor=desk.zong, now=at("2026-05-03 10:00"))
    coached = found[desk.bob, "below-standard"]
    confirm([coached], actor=desk.zong, now=at("2026-05-03 10:00"), choose=("coaching",), text="三次不达标")
    rule = Rule(desk.release, entries_of(desk.release)["penalty", "serious"])
    serious = propose_by_hand(
        rule.spec, desk.bob, "hand:1", release=desk.release, by=desk.li, text="与用户争吵", now=at("2026-05-03 11:00")
    )
    confirm(
        [serious], actor=desk.zong, now=at("2026-05-03 12:00"), amount=200_00, choose=("bonus_cut",), text="情节严重"
    )

    assert {(one.employee, one.what) for one in Measure.objects.all()} == {
        (desk.ann, "certificate"), (desk.ann, "promotion"), (desk.bob, "coaching"), (desk.bob, "bonus_cut"),
    }  # fmt: skip
    assert Measure.objects.get(what="coaching").due_on == date(2026, 5, 10)
    for month in range(1, 6):
        close_month(f"2026-{month:02}", actor=desk.zong, now=at("2026-06-02 10:00"))
    assert {(one.employee, one.net) for one in Statement.objects.filter(unit="CNY") if one.net} == {
        (desk.ann, 600_00), (desk.bob, -200_00),
    }  # fmt: skip
