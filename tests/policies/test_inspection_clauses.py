"""What the regulations say of inspections, by the examples that go with their clauses."""

from collections import Counter
from datetime import date
from fractions import Fraction

import pytest

from config.packs.measuring import KpiSpec
from reports.domain.figures.measuring import figure
from reports.domain.inspecting.finding import findings
from reports.domain.inspecting.opening import draw_more, open_inspection
from reports.domain.inspecting.publishing import publish
from reports.domain.inspecting.scoring import Scores, score
from reports.domain.inspecting.standing import standings
from reports.domain.inspecting.warning import lacks
from reports.models import Inspection
from staff.domain.conduct.deciding import confirm
from staff.domain.conduct.proposing import propose
from staff.domain.periods import period_named
from staff.domain.workforce import load_workforce
from staff.models import Measure, Notification, Violation
from tests.reports.inspections import Desk, at, items

pytestmark = pytest.mark.django_db
MAY = period_named("2026-05")
JUNE = "2026-06-02 10:00"
CALLS = """
[[scorecard]]
code = "service"
of = "call"
by = "role:quality_manager"
items = [
  { code = "no-argument", title = "没有与客户争辩" },
  { code = "greeting", title = "使用规范的问候语" },
  { code = "complete", title = "记录完整", accuracy = true },
]
"""
ASSESSED = """
[[scorecard]]
code = "service"
of = "employee"
per = "month"
by = "role:quality_manager"
publish = true
items = [{items}]
"""


def passed(desk: Desk, **points) -> Scores:
    return Scores({item.code: Fraction(points.get(item.code.replace("-", "_"), 1)) for item in desk.card.items()})


def test_ae_02_ae_04_ak_26_what_fails_is_counted_by_person_and_what_is_passed_by_item():
    desk = Desk(CALLS)
    desk.month(desk.ann, 10)
    inspection = draw_more(desk.card, MAY, 10, now=at("2026-06-01 09:00"), actor=desk.li)
    for number, item in enumerate(items(inspection)):
        found = {"no_argument": number >= 2, "greeting": number != 5, "complete": number != 7}
        score(item, passed(desk, **found), actor=desk.li, now=at(JUNE))

    [ann] = standings(inspection)
    assert (ann.failed["no-argument"], ann.judged["no-argument"]) == (2, 10)  # AE-02: the person's sheet shows 2
    assert Fraction(ann.judged["greeting"] - ann.failed["greeting"], ann.judged["greeting"]) == Fraction(9, 10)  # AE-04
    assert (ann.accurate, ann.checked) == (9, 10)  # AK-26: 9 of 10 complete
    breaches = list(findings(since=at("2026-06-01 00:00"), until=at(JUNE), now=at(JUNE)))
    assert Counter(one.facts["item"] for one in breaches) == {
        "使用规范的问候语": 1, "没有与客户争辩": 2, "记录完整": 1,
    }  # fmt: skip


def test_ak_31_accuracy_is_of_what_was_inspected_or_of_all_visits():
    kpis = '[[kpi]]\ncode = "all"\nmetric = "accuracy_rate"\nbasis = "all"\n[[kpi]]\nmetric = "accuracy_rate"\n'
    desk = Desk(CALLS + kpis)
    desk.month(desk.ann, 20)
    inspection = draw_more(desk.card, MAY, 10, now=at("2026-06-01 09:00"), actor=desk.li)
    for number, item in enumerate(items(inspection)):
        score(item, passed(desk, complete=number != 4), actor=desk.li, now=at(JUNE))

    def rate(basis: str):
        spec = KpiSpec.model_validate({"code": "k", "metric": "accuracy_rate", "basis": basis})
        return figure("accuracy_rate", spec=spec, release=desk.release, period=MAY, now=at(JUNE)).value

    assert (rate("inspected"), rate("all")) == (Fraction(90, 100), Fraction(45, 100))


def test_q_06_weights_of_40_40_20_and_e_06_five_dimensions_make_one_result():
    weighted = ", ".join(f'{{ code = "{name}", max = 100, weight = {weight} }}' for name, weight in
                         (("count", 40), ("quality", 40), ("record", 20)))  # fmt: skip
    desk = Desk(ASSESSED.replace("{items}", weighted) + "total = 100\n")
    inspection = desk.opened("2026-05", "2026-06-01 00:50")
    item = next(one for one in items(inspection) if one.employee == desk.ann)

    score(item, passed(desk, count=80, quality=90, record=100), actor=desk.li, now=at(JUNE))

    assert (item.result, item.inspector) == (8800, desk.li)


REWARDED = """
[[reward]]
code = "excellent"
metric = "scorecard:service"
op = ">="
threshold = 90
amount = 100
[[penalty]]
code = "coach"
metric = "scorecard:service"
op = "<"
threshold = 60
unit = "none"
also = ["coaching"]
"""


