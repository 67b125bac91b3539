"""Rewards and penalties on figures: proposed once when their period has ended, followed until it is decided."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction

from reports.domain.auditing.rewards import faults
from reports.models import Inspection, InspectionItem, ItemScore, KpiResult
from staff.domain.conduct.closing import close_month
from staff.domain.conduct.deciding import confirm, take_back
from staff.domain.conduct.explaining import explanation
from staff.domain.conduct.refusing import Refused
from staff.domain.jobs import run_due
from staff.models import LedgerEntry, Policy, Release, Violation
from tests.reports.test_audit import tamper
from tests.visits.world import at, branch, employee, event, publish

pytestmark = pytest.mark.django_db

CSS = """
[[clause]]
ref = "A-19"
text = "…"
enforced_by = ["reward:css"]

[[kpi]]
code = "internal-css"
title = "内部CSS平均分"
metric = "css_average"
basis = "events"
op = ">="
target = 115

[[reward]]
code = "css"
metric = "kpi:internal-css"
op = ">="
threshold = 115
amount = 500
clause = "A-19"
"""
LOW = """
[[penalty]]
code = "low"
metric = "kpi:internal-css"
op = "<"
threshold = 100
tiers = [10, 20]
tier_period = "3m"
"""
YEAR = """
[[kpi]]
code = "awards"
metric = "award_count"
of = ["reward:css"]
per = "year"

