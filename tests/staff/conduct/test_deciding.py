"""Who may do what, when, with which words; what follows of it for others."""

from datetime import date

import pytest

from staff.domain.conduct.closing import close_month, settle
from staff.domain.conduct.deciding import (
    appeal,
    appeal_until,
    confirm,
    decide_appeal,
    deeds_open,
    remark,
    take_back,
    waive,
)
from staff.domain.conduct.refusing import Refused
from staff.domain.conduct.rights import Rights
from staff.models import Activity, Measure, Notification, Violation
from tests.staff.conduct.shop import LATE, TIERS, Shop, amounts, day

pytestmark = pytest.mark.django_db
HR = '[ledger]\nconfirm = "role:cs_supervisor"\nsettle = "role:hr"\n'
RANGE = (
    '[[penalty]]\ncode = "late"\nviolation = "report_late"\nrange = [50, 200]\n'
    'joint = [{ who = "role:department_manager", amount = 50 }]\n'
)
CHOICE = '[[penalty]]\ncode = "late"\nviolation = "report_late"\nchoose = ["bonus_cut", "coaching", "interview"]\n'


def refusal(deed, *given, **options) -> str:
    """Return why a deed is refused."""
    with pytest.raises(Refused) as refused:
        deed(*given, **options)
    return refused.value.code


def test_only_who_looks_after_the_unit_confirms_and_nobody_his_own():
    shop = Shop()
    violation = shop.broken(date(2026, 3, 2))
    own = shop.broken(date(2026, 3, 2), shop.wang)
    assert refusal(confirm, violation, actor=shop.far, now=day(3, 3)) == "right"
    assert refusal(confirm, violation, actor=shop.chen, now=day(3, 3)) == "right"
    assert refusal(confirm, violation, actor=shop.liu, now=day(3, 3)) == "own"
    assert refusal(waive, own, actor=shop.wang, now=day(3, 3), text="我") == "own"
    assert refusal(waive, violation, actor=shop.wang, now=day(3, 3), text=" ") == "text"
    confirm([violation, own], actor=shop.zhou, now=day(3, 3))
    assert refusal(confirm, violation, actor=shop.zhou, now=day(3, 4)) == "state"
    assert (amounts(shop.liu), amounts(shop.wang)) == ([50], [50])


def test_several_are_confirmed_together_or_not_at_all():
    shop = Shop()
    mine, own = shop.broken(date(2026, 3, 2)), shop.broken(date(2026, 3, 2), shop.wang)
    assert refusal(confirm, [mine, own], actor=shop.wang, now=day(3, 3)) == "own"
    assert amounts(shop.liu) == []


def test_the_pack_names_who_confirms_and_who_settles():
    shop = Shop(LATE + HR)
    lina = shop.company.person("lina", ["cs_supervisor"], branch=shop.company.east)
    violation = shop.broken(date(2026, 3, 2))
    assert refusal(confirm, violation, actor=shop.zhou, now=day(3, 3)) == "right"
    confirm(violation, actor=lina, now=day(3, 3))
    close_month("2026-03", actor=shop.hr, now=day(4, 1))
    assert refusal(settle, "2026-03", actor=lina, now=day(4, 1)) == "right"
    assert settle("2026-03", actor=shop.hr, now=day(4, 1)) == {"settled": 1}


def test_the_program_confirms_at_once_where_the_pack_says_auto_and_leaves_the_appeal():
    shop = Shop(LATE + '[ledger]\nconfirm = "auto"\n')
    violation = shop.broken(date(2026, 3, 2))
    assert (violation.state, violation.decided_by, amounts(shop.liu)) == ("confirmed", None, [50])
    appeal(violation, actor=shop.liu, now=day(3, 9), text="停电")
    decide_appeal(violation, uphold=False, actor=shop.zhou, now=day(3, 10), text="属实")
    assert amounts(shop.liu) == [50, -50]


def test_an_appeal_is_open_for_its_own_days_and_once():
    shop = Shop(LATE + '[ledger]\nappeal = "3d"\n')
    violation = shop.confirmed(date(2026, 3, 2))
    assert appeal_until(violation) == date(2026, 3, 5)
    assert refusal(appeal, violation, actor=shop.chen, now=day(3, 3), text="x") == "right"
    assert refusal(appeal, violation, actor=shop.liu, now=day(3, 6, 0), text="x") == "late"
    assert refusal(appeal, violation, actor=shop.liu, now=day(3, 5, 23), text="") == "text"
    appeal(violation, actor=shop.liu, now=day(3, 5, 23), text="已交")
    assert refusal(decide_appeal, violation, uphold=True, actor=shop.zhou, now=day(3, 6), text="x") == "right"
    assert refusal(decide_appeal, violation, uphold=True, actor=shop.wang, now=day(3, 6), text=" ") == "text"
    decide_appeal(violation, uphold=True, actor=shop.wang, now=day(3, 6), text="未交")
    assert (violation.steps.last().deed, violation.steps.last().text) == ("upheld", "未交")
    assert Activity.objects.filter(verb="violation.upheld").count() == 1
    assert Notification.objects.get(recipient=shop.liu, message__contains="turned down")
    violation.refresh_from_db()
    assert (violation.state, violation.decided_by) == ("confirmed", shop.zhou)
    assert refusal(appeal, violation, actor=shop.liu, now=day(3, 5, 23), text="再") == "state"
    assert refusal(decide_appeal, violation, uphold=False, actor=shop.wang, now=day(3, 7), text="x") == "state"


