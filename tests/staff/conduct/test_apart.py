"""What is kept apart: persons, regulations, units, under a cap and of one visit; who decides where; joint shares."""

from datetime import date

import pytest

from staff.domain.conduct.deciding import appeal, confirm, deeds_open, take_back, waive
from staff.domain.conduct.proposing import may_propose, propose_figure
from staff.domain.conduct.refusing import Refused
from staff.domain.conduct.rights import Rights
from staff.domain.conduct.rules import Rule, entries_of
from staff.domain.workforce import load_workforce
from staff.models import LedgerEntry, Policy, Posting, Violation
from tests.staff.conduct.shop import LATE, Shop, amounts, day

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 2)
TWO = (
    '[[penalty]]\ncode = "low"\nviolation = "report_late"\namount = 50\n'
    '[[penalty]]\ncode = "high"\nviolation = "report_missing"\namount = 80\n'
    '[[penalty]]\ncode = "points"\nviolation = "visit_overdue"\namount = 90\nunit = "points"\n'
)
REWARD = '[[reward]]\ncode = "css"\nmetric = "css_average"\nop = ">="\nthreshold = 115\namount = 500\n'
JOINT = LATE + 'joint = [{ who = "role:department_manager", amount = 10 }]\n'


def with_another_regulation(text: str) -> tuple[Shop, int]:
    """Return a shop under two regulations that say the same, and the release of the other one."""
    shop = Shop(text)
    ours = (shop.policy, shop.release)
    shop.policy = Policy.objects.create(slug="other", title="另一制度", effective_from=date(2026, 1, 1))
    other = shop.say(text + '[[clause]]\nref = "1"\ntext = "另一制度"\n').pk
    shop.policy, shop.release = ours
    return shop, other


def test_of_one_visit_only_the_same_persons_same_regulations_same_unit_counts_against_each_other():
    shop, other = with_another_regulation(TWO + '[ledger]\nstacking = "highest"\n')
    visit = {"facts": {"visit": "task:7"}}
    shop.confirmed(ON, **visit)
    shop.confirmed(ON, shop.chen, violation="report_missing", **visit)
    shop.confirmed(ON, violation="report_missing", release=other, **visit)
    shop.confirmed(ON, violation="visit_overdue", **visit)
    assert (amounts(shop.liu), amounts(shop.chen)) == ([50, 80, 90], [80])
    shop.confirmed(ON, violation="report_missing", **visit)
    assert amounts(shop.liu) == [50, 80, 90, -50, 0, 80]


def test_without_stacking_each_clause_of_a_visit_costs_its_own():
    shop = Shop(TWO)
    shop.confirmed(ON, facts={"visit": "task:7"})
    shop.confirmed(ON, violation="report_missing", facts={"visit": "task:7"})
    assert amounts(shop.liu) == [50, 80]


def test_of_equal_ones_of_a_visit_the_first_counts():
    shop = Shop(TWO + '[ledger]\nstacking = "highest"\n')
    shop.confirmed(ON, facts={"visit": "task:7"})
    shop.confirmed(ON, subject="task:7")
    assert amounts(shop.liu) == [50, 0]


def test_a_cap_is_of_one_person_under_one_regulation_in_money():
    shop, other = with_another_regulation(TWO + "[ledger]\ncap = 60\n")
    shop.confirmed(ON, shop.chen)
    shop.confirmed(ON, release=other)
    shop.confirmed(ON, violation="visit_overdue")
    first = shop.confirmed(ON)
    assert (amounts(shop.liu), amounts(shop.chen)) == ([50, 90, 50], [50])
    shop.confirmed(ON)
    shop.confirmed(ON)
    assert amounts(shop.liu)[3:] == [10, 0]
    take_back(first, actor=shop.zhou, now=day(3, 3), text="看错")
    assert amounts(shop.liu)[5:] == [-50, -10, 50, 0, 10]
    assert [entry.capped for entry in LedgerEntry.objects.filter(reversed_by=None, reverses=None, unit="CNY")] == [
        0, 0, 0, 4000,
    ]  # fmt: skip


def test_a_cap_leaves_rewards_whole_and_moves_nothing_where_there_is_no_room():
    shop = Shop(TWO + REWARD + "[ledger]\ncap = 60\n")
    rule = Rule(shop.release, entries_of(shop.release)["reward", "css"])
    given = {"kind": "reward", "facts": {}, "on": ON, "now": day(3, 2), "workforce": load_workforce()}
    prize, _new = propose_figure(rule, shop.liu.pk, "2026-03", **given)
    confirm(prize, actor=shop.zhou, now=day(3, 2))
    *_two, third = (shop.confirmed(ON) for _time in range(3))
    assert amounts(shop.liu) == [500, 50, 10, 0]
    take_back(third, actor=shop.zhou, now=day(3, 3), text="看错")
    assert amounts(shop.liu) == [500, 50, 10, 0, 0]