[[reward]]
code = "annual"
metric = "kpi:awards"
top_n = 1
per = "year"
ties = "decide"
also = ["certificate"]
unit = "none"
"""


def scores(advisor, *values, month="2026-03"):
    for day, value in enumerate(values, 1):
        event("service_completed", f"{month}-{day:02} 10:00", advisor=advisor, css=value)


def night(*moments):
    for moment in moments:
        report = run_due(now=at(moment))
        assert not report.failed, report.failed


def proposals(**of):
    rows = Violation.objects.filter(**of).order_by("subject", "employee__username")
    return [(row.employee.username, row.rule, row.subject, row.amount, row.state) for row in rows]


def test_a_19_an_average_earns_once_however_often_and_late_it_is_judged(english):
    publish(CSS, on="2026-01-01")
    liu, chen, boss = employee("liu"), employee("chen"), employee("boss", "general_manager")
    scores(liu, 115, 115)
    scores(chen, 114, 115)
    night("2026-03-31 23:59")
    assert proposals() == []
    for moment in ("2026-04-01 00:40", "2026-04-01 09:00", "2026-04-20 09:00"):
        night(moment)
        assert proposals() == [("liu", "css", "period:2026-03", 50000, "proposed")]
    [made] = Violation.objects.all()
    assert (made.kind, made.occurred_on.isoformat(), made.clause) == ("reward", "2026-03-31", "A-19")
    assert explanation(made) == "内部CSS平均分 in 2026-03: 230 / 2 = 115; the bar is at least 115."
    judged = KpiResult.objects.exclude(employee=None).order_by("employee__username")
    assert list(judged.values_list("employee__username", "numerator", "denominator", "met")) == [
        ("chen", 229, 2, False), ("liu", 230, 2, True),
    ]  # fmt: skip
    confirm(made, actor=boss, now=at("2026-04-20 10:00"))
    for _again in range(2):
        close_month("2026-03", actor=boss, now=at("2026-05-01 10:00"))
    [entry] = LedgerEntry.objects.all()
    assert (entry.amount, entry.period, entry.kind) == (50000, "2026-03", "reward")


def test_what_the_figures_no_longer_bear_is_taken_back_and_what_people_decided_stays(english):
    publish(CSS, on="2026-01-01")
    liu, chen, boss = employee("liu"), employee("chen"), employee("boss", "general_manager")
    scores(liu, 120)
    scores(chen, 120)
    night("2026-04-01 00:40")
    confirm(Violation.objects.get(employee=chen), actor=boss, now=at("2026-04-01 10:00"))
    for one in (liu, chen):  # a list of the old month that came late
        event("service_completed", "2026-03-20 10:00", advisor=one, css=50, taken_in="2026-04-02 09:00")
    night("2026-04-03 00:40")
    assert proposals() == [
        ("chen", "css", "period:2026-03", 50000, "confirmed"), ("liu", "css", "period:2026-03", 50000, "waived"),
    ]  # fmt: skip
    assert "The figures changed before anybody confirmed it." in explanation(Violation.objects.get(employee=liu))
    close_month("2026-03", actor=boss, now=at("2026-04-03 10:00"))
    scores(employee("late"), 120)
    night("2026-04-04 00:40")
    assert Violation.objects.count() == 2  # a closed month is judged no more


def test_a_figure_below_its_bar_costs_by_tiers_of_the_months_before():
    publish(CSS + LOW, on="2026-01-01")
    liu, boss = employee("liu"), employee("boss", "general_manager")
    for month, following in (("2026-02", "2026-03-01"), ("2026-03", "2026-04-01"), ("2026-04", "2026-05-01")):
        scores(liu, 99, month=month)
        night(f"{following} 00:40")
        [made] = Violation.objects.filter(subject=f"period:{month}")
        confirm(made, actor=boss, now=at(f"{following} 10:00"))
    rows = Violation.objects.order_by("subject").values_list("kind", "tier", "amount", "unit")
    assert list(rows) == [("penalty", 1, 1000, "CNY"), ("penalty", 2, 2000, "CNY"), ("penalty", 3, 2000, "CNY")]


def test_l_03_two_with_as_many_awards_wait_for_a_decision_and_one_place_is_given_once(english):
    publish(CSS + YEAR + '[ledger]\nconfirm = ["role:general_manager"]\n', on="2026-01-01")
    liu, chen, zhao = employee("liu"), employee("chen"), employee("zhao")
    boss = employee("boss", "general_manager")
    for person, months in ((liu, ("10", "11")), (chen, ("10", "12")), (zhao, ("12",))):
        for month in months:
            scores(person, 120, month=f"2026-{month}")
    for moment in ("2026-11-01 00:40", "2026-12-01 00:40", "2027-01-01 00:40"):
        night(moment)
        for made in Violation.objects.filter(rule="css", state="proposed"):
            confirm(made, actor=boss, now=at(moment) + timedelta(hours=9))
    night("2027-01-02 00:40")  # the awards of December were confirmed after the year was judged first
    open_ones = Violation.objects.filter(rule="annual", state="proposed").order_by("employee__username")
    assert [(one.employee.username, one.kind, one.facts["tied"]) for one in open_ones] == [
        ("chen", "award", [liu.pk, chen.pk]), ("liu", "award", [liu.pk, chen.pk]),
    ]  # fmt: skip
    assert "Equal: liu, chen, for places: 1." in explanation(open_ones[0])
    first, second = open_ones
    confirm(first, actor=boss, now=at("2027-01-02 10:00"))
    with pytest.raises(Refused, match="All places are given: 1"):
        confirm(second, actor=boss, now=at("2027-01-02 10:01"))
    take_back(first, actor=boss, now=at("2027-01-02 10:02"), text="错人")
    confirm(second, actor=boss, now=at("2027-01-02 10:03"))
    assert list(first.measures.values_list("what", "state")) == [("certificate", "dropped")]


def test_equals_are_never_confirmed_by_the_program():
    publish(CSS + YEAR + '[ledger]\nconfirm = "auto"\n', on="2026-01-01")
    for name in ("liu", "chen"):
        scores(employee(name), 120, month="2026-12")
    night("2027-01-01 00:40", "2027-01-02 00:40")
    assert {(one.rule, one.state) for one in Violation.objects.all()} == {("css", "confirmed"), ("annual", "proposed")}


def scorecard(policy: str, results: dict, *, period="2026-03"):
    found = Policy.objects.get(slug=policy)
    batch = Inspection.objects.create(
        policy=found, release=Release.objects.get(policy=found), scorecard="monthly", period=period, seed="s",
        drawn_at=at("2026-04-01 08:00"), published_at=at("2026-04-01 09:00"),
    )  # fmt: skip
    items = [InspectionItem(inspection=batch, employee=who, cause="hand", state="final") for who in results]
    InspectionItem.objects.bulk_create(items)
    ItemScore.objects.bulk_create(ItemScore(item=item, code="all", points=results[item.employee]) for item in items)


MONTHLY = """
[[scorecard]]
code = "monthly"
of = "employee"
per = "month"
items = [{ code = "all", max = 100, weight = 100 }]

