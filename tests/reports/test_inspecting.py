"""An inspection from the draw to its publication: who is drawn, who scores, who replies, who answers, who hears."""

from datetime import date
from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction

from reports.choices import DrawCause, InspectionState
from reports.domain.inspecting.opening import assess_again, choose, draw_inspections
from reports.domain.inspecting.publishing import CannotPublish, publish
from reports.domain.inspecting.scoring import CannotScore, Scores, decide, reply, score
from reports.domain.inspecting.standing import agreement_of, attained, standings
from reports.domain.inspecting.warning import lacks, warn_inspections
from reports.models import Inspection, InspectionItem, RecordDoubt
from staff.models import Notification
from tests.reports.inspections import CALLS, PASSED, Desk, at, items
from visits.choices import Channel, Outcome, RecordKind

pytestmark = pytest.mark.django_db
JUNE = date(2026, 6, 1)
NIGHT = at("2026-06-01 00:50")
UNIT = """
[[scorecard]]
code = "units"
of = "unit"
per = "month"
by = "role:quality_manager"
combine = "deduct"
items = [{ code = "cooperation", weight = 2 }]
"""


def test_the_records_of_a_month_are_drawn_when_it_has_ended_once():
    desk = Desk()
    desk.month(desk.ann, 6)
    desk.visit(desk.bob, "2026-05-31 23:59")
    desk.visit(desk.bob, "2026-06-01 00:00")  # of June
    desk.visit(desk.bob, "2026-05-20 10:00", outcome=Outcome.NO_ANSWER)

    assert draw_inspections(now=NIGHT, on=JUNE) == {"opened": 1, "drawn": 4}
    assert draw_inspections(now=NIGHT, on=JUNE) == {"opened": 0, "drawn": 0}
    assert draw_inspections(now=at("2026-06-09 03:00"), on=date(2026, 6, 9)) == {"opened": 0, "drawn": 0}

    inspection = Inspection.objects.get()
    assert (inspection.period, inspection.population, len(items(inspection))) == ("2026-05", 7, 4)
    assert {item.state for item in items(inspection)} == {InspectionState.DRAWN}


def test_a_month_without_any_record_opens_no_inspection_that_nobody_could_end():
    Desk()

    assert draw_inspections(now=NIGHT, on=JUNE) == {"opened": 0, "drawn": 0}
    assert not Inspection.objects.exists()


def test_a_late_run_draws_the_month_that_has_ended():
    desk = Desk()
    desk.month(desk.ann, 2)

    assert draw_inspections(now=at("2026-06-20 12:00"), on=date(2026, 6, 20))["drawn"] == 2


def test_the_same_seed_draws_the_same_and_a_record_keeps_its_lot_when_it_is_corrected():
    desk = Desk()
    records = desk.month(desk.ann, 12)
    first = {item.record_id for item in items(desk.opened("2026-05", "2026-06-01 00:50"))}
    InspectionItem.objects.all().delete()
    kept = records[0] if records[0].pk in first else next(one for one in records if one.pk in first)
    later = desk.visit(
        desk.ann, "2026-05-04 09:00", kind=RecordKind.CORRECTION, supersedes=kept, corrected_by=desk.ann,
        corrected_at=at("2026-05-06 10:00"), customer=kept.customer,
    )  # fmt: skip

    again = {item.record_id for item in items(desk.opened("2026-05", "2026-06-01 00:50"))}

    assert again == first - {kept.pk} | {later.pk}


def test_a_card_on_calls_takes_calls_and_newcomers_are_drawn_whole():
    desk = Desk(
        CALLS.replace('of = "visit_record"', 'of = "call"\nnewcomer_days = 30').replace("count = 4", "count = 0")
    )
    fresh = desk.person("fresh", department=desk.repairs)
    fresh.assignments.update(from_on=date(2026, 5, 1))
    fresh.postings.update(from_on=date(2026, 5, 1))
    desk.month(desk.ann, 3)
    called = desk.visit(fresh, "2026-05-30 23:59")
    desk.visit(fresh, "2026-05-31 00:00")  # the thirty-first day
    desk.visit(fresh, "2026-05-10 10:00", channel=Channel.WECHAT)

    found = items(desk.opened("2026-05", "2026-06-01 00:50"))

    assert [(item.record_id, item.cause) for item in found] == [(called.pk, DrawCause.NEWCOMER)]


def test_few_are_drawn_of_whom_was_good_three_times():
    desk = Desk(
        CALLS.replace("sample =", "trusted_rate = 0.1\ntrusted_from = 95\nsample =").replace("count = 4", "rate = 1")
    )
    for month in ("2026-02", "2026-03", "2026-04"):
        for person in (desk.ann, desk.bob):
            desk.month(person, 2, month)
        inspection = desk.opened(month, f"{month}-28 23:59")
        for item in items(inspection):
            fails = {"closing": 0} if item.employee == desk.bob and month == "2026-03" else {}
            desk.scored(item, f"{month}-28 23:59", **fails)
    desk.month(desk.ann, 20)
    desk.month(desk.bob, 5)

    found = items(desk.opened("2026-05", "2026-06-01 00:50"))

    assert [sum(item.employee == person for item in found) for person in (desk.ann, desk.bob)] == [2, 5]


