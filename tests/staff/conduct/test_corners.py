"""Corners of money and conduct: points under a cap, dated managers, what follows its violation, the order of a day."""

from datetime import date, timedelta
from random import Random

import pytest
from django.utils.translation import override

from config.wiring import Detector
from staff.domain.conduct import detecting
from staff.domain.conduct.carrying_out import drop_of_leaver
from staff.domain.conduct.closing import close_month
from staff.domain.conduct.deciding import confirm, take_back, waive
from staff.domain.conduct.explaining import explanation
from staff.domain.conduct.proposing import propose, propose_by_hand
from staff.domain.conduct.rules import entries_of
from staff.domain.people import resign
from staff.models import LedgerEntry, Measure, Notification, Posting, Violation
from tests.staff.conduct.shop import TIERS, Shop, amounts, day, total

pytestmark = pytest.mark.django_db
PENALTY = '[[penalty]]\ncode = "late"\nviolation = "report_late"\n'
POINTS = (
    PENALTY + 'amount = 80\n[[penalty]]\ncode = "phrase"\nviolation = "phrase_not_mentioned"\namount = 30\n'
    'unit = "points"\n[ledger]\nfines_as = "points"\ncap = 100\n'
)
JOINT = PENALTY + 'amount = 50\njoint = [{ who = "role:department_manager", amount = 10 }]\n'
BOTH = (
    PENALTY + 'tiers = [30, 60, 90]\n[[penalty]]\ncode = "phrase"\nviolation = "phrase_not_mentioned"\namount = 50\n'
    '[ledger]\nstacking = "highest"\ncap = 100\n'
)


def mended(violations):
    """Say that the cause of every one of them is gone."""
    return {row.pk for row in violations}


def test_the_cap_holds_for_points_that_stand_for_fines_and_for_no_others():
    shop = Shop(POINTS)
    first = shop.confirmed(date(2026, 3, 2))
    shop.confirmed(date(2026, 3, 3), violation="phrase_not_mentioned")
    shop.confirmed(date(2026, 3, 4))
    shop.confirmed(date(2026, 3, 5), violation="phrase_not_mentioned")
    assert list(LedgerEntry.objects.order_by("pk").values_list("unit", "amount", "capped")) == [
        ("points", 8000, 0), ("points", 3000, 0), ("points", 2000, 6000), ("points", 3000, 0),
    ]  # fmt: skip
    take_back(first, actor=shop.zhou, now=day(3, 6), text="x")
    assert total(LedgerEntry.objects.all()) == 14_000


def test_who_managed_on_the_day_answers_however_late_it_is_found():
    shop = Shop(JOINT)
    new = shop.company.person("new", ["department_manager"], branch=shop.company.east)
    Posting.objects.filter(employee=shop.zhang).update(until_on=date(2026, 3, 9))
    Posting.objects.filter(employee=new).update(until_on=date(2026, 3, 9))
    for person, unit in ((shop.zhang, shop.company.sales), (new, shop.company.repairs)):
        Posting.objects.create(employee=person, branch=shop.company.east, department=unit, from_on=date(2026, 3, 10))
    propose([shop.breach(date(2026, 3, 9)), shop.breach(date(2026, 3, 10))], now=day(4, 20))
    joint = Violation.objects.filter(liability="joint").order_by("occurred_on")
    assert [one.employee.username for one in joint] == ["zhang", "new"]
    Posting.objects.filter(employee=shop.liu).update(until_on=date(2026, 3, 15))
    Posting.objects.create(
        employee=shop.liu, branch=shop.company.east, department=shop.company.sales, from_on=date(2026, 3, 16)
    )
    later = shop.broken(date(2026, 3, 16))
    assert [one.employee.username for one in later.joint.all()] == ["zhang"]
    confirm(Violation.objects.all(), actor=shop.zhou, now=day(4, 21))
    statements = close_month("2026-03", actor=shop.zhou, now=day(4, 22)).statements
    assert statements.get(employee=shop.liu).penalties == 15_000  # one statement of two departments


def test_a_joint_amount_that_lacks_does_not_hold_up_who_did_it():
    shop = Shop(PENALTY + 'amount = 50\njoint = [{ who = "role:department_manager", amount = "field:share" }]\n')
    violation = shop.broken(date(2026, 3, 2))
    confirm(violation, actor=shop.zhou, now=day(3, 3))
    joint = violation.joint.get()
    assert (joint.state, amounts(shop.liu), amounts(shop.zhang)) == ("proposed", [50], [])
    confirm(joint, actor=shop.zhou, now=day(3, 4), amount=1250, text="按损失分担")
    assert LedgerEntry.objects.get(employee=shop.zhang).amount == 1250