def test_whom_the_pack_names_confirms_what_happened_in_his_unit():
    shop = Shop()
    east, west = shop.company.east, shop.company.west
    seller = shop.company.person("sun", ["department_manager"], branch=east, department=shop.company.sales)
    far = shop.company.person("ma", ["hr"], branch=west)
    roaming = shop.company.person("gu", ["hr"])
    boss_of_west = shop.company.person("bo", ["general_manager"], branch=west)
    Posting.objects.filter(employee=shop.liu).update(line_manager=shop.chen)
    Posting.objects.filter(employee=shop.wang).update(line_manager=seller)
    named = {
        "role:department_manager": {shop.zhang},
        "role:hr": {shop.hr, roaming},
        "role:general_manager": {shop.zhou, boss_of_west},
        "role:quality_manager": {shop.wang},
        "line_manager": {shop.chen},
    }
    everybody = [shop.zhang, shop.wang, shop.far, shop.zhou, shop.hr, shop.chen, seller, far, roaming, boss_of_west]
    for number, (who, expected) in enumerate(named.items()):
        release = shop.say(LATE + f'[ledger]\nconfirm = "{who}"\n')
        violation = shop.broken(date(2026, 3, 2 + number), release=release.pk)
        assert {one for one in everybody if Rights(one, ON).may_confirm(violation)} == expected, who
        assert not Rights(shop.liu, ON).may_confirm(violation)


def test_nobody_carries_out_or_decides_a_dismissal_of_his_own():
    shop = Shop()
    of_wang, of_hr, of_zhou = (shop.broken(ON, one) for one in (shop.wang, shop.hr, shop.zhou))
    may = {
        name: [Rights(one, ON).may_carry_out(what) for what in (of_wang, of_hr, of_zhou)]
        for name, one in (("wang", shop.wang), ("hr", shop.hr), ("zhou", shop.zhou), ("chen", shop.chen))
    }
    assert may == {
        "wang": [False, True, False],  # who is of no branch is not in the branch that she looks after
        "hr": [True, False, True],
        "zhou": [True, True, False],
        "chen": [False, False, False],
    }
    asked = [(one, what) for one in (shop.hr, shop.zhou) for what in (of_wang, of_hr, of_zhou)]
    dismiss = [Rights(one, ON).may_dismiss(what) for one, what in asked]
    assert dismiss == [True, False, True, True, True, False]
    assert not Rights(shop.wang, ON).may_dismiss(of_hr)
    assert not may_propose(shop.zhou, shop.zhou, on=ON)


def test_the_program_leaves_to_people_what_the_clause_leaves_to_them():
    shop = Shop(JOINT + '[ledger]\nconfirm = "auto"\n')
    shop.broken(ON)
    assert (amounts(shop.liu), amounts(shop.zhang)) == ([50], [10])
    auto = '[ledger]\nconfirm = "auto"\n'
    for choice in ('choose = ["coaching", "interview"]', "range = [50, 200]", 'amount = "field:loss_amount"'):
        release = shop.say(f'[[penalty]]\ncode = "open"\nviolation = "misconduct"\n{choice}\n{auto}')
        assert shop.broken(ON, violation="misconduct", release=release.pk).state == "proposed"


def test_joint_shares_follow_once_also_where_they_are_ticked_themselves():
    shop = Shop(JOINT)
    kept, gone = shop.broken(ON), shop.broken(date(2026, 3, 3))
    confirm([kept, kept.joint.get()], actor=shop.zhou, now=day(3, 4))
    waive([gone, gone.joint.get()], actor=shop.zhou, now=day(3, 4), text="停电")
    for violation, deed in ((kept, "confirmed"), (gone, "waived")):
        for one in (violation, violation.joint.get()):
            assert list(one.steps.order_by("pk").values_list("deed", flat=True)) == ["proposed", deed]
    assert gone.joint.get().steps.last().text == "停电"
    take_back(kept, actor=shop.zhou, now=day(3, 5), text="看错")
    last = kept.joint.get().steps.order_by("pk").last()
    assert (last.deed, last.text, last.by) == ("reversed", "看错", shop.zhou)


def test_what_one_may_do_follows_state_person_and_day():
    shop = Shop(LATE + '[ledger]\nappeal = "3d"\n')
    violation = shop.broken(ON)

    def open_to(person, on=3):
        found = Violation.objects.select_related("release__policy", "employee").get(pk=violation.pk)
        return deeds_open(found, Rights(person, date(2026, 3, on)), now=day(3, on))

    assert (open_to(shop.chen), open_to(shop.far), open_to(shop.liu)) == (set(), set(), {"remark"})
    confirm(violation, actor=shop.wang, now=day(3, 3))
    assert open_to(shop.wang) == {"take_back", "remark"}
    assert (open_to(shop.liu, 6), open_to(shop.liu, 7), open_to(shop.chen)) == ({"appeal", "remark"}, {"remark"}, set())
    appeal(violation, actor=shop.liu, now=day(3, 4), text="已交")
    assert (open_to(shop.liu), open_to(shop.zhou)) == ({"remark"}, {"decide", "remark"})
    with pytest.raises(Refused):  # who appeals gets an answer
        take_back(violation, actor=shop.zhou, now=day(3, 4), text="x")