def test_doubtful_records_are_drawn_by_risk():
    desk = Desk()
    records = desk.month(desk.ann, 40)
    RecordDoubt.objects.bulk_create(
        RecordDoubt(record=one, kind="same_proof", weight=30000, found_at=NIGHT) for one in records[:4]
    )

    found = items(desk.opened("2026-05", "2026-06-01 00:50"))

    assert {item.record_id for item in found if item.cause == DrawCause.RISK} <= {one.pk for one in records[:4]}
    assert sum(item.cause == DrawCause.RISK for item in found) >= 2


def test_a_scored_item_has_its_result_and_the_inspected_reads_it():
    desk = Desk()
    desk.month(desk.ann, 1)
    [item] = items(desk.opened("2026-05", "2026-06-01 00:50"))
    assert not InspectionItem.objects.visible_to(desk.ann, on=JUNE).exists()  # before it is scored

    desk.scored(item, "2026-06-02 10:00", closing=0, true=None)

    assert (item.state, item.result, item.accurate, item.inspector) == (InspectionState.SCORED, 5000, None, desk.li)
    assert [score.code for score in item.scores.order_by("pk")] == ["greeting", "closing"]
    assert InspectionItem.objects.visible_to(desk.ann, on=JUNE).get() == item
    assert Notification.objects.get(recipient=desk.ann).url == f"/inspections/items/{item.pk}/"


def test_nobody_scores_his_own_or_twice_or_half():
    desk = Desk()
    [item] = items(desk.opened("2026-05", "2026-06-01 00:50")) if desk.month(desk.li, 1) else []

    with pytest.raises(CannotScore, match="不能给自己评分"):
        desk.scored(item, "2026-06-02 10:00")  # li made this visit
    with pytest.raises(CannotScore):
        desk.scored(item, "2026-06-02 10:00", by=desk.ann)
    with pytest.raises(CannotScore, match="结束语"):
        score(item, Scores({"greeting": Fraction(1), "true": None}), actor=desk.lu, now=at("2026-06-02 10:00"))
    with pytest.raises(CannotScore):
        desk.scored(item, "2026-06-02 10:00", by=desk.lu, greeting=2)
    with pytest.raises(CannotScore):
        desk.scored(item, "2026-06-02 10:00", by=desk.lu, greeting=None, closing=None, true=None)
    desk.scored(item, "2026-06-02 10:00", by=desk.lu)
    with pytest.raises(CannotScore, match="先一步"):
        desk.scored(item, "2026-06-02 10:01", by=desk.lu)
    assert item.scores.count() == 3
    with pytest.raises(IntegrityError), transaction.atomic():
        InspectionItem.objects.filter(pk=item.pk).update(inspector=desk.li)


def test_an_appeal_is_decided_by_another_and_the_later_round_counts():
    desk = Desk()
    desk.month(desk.ann, 1)
    [item] = items(desk.opened("2026-05", "2026-06-01 00:50"))
    desk.scored(item, "2026-06-02 10:00", closing=0)

    with pytest.raises(CannotScore):
        reply(item, "是我的", appeal=True, actor=desk.bob, now=at("2026-06-02 11:00"))
    reply(item, "录音里有道别", appeal=True, actor=desk.ann, now=at("2026-06-02 11:00"))
    with pytest.raises(CannotPublish):
        publish(item.inspection, actor=desk.li, now=at("2026-06-02 12:00"))
    with pytest.raises(CannotScore, match="他人"):
        decide(item, "不变", scores=None, actor=desk.li, now=at("2026-06-02 12:00"))
    decide(item, "听到了", scores=Scores(PASSED), actor=desk.lu, now=at("2026-06-02 12:00"))

    assert (item.state, item.result, item.decided_by, item.accurate) == (InspectionState.FINAL, 10000, desk.lu, True)
    assert standings(item.inspection)[0].result == 100
    with pytest.raises(CannotScore):
        reply(item, "再说一次", appeal=True, actor=desk.ann, now=at("2026-06-03 11:00"))
    with pytest.raises(CannotScore):
        decide(item, "又一次", scores=None, actor=desk.lu, now=at("2026-06-03 12:00"))


def test_an_appeal_that_is_turned_down_leaves_the_result():
    desk = Desk()
    desk.month(desk.ann, 1)
    [item] = items(desk.opened("2026-05", "2026-06-01 00:50"))
    desk.scored(item, "2026-06-02 10:00", closing=0)
    reply(item, "先说一句", appeal=False, actor=desk.ann, now=at("2026-06-02 11:00"))
    reply(item, "我申诉", appeal=True, actor=desk.ann, now=at("2026-06-02 11:30"))

    decide(item, "录音里没有", scores=None, actor=desk.zong, now=at("2026-06-02 12:00"))

    assert (item.state, item.result, item.reply) == (InspectionState.FINAL, 6667, "先说一句\n我申诉")