def test_e_07_ak_32_publishing_ranks_tells_rewards_above_and_coaches_below():
    desk = Desk(ASSESSED.replace("{items}", '{ code = "work", max = 100 }') + REWARDED)
    third = desk.person("cao", department=desk.repairs)
    inspection = desk.opened("2026-05", "2026-06-01 00:50")
    for item in items(inspection):
        points = {desk.ann.pk: 92, desk.bob.pk: 55, third.pk: 92}[item.employee_id]
        score(item, passed(desk, work=points), actor=desk.li, now=at(JUNE))
    assert not Violation.objects.exists()  # not before they are final

    publish(inspection, actor=desk.li, now=at(JUNE))

    assert [(one.employee, one.rank) for one in standings(inspection)] == [
        (desk.ann.pk, 1), (third.pk, 1), (desk.bob.pk, 3),
    ]  # fmt: skip
    found = Violation.objects.order_by("employee__username").values_list("employee__username", "rule", "subject")
    assert list(found) == [
        ("ann", "excellent", "period:2026-05"), ("bob", "coach", "period:2026-05"),
        ("cao", "excellent", "period:2026-05"),
    ]  # fmt: skip
    assert Notification.objects.get(recipient=desk.bob, kind="inspection_published").facts["rank"] == "3"


def test_q_07_twenty_are_listed_and_a_month_without_a_batch_is_said_on_its_last_day():
    desk = Desk(CALLS)
    desk.month(desk.ann, 30)
    inspection = draw_more(desk.card, MAY, 20, now=at("2026-05-20 09:00"), actor=desk.li)
    for number, item in enumerate(items(inspection)):
        score(item, passed(desk, greeting=number not in (3, 8)), actor=desk.li, now=at("2026-05-21 09:00"))

    [ann] = standings(inspection)
    assert (ann.items, ann.failed["greeting"]) == (20, 2)
    assert list(lacks(date(2026, 5, 31))) == []
    assert [lack.period.key for lack in lacks(date(2026, 6, 30))] == ["2026-06"]


REPEATED = """
[[penalty]]
code = "often"
violation = "finding"
from_count = 3
tier_period = "30d"
unit = "none"
also = ["interview", "retraining"]
"""


def test_q_08_the_third_finding_in_thirty_days_is_an_interview_and_a_training():
    desk = Desk(CALLS + REPEATED)
    desk.month(desk.ann, 3)
    inspection = draw_more(desk.card, MAY, 3, now=at("2026-06-01 09:00"), actor=desk.li)
    for number, item in enumerate(items(inspection)):
        now = at(f"2026-06-02 1{number}:00")
        score(item, passed(desk, greeting=0), actor=desk.li, now=now)
        propose(findings(since=at("2026-06-01 00:00"), until=now, now=now), now=now)

    for violation in Violation.objects.order_by("pk"):
        assert not Measure.objects.exists()  # the first and the second bring nothing
        confirm([violation], actor=desk.zong, now=at("2026-06-02 15:00"))
    assert set(Measure.objects.values_list("employee__username", "what")) == {
        ("ann", "interview"), ("ann", "retraining"),
    }  # fmt: skip


def test_n_06_a_unit_loses_the_weight_of_a_finding():
    unit = ASSESSED.replace('"employee"', '"unit"')
    desk = Desk(unit.replace("{items}", '{ code = "cooperation", weight = 2 }') + 'combine = "deduct"\n')
    open_inspection(desk.card, MAY, load_workforce(), now=at("2026-06-01 00:50"), actor=None)
    [item] = Inspection.objects.get().items.filter(department=desk.repairs)

    score(item, passed(desk, cooperation=0), actor=desk.li, now=at(JUNE))

    assert item.result == 9800


def test_one_fault_of_a_visit_is_charged_once_though_it_is_seen_twice():
    both = '[[penalty]]\ncode = "phrase"\nviolation = ["phrase_not_mentioned", "finding"]\namount = 50\n'
    desk = Desk(CALLS + both)
    [record] = desk.month(desk.ann, 1)
    [item] = items(draw_more(desk.card, MAY, 1, now=at("2026-06-01 09:00"), actor=desk.li))
    Violation.objects.create(
        kind="penalty", policy=desk.policy, release=desk.release, rule="phrase", violation="phrase_not_mentioned",
        subject=f"record:{record.pk}", employee=desk.ann, occurred_on=date(2026, 5, 4), unit="CNY", amount=5000, tier=1,
        proposed_at=at("2026-05-06 00:00"),
    )  # fmt: skip

    score(item, passed(desk, greeting=0), actor=desk.li, now=at(JUNE))

    assert list(findings(since=at("2026-06-01 00:00"), until=at(JUNE), now=at(JUNE))) == []
    Violation.objects.update(state="waived")
    assert len(list(findings(since=at("2026-06-01 00:00"), until=at(JUNE), now=at(JUNE)))) == 1