[[reward]]
code = "best"
metric = "scorecard:monthly"
"""


@pytest.mark.parametrize(("how", "winners", "total"), [("up", 3, 90000), ("down", 2, 60000)])
def test_l_01_the_best_tenth_of_25_by_their_scorecards(how, winners, total):
    publish(f'{MONTHLY}top = 0.10\nround = "{how}"\namount = 300\n[ledger]\nconfirm = "auto"\n', on="2026-01-01")
    scorecard("house", {employee(f"cs{number:02}"): 9900 - number for number in range(25)})
    night("2026-04-02 00:40")
    assert [row[0] for row in proposals()] == [f"cs{number:02}" for number in range(winners)]
    assert sum(entry.amount for entry in LedgerEntry.objects.all()) == total


def test_ak_33_the_third_excellent_month_in_a_row_earns_and_counting_starts_anew():
    publish(f'{MONTHLY}op = ">="\nthreshold = 90\nstreak = 3\namount = 100\n', on="2026-01-01")
    steady, once = employee("steady"), employee("once")
    for month in range(1, 8):
        good = {steady: 9000, once: 8999 if month == 2 else 9000}
        scorecard("house", good, period=f"2026-{month:02}")
    night(*(f"2026-{month:02}-02 00:40" for month in range(2, 9)))
    assert [row[::2] for row in proposals()] == [
        ("steady", "period:2026-03", "proposed"), ("once", "period:2026-05", "proposed"),
        ("steady", "period:2026-06", "proposed"),
    ]  # fmt: skip


def test_what_figures_earn_is_computed_a_second_time():
    prize = '[[reward]]\ncode = "best"\nmetric = "kpi:internal-css"\ntop = 0.34\namount = 50\n'
    publish(CSS + LOW + prize, on="2026-01-01")
    high, low, middle = employee("high"), employee("low"), employee("middle")
    scores(high, 115, 115)
    scores(low, 99)
    scores(middle, 114.99)
    night("2026-04-01 00:40")
    assert {row[:2] for row in proposals()} == {("high", "css"), ("low", "low"), ("high", "best"), ("middle", "best")}
    counts = Counter()
    assert [str(one) for one in faults(counts)] == []
    assert counts["figures"] == 4

    mine = Violation.objects.get(employee=high, rule="css").pk
    changes = (f"employee_id = {middle.pk}", "occurred_on = '2026-03-30'", "facts = '{}'")
    for change in changes:
        with transaction.atomic():
            tamper(f"UPDATE staff_violation SET {change} WHERE id = {mine}")
            assert list(faults(Counter()))
            transaction.set_rollback(True)
    event("service_completed", "2026-03-09 10:00", advisor=low, css=120, taken_in="2026-04-01 09:00")
    assert not list(faults(Counter()))  # it came in by day: the next night judges it


def test_a_prize_of_each_branch_asks_for_enough_staff():
    publish(
        CSS.replace('op = ">="\nthreshold = 115\namount', 'top_n = 1\nwithin = "branch"\nmin_staff = 2\namount'),
        on="2026-01-01",
    )
    east, west = branch("东店"), branch("西店")
    for name, shop, score in (("a", east, 110), ("b", east, 112), ("c", west, 119)):
        scores(employee(name, branch=shop), score)
    night("2026-04-01 00:40")
    assert [row[0] for row in proposals()] == ["b"]