def test_a_blind_second_scoring_is_by_another_and_counts_for_agreement_alone():
    desk = Desk(CALLS.replace("sample =", "second_rate = 0.5\nsample =").replace("count = 4", "count = 2"))
    desk.month(desk.ann, 2)
    inspection = desk.opened("2026-05", "2026-06-01 00:50")
    [second] = inspection.items.filter(second_of__isnull=False)

    desk.scored(second.second_of, "2026-06-02 10:00", closing=0)
    with pytest.raises(CannotScore):
        desk.scored(second, "2026-06-02 11:00")
    desk.scored(second, "2026-06-02 11:00", by=desk.lu)

    found = agreement_of(inspection)
    assert (found.agreed, found.compared) == (2, 3)
    assert found.apart == ((second.second_of_id, "closing", Fraction(0), Fraction(1)),)
    assert standings(inspection)[0].scored == 1
    assert second not in InspectionItem.objects.visible_to(desk.ann, on=JUNE)


def test_publishing_ends_it_ranks_it_and_tells_everybody():
    desk = Desk(CALLS + "publish = true\n")
    for person in (desk.ann, desk.bob):
        desk.month(person, 2)
    inspection = desk.opened("2026-05", "2026-06-01 00:50")
    found = items(inspection)
    for item in found[:-1]:
        desk.scored(item, "2026-06-02 10:00", **({"closing": 0} if item.employee == desk.bob else {}))
    with pytest.raises(CannotPublish, match="1"):
        publish(inspection, actor=desk.li, now=at("2026-06-02 12:00"))
    assert attained(desk.policy.pk, "calls", "2026-05") == {}
    desk.scored(found[-1], "2026-06-02 10:00")
    with pytest.raises(CannotPublish):
        publish(inspection, actor=desk.ann, now=at("2026-06-02 12:00"))

    publish(inspection, actor=desk.li, now=at("2026-06-02 12:00"))

    assert attained(desk.policy.pk, "calls", "2026-05") == {desk.ann.pk: 100, desk.bob.pk: Fraction(250, 3)}
    assert [(one.employee, one.rank, one.failed["closing"]) for one in standings(inspection)] == [
        (desk.ann.pk, 1, 0), (desk.bob.pk, 2, 1),
    ]  # fmt: skip
    told = Notification.objects.filter(kind="inspection_published")
    assert {one.recipient for one in told} == {desk.ann, desk.bob, desk.li, desk.lu, desk.zong}
    assert told.get(recipient=desk.bob).facts["result"] == "83.33"
    with pytest.raises(CannotPublish):
        publish(inspection, actor=desk.li, now=at("2026-06-02 13:00"))


def test_a_unit_loses_the_weight_of_each_finding_and_several_rounds_are_put_together():
    desk = Desk(UNIT)
    inspection = desk.opened("2026-05", "2026-06-01 00:50")
    first = next(item for item in items(inspection) if item.department == desk.repairs)

    score(first, Scores({"cooperation": Fraction(0)}), actor=desk.li, now=at("2026-06-02 10:00"))
    again = assess_again(first, now=at("2026-06-03 10:00"), actor=desk.li)
    score(again, Scores({"cooperation": Fraction(0)}), actor=desk.li, now=at("2026-06-03 10:00"))

    assert (first.result, again.round) == (9800, 2)
    [one] = [one for one in standings(inspection) if one.scored]
    assert (one.department, one.result) == (desk.repairs.pk, 96)


def test_on_the_last_day_it_is_said_that_nothing_was_inspected():
    desk = Desk(CALLS.replace('sample = { count = 4, per = "month" }', ""))
    last = date(2026, 6, 30)

    assert [lack.period.key for lack in lacks(last)] == ["2026-06"]
    assert list(lacks(date(2026, 6, 29))) == []
    assert warn_inspections(now=at("2026-06-30 09:00"), on=last) == 3  # li, lu and the general manager
    assert warn_inspections(now=at("2026-06-30 10:00"), on=last) == 0
    choose(desk.card, desk.visit(desk.ann, "2026-06-10 10:00"), now=at("2026-06-30 10:00"), actor=desk.li)
    assert list(lacks(last)) == []


def test_on_the_last_day_it_is_said_what_was_drawn_and_not_inspected():
    desk = Desk()
    desk.month(desk.ann, 3)
    first, *_others = items(desk.opened("2026-05", "2026-06-01 00:50"))
    desk.scored(first, "2026-06-02 10:00")

    [lack] = lacks(date(2026, 6, 30))

    assert (lack.period.key, lack.left) == ("2026-05", 2)
