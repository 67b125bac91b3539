"""Violations out of inspections: failed items, records that were drawn and not inspected, what an appeal takes back."""

from datetime import date

import pytest

from reports.domain.inspecting.doubting import doubt_records
from reports.domain.inspecting.finding import explain_finding, explain_unmet, findings, mended, unmet
from reports.domain.inspecting.scoring import Scores, decide, reply
from reports.models import RecordDoubt
from staff.models import Violation
from tests.reports.inspections import CALLS, PASSED, Desk, at, items
from visits.choices import Outcome

pytestmark = pytest.mark.django_db
BEGIN = at("2026-05-01 00:00")


def found(until: str, since=BEGIN):
    return list(findings(since=since, until=at(until), now=at(until)))


def test_each_failed_item_is_a_breach_of_the_day_of_the_visit():
    desk = Desk()
    record = desk.visit(desk.ann, "2026-05-04 09:00")
    [item] = items(desk.opened("2026-05", "2026-06-01 00:50"))
    desk.scored(item, "2026-06-02 10:00", greeting=0, true=None)

    [breach] = found("2026-06-02 10:00")

    assert (breach.violation, breach.subject, breach.employee) == ("finding", f"item:{item.pk}/greeting", desk.ann.pk)
    assert (breach.on, breach.at, breach.release) == (date(2026, 5, 4), at("2026-05-04 09:00"), desk.release.pk)
    assert breach.of == {"calls", "scorecard:calls", "greeting", "calls/greeting", "scorecard:calls/greeting"}
    assert {"kind": "record", "id": record.pk} in breach.evidence
    assert (breach.branch, breach.department) == (desk.east.pk, desk.repairs.pk)
    assert "问候语" in explain_finding(breach.facts)
    assert "2026-05-04" in explain_finding(breach.facts)


def test_it_is_found_in_the_span_that_its_scoring_lies_in_however_late_the_run():
    desk = Desk()
    desk.month(desk.ann, 1)
    [item] = items(desk.opened("2026-05", "2026-06-01 00:50"))
    desk.scored(item, "2026-06-02 10:00", greeting=0)

    assert found("2026-06-02 09:59") == []
    assert len(found("2026-06-09 10:00")) == 1
    assert found("2026-06-09 10:00", since=at("2026-06-02 10:00")) == []


def test_a_blind_second_scoring_is_no_finding():
    desk = Desk(CALLS.replace("sample =", "second_rate = 1\nsample ="))
    desk.month(desk.ann, 1)
    inspection = desk.opened("2026-05", "2026-06-01 00:50")
    desk.scored(inspection.items.get(second_of__isnull=False), "2026-06-02 10:00", greeting=0)

    assert found("2026-06-03 00:00") == []


def test_an_appeal_takes_a_finding_back_and_brings_another():
    desk = Desk()
    desk.month(desk.ann, 1)
    [item] = items(desk.opened("2026-05", "2026-06-01 00:50"))
    desk.scored(item, "2026-06-02 10:00", greeting=0)
    [before] = found("2026-06-02 12:00")
    proposal = Violation(pk=7, subject=before.subject)
    assert mended([proposal]) == []

    reply(item, "有问候", appeal=True, actor=desk.ann, now=at("2026-06-03 10:00"))
    decide(item, "是", scores=Scores({**PASSED, "closing": 0}), actor=desk.lu, now=at("2026-06-04 10:00"))

    assert mended([proposal]) == [7]
    assert [one.subject for one in found("2026-06-05 00:00", since=at("2026-06-03 00:00"))] == [
        f"item:{item.pk}/closing"
    ]


def lacking(until: str, since: str = "2026-06-01 00:00"):
    return list(unmet(since=at(since), until=at(until), now=at(until)))


def test_what_was_drawn_is_inspected_in_the_next_period_to_the_second():
    desk = Desk()
    desk.month(desk.ann, 3)
    first, second, third = items(desk.opened("2026-05", "2026-06-01 00:50"))
    desk.scored(first, "2026-06-30 23:59:59")
    desk.scored(second, "2026-07-01 00:00:00")

    assert lacking("2026-06-30 23:59:59") == []
    breaches = lacking("2026-07-01 00:00")
    assert [one.subject for one in breaches] == [f"item:{second.pk}", f"item:{third.pk}"]
    assert {(one.employee, one.on, one.at) for one in breaches} == {
        (desk.li.pk, date(2026, 6, 30), at("2026-07-01 00:00"))
    }
    assert "2026-06-30" in explain_unmet(breaches[0].facts)
    assert [one.subject for one in lacking("2026-08-15 00:00")] == [one.subject for one in breaches]
    assert lacking("2026-08-15 00:00", since="2026-07-01 00:00") == []


def test_an_inspector_does_not_answer_for_his_own_record():
    desk = Desk()
    desk.month(desk.li, 1)
    desk.opened("2026-05", "2026-06-01 00:50")

    assert [one.employee for one in lacking("2026-07-01 00:00")] == [desk.lu.pk]


def test_nobody_answers_for_what_was_drawn_when_its_time_was_over():
    desk = Desk()
    desk.month(desk.ann, 1)
    desk.opened("2026-05", "2026-07-03 09:00")

    assert lacking("2026-07-05 00:00") == []


def test_the_night_notes_doubts_once():
    desk = Desk()
    burst = [desk.visit(desk.ann, f"2026-05-04 09:0{minute}", seconds=20) for minute in range(5)]
    words = [
        desk.visit(desk.bob, f"2026-05-0{day} 15:00", summary="客户说空调有异响，已约周五到店") for day in (2, 3, 4)
    ]
    desk.visit(desk.bob, "2026-05-04 16:00", outcome=Outcome.NO_ANSWER, summary="客户说空调有异响，已约周五到店")
    late = at("2026-05-05 00:40")

    assert doubt_records(now=late, on=date(2026, 5, 5)) == {"looked_at": 6, "doubts": 8}
    assert doubt_records(now=late, on=date(2026, 5, 5))["doubts"] == 0
    doubts = set(RecordDoubt.objects.values_list("record", "kind", "weight"))
    assert doubts == {(one.pk, "burst", 100) for one in burst} | {(one.pk, "copied", 100) for one in words}
    assert not Violation.objects.exists()  # a doubt is no fine