def test_who_settled_something_can_still_be_answered_in_the_window():
    shop = Shop()
    violation = shop.broken(date(2026, 3, 31))
    confirm(violation, actor=shop.wang, now=day(4, 1))
    close_month("2026-03", actor=shop.zhou, now=day(4, 2))
    settle("2026-03", actor=shop.zhou, now=day(4, 2))
    appeal(violation, actor=shop.liu, now=day(4, 3), text="x")
    decide_appeal(violation, uphold=True, actor=shop.zhang, now=day(4, 3), text="x")
    assert Violation.objects.get(pk=violation.pk).state == "settled"


def test_a_mistake_is_taken_back_and_open_ones_move_up():
    shop = Shop(TIERS)
    first, second = shop.confirmed(date(2026, 3, 2)), shop.confirmed(date(2026, 3, 3))
    third = shop.broken(date(2026, 3, 4))
    assert (second.tier, third.tier) == (2, 3)
    assert refusal(take_back, first, actor=shop.far, now=day(3, 5), text="x") == "right"
    assert refusal(take_back, first, actor=shop.liu, now=day(3, 5), text="x") == "own"
    assert refusal(take_back, first, actor=shop.zhou, now=day(3, 5), text=" ") == "text"
    assert refusal(take_back, third, actor=shop.zhou, now=day(3, 5), text="x") == "state"
    take_back(first, actor=shop.zhou, now=day(3, 5), text="看错")
    third.refresh_from_db()
    second.refresh_from_db()
    assert (second.tier, third.tier, third.amount) == (2, 2, 2000)  # what was confirmed keeps its own
    assert amounts(shop.liu) == [10, 20, -10]


def test_a_range_is_chosen_inside_it_with_a_reason():
    shop = Shop(RANGE)
    violation = shop.broken(date(2026, 3, 2))
    now, boss = day(3, 3), shop.zhou
    assert violation.amount is None
    assert refusal(confirm, violation, actor=boss, now=now) == "amount"
    for outside in (4900, 20100, 5, -5000):
        assert refusal(confirm, violation, actor=boss, now=now, amount=outside, text="x") == "amount"
    assert refusal(confirm, violation, actor=boss, now=now, amount=12_000) == "text"
    confirm(violation, actor=boss, now=now, amount=12_000, text="情节严重")
    assert (amounts(shop.liu), amounts(shop.zhang)) == ([120], [50])
    for edge in (5000, 20_000):
        confirm(shop.broken(date(2026, 3, 4)), actor=boss, now=now, amount=edge, text="x")
    assert amounts(shop.liu) == [120, 50, 200]


def test_an_amount_that_the_regulation_fixes_is_not_chosen():
    shop = Shop()
    violation = shop.broken(date(2026, 3, 2))
    assert refusal(confirm, violation, actor=shop.zhou, now=day(3, 3), amount=100, text="x") == "amount"
    assert refusal(confirm, violation, actor=shop.zhou, now=day(3, 3), choose=["coaching"]) == "choice"


def test_measures_are_chosen_and_the_cut_of_a_bonus_brings_its_amount():
    shop = Shop(CHOICE)
    violation = shop.broken(date(2026, 3, 2))
    assert refusal(confirm, violation, actor=shop.zhou, now=day(3, 3)) == "choice"
    assert refusal(confirm, violation, actor=shop.zhou, now=day(3, 3), choose=["bonus_cut"]) == "amount"
    confirm(violation, actor=shop.zhou, now=day(3, 3), choose=["bonus_cut", "coaching"], amount=20_000, text="屡犯")
    other = shop.broken(date(2026, 3, 4))
    confirm(other, actor=shop.zhou, now=day(3, 5), choose=["interview"])
    assert amounts(shop.liu) == [200, 0]
    told = Measure.objects.order_by("pk").values_list("what", "state", "due_on")
    assert list(told) == [
        ("bonus_cut", "done", None),
        ("coaching", "open", date(2026, 3, 10)),
        ("interview", "open", date(2026, 3, 12)),
    ]


def test_every_deed_leaves_its_step_its_line_and_its_word():
    shop = Shop()
    violation = shop.broken(date(2026, 3, 2))
    remark(violation, actor=shop.liu, now=day(3, 2), text="网断了")
    assert refusal(remark, violation, actor=shop.chen, now=day(3, 2), text="x") == "right"
    assert refusal(remark, violation, actor=shop.liu, now=day(3, 2), text=" ") == "text"
    assert deeds_open(violation, Rights(shop.wang, date(2026, 3, 3)), now=day(3, 3)) == {"confirm", "waive", "remark"}
    confirm(violation, actor=shop.wang, now=day(3, 3))
    violation.refresh_from_db()
    assert deeds_open(violation, Rights(shop.liu, date(2026, 3, 3)), now=day(3, 3)) == {"appeal", "remark"}
    appeal(violation, actor=shop.liu, now=day(3, 4), text="已交")
    violation.refresh_from_db()
    assert deeds_open(violation, Rights(shop.wang, date(2026, 3, 4)), now=day(3, 4)) == {"remark"}
    assert deeds_open(violation, Rights(shop.zhang, date(2026, 3, 4)), now=day(3, 4)) == {"decide", "remark"}
    decide_appeal(violation, uphold=False, actor=shop.zhang, now=day(3, 5), text="属实")
    deeds = list(violation.steps.values_list("deed", "by__username"))
    assert deeds == [
        ("proposed", None), ("remarked", "liu"), ("confirmed", "wang"), ("appealed", "liu"), ("reversed", "zhang"),
    ]  # fmt: skip
    verbs = Activity.objects.filter(subject_type="violation").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == [f"violation.{deed}" for deed, _by in deeds]
    told = Notification.objects.filter(recipient=shop.liu).order_by("pk").values_list("message", flat=True)
    assert [text.split(" was ")[1][:5] for text in told] == ["noted", "confi", "taken"]
    asked = Notification.objects.filter(message__contains="appeals")
    assert set(asked.values_list("recipient__username", flat=True)) == {"zhang", "zhou"}