def test_who_answers_for_somebody_stays_as_long_as_the_violation_stands(monkeypatch):
    shop = Shop(JOINT)
    violation = shop.broken(date(2026, 3, 2))
    confirm(violation, actor=shop.zhang, now=day(3, 3))  # his own share is left to another
    open_one = shop.broken(date(2026, 3, 4))
    found = {"report_late": Detector("", "", f"{__name__}.mended")}
    monkeypatch.setattr(detecting, "DETECTORS", found)
    detecting.withdraw_mended(now=day(3, 5))
    assert [one.state for one in violation.joint.all()] == ["proposed"]
    assert [one.state for one in open_one.joint.all()] == ["waived"]
    heard = Notification.objects.filter(message__contains="was waived").values_list("recipient__username", flat=True)
    assert sorted(heard) == ["liu", "zhang"]


def test_together_they_are_confirmed_in_the_order_in_which_they_were_shown():
    shop = Shop(TIERS)
    early = shop.broken(date(2026, 3, 2), at=day(3, 2, 8))
    untimed = shop.broken(date(2026, 3, 2))  # proposed at ten, after it
    early.refresh_from_db()
    assert (early.tier, untimed.tier) == (1, 2)
    confirm([untimed, early], actor=shop.zhou, now=day(3, 3))
    assert list(Violation.objects.order_by("pk").values_list("tier", flat=True)) == [1, 2]


def test_a_breach_that_turns_out_exempt_takes_its_joint_one_along_and_later_ones_move_up():
    shop = Shop(TIERS + 'joint = [{ who = "role:department_manager", amount = 10 }]\n')
    first, second = shop.broken(date(2026, 3, 2)), shop.broken(date(2026, 3, 3))
    propose([shop.breach(date(2026, 3, 2), subject=first.subject, exempt="leave")], now=day(3, 4))
    second.refresh_from_db()
    assert (second.tier, [one.state for one in first.joint.all()]) == (1, ["waived"])


def test_what_was_proposed_by_hand_is_told_for_who_answers_for_it_as_well():
    text = '[[penalty]]\ncode = "rude"\ntitle = "顶撞客户"\nviolation = ["misconduct", "privacy_breach"]\namount = 50\n'
    shop = Shop(text + 'joint = [{ who = "role:department_manager", amount = 10 }]\n')
    spec = entries_of(shop.release)["penalty", "rude"]
    given = {"release": shop.release, "now": day(3, 3), "by": shop.wang, "text": "在电话里骂人"}
    made = propose_by_hand(spec, shop.liu, "hand:1", violation="misconduct", **given)
    bare = shop.broken(date(2026, 3, 5), violation="privacy_breach")
    with override("en"):
        assert explanation(made.joint.get()) == f"在电话里骂人 Answers for Liu, #{made.pk}."
        assert explanation(bare) == "breach of privacy, 2026-03-05 Thu."


def test_who_has_left_is_neither_trained_nor_dismissed_and_keeps_what_was_decided():
    shop = Shop(PENALTY + 'amount = 50\nalso = ["retraining", "dismissal_proposal", "legal_referral"]\n')
    violation = shop.confirmed(date(2026, 3, 2))
    resign(shop.liu, hand_over_to=None, left_on=date(2026, 3, 20), actor=None, now=day(3, 5))
    assert drop_of_leaver(shop.liu, now=day(3, 5)) == 0  # still here until then
    resigned = shop.company.person("gone")
    assert drop_of_leaver(resigned, now=day(3, 5)) == 0
    shop.liu.left_on, shop.liu.is_active = date(2026, 3, 20), False
    drop_of_leaver(shop.liu, now=day(3, 21))
    told = dict(Measure.objects.filter(violation=violation).values_list("what", "state"))
    assert told == {"retraining": "dropped", "dismissal_proposal": "dropped", "legal_referral": "open"}
    assert close_month("2026-03", actor=shop.zhou, now=day(4, 1)).statements.get().penalties == 5000


@pytest.mark.parametrize("seed", range(6))
def test_the_sum_of_a_month_is_the_same_in_whatever_order_things_are_decided(seed):
    """Stacking and a cap at once: of each visit the highest that stands, of a month no more than the cap."""
    draw = Random(seed)
    shop, standing = Shop(BOTH), {}
    for number in range(9):
        kind, visit = draw.choice(["report_late", "phrase_not_mentioned"]), f"task:{draw.randrange(4)}"
        made = shop.broken(date(2026, 3, 2) + timedelta(number), violation=kind, facts={"visit": visit})
        confirm(made, actor=shop.zhou, now=day(3, 20)) if draw.random() < 0.8 else waive(
            made, actor=shop.zhou, now=day(3, 20), text="x"
        )
        if draw.random() < 0.3:
            row = draw.choice(list(Violation.objects.filter(state="confirmed")) or [None])
            _ = row and take_back(row, actor=shop.zhou, now=day(3, 21), text="x")
    for row in Violation.objects.filter(state="confirmed"):
        visit = row.facts["visit"]
        standing[visit] = max(standing.get(visit, 0), row.amount)
    assert total(LedgerEntry.objects.all()) == min(10_000, sum(standing.values()))
