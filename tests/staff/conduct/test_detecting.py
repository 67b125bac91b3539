"""Detectors: from the mark to now, late, twice, one of them failing; what is mended is withdrawn; what is told."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils.translation import override

from config.wiring import Detector
from staff.domain.conduct import detecting
from staff.domain.conduct.breach import Breach
from staff.domain.conduct.closing import close_month
from staff.domain.conduct.deciding import confirm, take_back
from staff.domain.conduct.entering import exempt
from staff.domain.conduct.explaining import explanation
from staff.domain.conduct.figure_words import figure_facts
from staff.domain.conduct.proposing import may_propose, propose, propose_by_hand, propose_figure
from staff.domain.conduct.refusing import Refused
from staff.domain.conduct.rules import Rule, entries_of
from staff.domain.workforce import load_workforce
from staff.models import Activity, DetectorMark, LedgerEntry, Notification, Violation
from tests.staff.conduct.shop import LATE, TIERS, Shop, amounts, day

pytestmark = pytest.mark.django_db
HERE = "tests.staff.conduct.test_detecting"
MOMENTS: dict[datetime, int] = {}  # when something fell due -> whose it is
ASKED: list[tuple[datetime, datetime]] = []
MENDED: set[str] = set()


def detect(*, since, until, now):
    """Find what fell due after `since` and by `until`."""
    ASKED.append((since, until))
    for at, employee in MOMENTS.items():
        if since < at <= until:
            yield Breach(
                violation="report_late", subject=f"report:{at:%d%H}", employee=employee, on=at.date(), at=at,
                facts={"at": at.isoformat()},
            )  # fmt: skip


def excuse_later(*, since, until, now):
    """Find the same, which is excused from the second time on that one asks."""
    again = bool(ASKED)
    for breach in detect(since=since, until=until, now=now):
        yield replace(breach, exempt="leave" if again else "")


def fail(*, since, until, now):
    """Fail as a detector may."""
    raise RuntimeError("broken")


def explain(facts):
    """Tell the moment of truth."""
    return f"due {facts['at']}"


def mended(violations):
    """Return what was mended meanwhile."""
    return {row.pk for row in violations if row.subject in MENDED}


@pytest.fixture
def detectors(monkeypatch):
    found = {"report_late": Detector(f"{HERE}.detect", f"{HERE}.explain", f"{HERE}.mended")}
    monkeypatch.setattr(detecting, "DETECTORS", found)
    monkeypatch.setattr("staff.domain.conduct.explaining.DETECTORS", found)
    MOMENTS.clear()
    ASKED.clear()
    MENDED.clear()
    return found


def test_a_late_run_finds_the_same_as_many_and_a_second_run_nothing(detectors):
    shop = Shop(TIERS)
    MOMENTS.update({day(3, number): shop.liu.pk for number in (2, 3, 4)})
    for now in (day(3, 2), day(3, 2), day(3, 3) + timedelta(hours=5)):
        detecting.find_violations(now=now)
    in_turn = list(Violation.objects.order_by("occurred_on").values_list("subject", "tier", "amount"))
    detecting.find_violations(now=day(3, 5))
    assert ASKED[0] == (day(1, 1), day(3, 2))  # from the first release on
    assert [until for _since, until in ASKED] == [since for since, _until in ASKED[1:]] + [day(3, 5)]
    late = list(Violation.objects.order_by("occurred_on").values_list("subject", "tier", "amount"))
    assert (in_turn, late[:2], [row[1] for row in late]) == (late[:2], in_turn, [1, 2, 3])
    DetectorMark.objects.update(until=day(1, 1))
    assert detecting.find_violations(now=day(3, 6))["known"] == 3


@pytest.fixture
def five(detectors, monkeypatch):
    """Return a shop that fines by itself, where five reports of one person are found late, in three chunks."""
    monkeypatch.setattr(detecting, "AT_ONCE", 2)
    shop = Shop(TIERS + '[ledger]\nconfirm = "auto"\ncap = 120\n')
    MOMENTS.update({day(3, number): shop.liu.pk for number in (2, 3, 4, 5, 6)})
    return shop


def test_much_at_once_costs_what_it_costs_in_turn(five):
    assert detecting.find_violations(now=day(3, 7)) == {"proposed": 5}
    assert amounts(five.liu) == [10, 20, 50, 40, 0]
    assert list(Violation.objects.order_by("occurred_on").values_list("tier", flat=True)) == [1, 2, 3, 4, 5]
    assert Activity.objects.filter(verb="violation.proposed").count() == 5
    assert Notification.objects.filter(kind="violation", recipient=five.liu).count() == 10  # proposed, confirmed


@pytest.mark.parametrize("chunks", [0, 1, 2])
def test_a_stop_between_chunks_loses_nothing_and_doubles_nothing(five, monkeypatch, chunks):
    proposed = []

    def stopped(breaches, *, now):
        if len(proposed) == chunks:
            raise RuntimeError("killed")
        proposed.append(propose(breaches, now=now))
        return proposed[-1]

    monkeypatch.setattr(detecting, "propose", stopped)
    with pytest.raises(RuntimeError):
        detecting.find_violations(now=day(3, 7))
    assert Violation.objects.count() == 2 * chunks
    assert not DetectorMark.objects.exists() or DetectorMark.objects.get().until == day(1, 1)
    monkeypatch.setattr(detecting, "propose", propose)
    detecting.find_violations(now=day(3, 8))
    assert amounts(five.liu) == [10, 20, 50, 40, 0]
    assert Activity.objects.filter(verb="violation.proposed").count() == 5
    assert DetectorMark.objects.get().until == day(3, 8)


def test_leave_that_is_granted_between_chunks_exempts_what_they_proposed(detectors, monkeypatch):
    shop = Shop()
    monkeypatch.setattr(detecting, "AT_ONCE", 2)
    detectors["report_late"] = Detector(f"{HERE}.excuse_later", f"{HERE}.explain")
    MOMENTS.update({day(3, number): shop.liu.pk for number in (2, 3, 4)})
    assert detecting.find_violations(now=day(3, 5)) == {"proposed": 3}
    assert set(Violation.objects.values_list("state", "exempt")) == {("waived", "leave")}


def test_a_detector_that_fails_stops_no_other_and_looks_again(detectors):
    shop = Shop()
    detectors["visit_overdue"] = Detector(f"{HERE}.fail", f"{HERE}.explain")
    detectors["zz"] = detectors["report_late"]
    MOMENTS[day(3, 2)] = shop.liu.pk
    with pytest.raises(RuntimeError):
        detecting.find_violations(now=day(3, 3))
    assert Violation.objects.count() == 1
    assert set(DetectorMark.objects.values_list("name", flat=True)) == {"report_late", "zz"}


def test_a_company_that_worked_before_is_not_judged_backwards(detectors):
    shop = Shop()
    DetectorMark.objects.create(name=detecting.EVERYTHING, until=day(3, 2, 12))
    MOMENTS.update({day(3, 2): shop.liu.pk, day(3, 3): shop.liu.pk})
    detecting.find_violations(now=day(3, 4))
    assert [row.occurred_on for row in Violation.objects.all()] == [date(2026, 3, 3)]
    detecting.find_violations(now=day(3, 1))  # a clock that was put back looks at nothing
    assert DetectorMark.objects.get(name="report_late").until == day(3, 4)


def test_before_there_is_a_regulation_nothing_is_looked_at(detectors):
    detecting.find_violations(now=day(3, 4))
    assert (ASKED, DetectorMark.objects.count()) == ([], 0)


def test_what_is_mended_before_confirmation_is_withdrawn_and_others_move_up(detectors):
    shop = Shop(TIERS)
    MOMENTS.update({day(3, number): shop.liu.pk for number in (2, 3, 4)})
    detecting.find_violations(now=day(3, 5))
    first, second, third = Violation.objects.order_by("occurred_on")
    confirm(third, actor=shop.wang, now=day(3, 5))
    MENDED.update({first.subject, third.subject})
    detecting.find_violations(now=day(3, 6))
    assert list(Violation.objects.order_by("occurred_on").values_list("state", "exempt", "tier")) == [
        ("waived", "mended", 2),  # as it stood when the third was confirmed before it
        ("proposed", "", 2),
        ("confirmed", "", 1),
    ]
    detecting.find_violations(now=day(3, 7))
    assert first.steps.filter(deed="mended").count() == 1
    with override("en"):
        first.refresh_from_db()
        assert "It was mended" in explanation(first)


def test_an_exempt_breach_is_shown_waived_and_counts_nowhere():
    shop = Shop(TIERS)
    waived = shop.broken(date(2026, 3, 2), exempt="outage")
    assert (waived.state, waived.exempt, waived.steps.last().deed) == ("waived", "outage", "exempted")
    assert shop.broken(date(2026, 3, 3)).tier == 1
    late = shop.breach(date(2026, 3, 4))
    propose([late], now=day(3, 5))
    propose([shop.breach(date(2026, 3, 4), subject=late.subject, exempt="leave")], now=day(3, 6))
    assert Violation.objects.get(subject=late.subject).exempt == "leave"  # the leave was granted afterwards
    propose([shop.breach(date(2026, 3, 4), subject=late.subject)], now=day(3, 7))
    assert Violation.objects.get(subject=late.subject).state == "waived"


def test_a_decision_is_sticky_against_another_run():
    shop = Shop()
    breach = shop.breach(date(2026, 3, 2))
    propose([breach], now=day(3, 3))
    violation = Violation.objects.get()
    confirm(violation, actor=shop.wang, now=day(3, 3))
    take_back(violation, actor=shop.wang, now=day(3, 4), text="看错")
    assert propose([breach], now=day(3, 5))["known"] == 1
    assert not exempt(violation, "leave", now=day(3, 6))
    assert (amounts(shop.liu), Violation.objects.get().state) == ([50, -50], "reversed")


def test_by_hand_it_takes_words_and_somebody_else():
    shop = Shop('[[penalty]]\ncode = "false"\nviolation = ["false_report", "misconduct"]\namount = 100\n')
    spec = entries_of(shop.release)["penalty", "false"]
    given = {"release": shop.release, "now": day(3, 3)}
    with pytest.raises(Refused):
        propose_by_hand(spec, shop.liu, "record:1", by=shop.wang, text=" ", **given)
    with pytest.raises(Refused):
        propose_by_hand(spec, shop.wang, "record:1", by=shop.wang, text="x", **given)
    made = propose_by_hand(spec, shop.liu, "record:1", by=shop.wang, text="没有打过这个电话", **given)
    assert (made.amount, made.tier, made.proposed_by, explanation(made)) == (10_000, 1, shop.wang, "没有打过这个电话")
    with pytest.raises(Refused):
        propose_by_hand(spec, shop.liu, "record:1", by=shop.zhou, text="又", **given)
    assert may_propose(shop.wang, shop.liu, on=date(2026, 3, 3))
    assert not may_propose(shop.far, shop.liu, on=date(2026, 3, 3))
    assert not may_propose(shop.chen, shop.liu, on=date(2026, 3, 3))


def test_a_figure_is_rewarded_once_and_told_with_its_fraction():
    shop = Shop('[[reward]]\ncode = "css"\nmetric = "css_average"\nop = ">="\nthreshold = 115\namount = 500\n')
    rule = Rule(shop.release, entries_of(shop.release)["reward", "css"])
    bar = {"op": ">=", "threshold": "115"}
    facts = figure_facts("css_average", period="2026-03", numerator="230", denominator="2", value="115", **bar)
    given = {"kind": "reward", "facts": facts, "on": date(2026, 3, 31), "now": day(4, 1), "workforce": load_workforce()}
    made, new = propose_figure(rule, shop.liu.pk, "2026-03", **given)
    again, old = propose_figure(rule, shop.liu.pk, "2026-03", **given)
    assert (made, new, old, made.amount) == (again, True, False, 50_000)
    confirm(made, actor=shop.zhou, now=day(4, 1))
    assert (amounts(shop.liu), LedgerEntry.objects.get().kind) == ([500], "reward")
    statement = close_month("2026-03", actor=shop.zhou, now=day(4, 2)).statements.get()
    assert (statement.rewards, statement.net) == (50_000, 50_000)
    with override("en"):
        assert "230 / 2 = 115" in explanation(made)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "due 2026-03-03T01:00:00+00:00 Number 2 in the month: 10 / 20 / 50 yuan."),
        ("zh-hans", "due 2026-03-03T01:00:00+00:00 当月第 2 次：依次为 10 / 20 / 50 元。"),
    ],
)
def test_the_moment_of_truth_and_the_tier_are_told(detectors, language, told):
    shop = Shop(TIERS)
    MOMENTS.update({day(3, number): shop.liu.pk for number in (2, 3)})
    detecting.find_violations(now=datetime(2026, 3, 4, tzinfo=UTC))
    with override(language):
        assert explanation(Violation.objects.get(occurred_on=date(2026, 3, 3))) == told


def test_who_answers_for_somebody_is_told_for_whom():
    shop = Shop(LATE + 'joint = [{ who = "role:department_manager", amount = 10 }]\n')
    violation = shop.broken(date(2026, 3, 2))
    with override("en"):
        assert (
            explanation(violation.joint.get())
            == f"report handed in late, 2026-03-02 Mon. Answers for Liu, #{violation.pk}."
        )
