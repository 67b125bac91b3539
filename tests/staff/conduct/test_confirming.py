"""From a breach to an entry: once, with its tier, by who may."""

from datetime import date

import pytest

from staff.domain.conduct.closing import close_month, settle
from staff.domain.conduct.deciding import appeal, confirm, decide_appeal, waive
from staff.domain.conduct.proposing import propose
from staff.domain.conduct.refusing import Refused
from staff.models import LedgerEntry, Violation
from tests.staff.conduct.shop import TIERS, Shop, amounts, day

pytestmark = pytest.mark.django_db


def test_a_breach_is_proposed_once_and_posted_on_confirmation():
    shop = Shop()
    breach = shop.breach(date(2026, 3, 2))
    assert propose([breach], now=day(3, 3)) == {"proposed": 1, "unruled": 0}
    assert propose([breach], now=day(3, 4)) == {"known": 1, "unruled": 0}
    [violation] = Violation.objects.all()
    assert (violation.state, violation.amount, violation.tier) == ("proposed", 5000, 1)
    confirm(violation, actor=shop.wang, now=day(3, 4))
    [entry] = LedgerEntry.objects.all()
    assert (entry.amount, entry.period, entry.counts_in, entry.employee) == (5000, "2026-03", "2026-03", shop.liu)


def test_tiers_follow_what_is_decided():
    shop = Shop(TIERS)
    first, second, third = (shop.broken(date(2026, 3, number)) for number in (2, 3, 4))
    third.refresh_from_db()
    assert (third.tier, third.amount) == (3, 5000)
    waive(first, actor=shop.wang, now=day(3, 5), text="停电")
    third.refresh_from_db()
    assert (third.tier, third.amount) == (2, 2000)
    confirm([second, third], actor=shop.wang, now=day(3, 6))
    assert amounts(shop.liu) == [10, 20]


def test_an_appeal_is_decided_by_another_and_countered():
    shop = Shop()
    violation = shop.broken(date(2026, 3, 2))
    confirm(violation, actor=shop.wang, now=day(3, 3))
    appeal(violation, actor=shop.liu, now=day(3, 4), text="当天停电")
    with pytest.raises(Refused):
        decide_appeal(violation, uphold=False, actor=shop.wang, now=day(3, 5), text="对")
    decide_appeal(violation, uphold=False, actor=shop.zhang, now=day(3, 5), text="对")
    assert amounts(shop.liu) == [50, -50]


def test_a_month_is_closed_once():
    shop = Shop()
    shop.confirmed(date(2026, 3, 2))
    first = close_month("2026-03", actor=shop.zhou, now=day(4, 1))
    assert close_month("2026-03", actor=shop.zhou, now=day(4, 2)) == first
    [statement] = first.statements.all()
    assert (statement.penalties, statement.rewards, statement.net) == (5000, 0, -5000)
    assert settle("2026-03", actor=shop.zhou, now=day(4, 2)) == {"settled": 1}
    late = shop.confirmed(date(2026, 3, 31))
    assert (late.entries.get().period, late.entries.get().counts_in) == ("2026-04", "2026-03")
