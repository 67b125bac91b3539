"""Regulation A as a pack: every clause is there and leads to what carries it out."""

from decimal import Decimal

import pytest

from config.packs.duration import Duration
from config.packs.pack import Pack
from config.packs.persons import Person
from config.packs.waiting import waiting
from tests.packs import shipped

CLAUSES = [f"A-{number:02}" for number in range(1, 21)]


@pytest.fixture(scope="module")
def pack() -> Pack:
    return shipped("auto-dealer-service")


def test_the_pack_holds_the_twenty_clauses_in_their_own_order(pack):
    assert [clause.ref for clause in pack.clause] == CLAUSES


@pytest.mark.parametrize("ref", CLAUSES)
def test_each_clause_says_something_and_is_carried_out_by_something(pack, ref):
    clause = next(clause for clause in pack.clause if clause.ref == ref)
    assert clause.text
    assert clause.enforced_by


def test_no_figure_is_missing(pack):
    assert waiting(pack) == {}


def test_a06_a07_a08_the_dissatisfied_are_called_by_their_advisor_until_the_next_day(pack):
    rule = pack.rule("unsatisfied-callback")
    call = rule.step[0]
    assert rule.trigger == ("list_received",)
    assert rule.match == "any"
    assert [(c.field, c.op, c.value) for c in rule.when] == [
        ("rating", "!=", "极为满意"),
        ("css", "<", Decimal(120)),
    ]
    assert (call.opens, call.closes) == (Duration(0, "d"), Duration(1, "d"))
    assert call.assign[0] == Person("advisor")


def test_a05_the_desk_phone_comes_first_and_another_channel_needs_a_reason(pack):
    call = pack.rule("unsatisfied-callback").step[0]
    assert call.channels[0] == "desk_phone"
    assert set(call.channels[1:]) == {"mobile", "sms"}
    assert call.other_channel == "reason"


def test_a11_the_daily_report_is_due_at_nine_of_the_next_working_day_inclusive(pack):
    report = pack.entry("report", "daily")
    assert (str(report.due), report.at, report.inclusive) == ("1wd", "09:00", True)
    assert report.requires == ("result", "time")
    assert report.expects == ("rectification",)


def test_a13_a15_a_car_returns_within_five_days_of_the_visit(pack):
    assert pack.return_appointment.within == Duration(5, "d")
    assert pack.return_appointment.anchor == "visit"


def test_six_penalties_of_fifty_yuan_name_their_clauses(pack):
    assert {penalty.clause: penalty.amount for penalty in pack.penalty} == {
        ref: Decimal(50) for ref in ("A-11", "A-12", "A-14", "A-16", "A-17", "A-18")
    }
    assert {penalty.unit for penalty in pack.penalty} == {"CNY"}


def test_a19_from_115_on_and_a20_above_80_percent_earn_500_yuan_each(pack):
    found = {reward.clause: (reward.op, reward.threshold, reward.amount) for reward in pack.reward}
    assert found == {
        "A-19": (">=", Decimal(115), Decimal(500)),
        "A-20": (">", Decimal("0.8"), Decimal(500)),
    }


def test_the_questionnaire_scores_up_to_120_and_asks_why_below(pack):
    _problem, css, satisfaction = pack.questionnaire_of("css").question
    assert (css.max, css.metric, css.ask_why_below, css.good_from) == (Decimal(120), "css", Decimal(120), Decimal(96))
    assert satisfaction.metric == "satisfaction"
    assert satisfaction.options[0] == "极为满意"


def test_the_standard_pack_visits_after_3_days_1_week_1_3_and_6_months():
    rule = shipped("standard-after-sales").rule("after-service")
    assert rule.trigger == ("service_completed",)
    assert [str(step.opens) for step in rule.step] == ["3d", "1w", "1m", "3m", "6m"]
