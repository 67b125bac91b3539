"""What a confirmation brings besides: joint liability, measures, caps, the highest of a visit, points for fines."""

from datetime import date
from decimal import Decimal

import pytest

from staff.domain.conduct.carrying_out import close
from staff.domain.conduct.closing import close_month, settle
from staff.domain.conduct.deciding import appeal, confirm, decide_appeal, take_back, waive
from staff.domain.conduct.months import to_settle
from staff.domain.conduct.proposing import propose
from staff.domain.conduct.refusing import Refused
from staff.models import LedgerEntry, Measure, Notification, Violation
from tests.staff.conduct.shop import Shop, amounts, day, total

pytestmark = pytest.mark.django_db
PENALTY = '[[penalty]]\ncode = "late"\nviolation = "report_late"\n'
JOINT = PENALTY + 'amount = 50\njoint = [{ who = "role:department_manager", amount = 10 }]\n'
THIRD = (
    PENALTY + "tiers = [10, 20, 50]\n"
    'joint = [{ who = "role:department_manager", amount = 30, from_tier = 3 }]\n'
    'also = ["personnel_note", { what = "announcement", from_tier = 3 }]\n'
)
CAPPED = PENALTY + "amount = 80\n[ledger]\ncap = 200\n"
HIGHEST = (
    PENALTY + 'amount = 50\n[[penalty]]\ncode = "phrase"\nviolation = "phrase_not_mentioned"\namount = 80\n'
    '[ledger]\nstacking = "highest"\n'
)
FOURTH = PENALTY + 'from_count = 4\ntier_period = "3m"\nalso = ["dismissal_proposal"]\n'


def states(**facts) -> list[str]:
    """Return the states of violations by id."""
    return list(Violation.objects.filter(**facts).order_by("pk").values_list("state", flat=True))


def test_the_manager_of_the_day_answers_with_his_people():
    shop = Shop(JOINT)
    violation = shop.broken(date(2026, 3, 2))
    joint = violation.joint.get()
    assert (joint.employee, joint.amount, joint.liability, joint.subject) == (
        shop.zhang,
        1000,
        "joint",
        violation.subject,
    )
    with pytest.raises(Refused) as refused:
        confirm(joint, actor=shop.zhou, now=day(3, 3))
    assert refused.value.code == "state"  # who did it comes first
    confirm(violation, actor=shop.wang, now=day(3, 3))
    assert (amounts(shop.liu), amounts(shop.zhang)) == ([50], [10])
    take_back(violation, actor=shop.zhou, now=day(3, 4), text="看错")
    assert (amounts(shop.liu), amounts(shop.zhang)) == ([50, -50], [10, -10])
    assert states() == ["reversed", "reversed"]


def test_a_manager_confirms_his_people_and_leaves_his_own_share_to_another():
    shop = Shop(JOINT)
    violation = shop.broken(date(2026, 3, 2))
    assert confirm(violation, actor=shop.zhang, now=day(3, 3)) == [violation]
    assert states() == ["confirmed", "proposed"]
    waived = shop.broken(date(2026, 3, 4))
    waive(waived, actor=shop.zhang, now=day(3, 5), text="停电")
    assert states(subject=waived.subject) == ["waived", "waived"]
    shared = violation.joint.get()
    confirm(shared, actor=shop.wang, now=day(3, 6))
    appeal(shared, actor=shop.zhang, now=day(3, 7), text="我已提醒")
    decide_appeal(shared, uphold=False, actor=shop.zhou, now=day(3, 8), text="属实")
    assert (amounts(shop.liu), amounts(shop.zhang)) == ([50], [10, -10])  # who did it still answers


@pytest.mark.parametrize(
    ("who", "liable"),
    [
        ("role:quality_manager", "wang"),
        ("role:general_manager", "zhou"),
        ("role:expert", None),
        ("coordinator", "chen"),
        ("line_manager", None),
    ],
)
def test_who_answers_is_asked_as_of_the_day(who, liable):
    shop = Shop(PENALTY + f'amount = 50\njoint = [{{ who = "{who}", amount = 10 }}]\n')
    violation = shop.broken(date(2026, 3, 2), fields={"coordinator": shop.chen.pk})
    assert [one.employee.username for one in violation.joint.all()] == ([liable] if liable else [])


def test_a_manager_answers_for_nothing_that_he_did_himself_or_that_happened_elsewhere():
    shop = Shop(JOINT)
    assert not shop.broken(date(2026, 3, 2), shop.zhang).joint.exists()
    seller = shop.company.person("sun", branch=shop.company.east, department=shop.company.sales)
    assert not shop.broken(date(2026, 3, 2), seller).joint.exists()
    elsewhere = shop.company.person("ma", branch=shop.company.west, department=shop.company.west_repairs)
    assert not shop.broken(date(2026, 3, 2), elsewhere).joint.exists()


def test_the_third_is_announced_and_shared_only_if_it_is_confirmed_as_third():
    shop = Shop(THIRD)
    three = [shop.broken(date(2026, 3, number)) for number in (2, 3, 4)]
    assert Violation.objects.filter(liability="joint").count() == 1  # of the third, as it stands
    waive(three[0], actor=shop.wang, now=day(3, 5), text="停电")
    confirm(three[1:], actor=shop.wang, now=day(3, 6))
    assert (amounts(shop.liu), states(liability="joint")) == ([10, 20], ["waived"])
    confirm(shop.broken(date(2026, 3, 9)), actor=shop.wang, now=day(3, 10))
    assert amounts(shop.liu) == [10, 20, 50]
    assert Measure.objects.filter(what="announcement").count() == 1
    heard = Notification.objects.filter(kind="announcement").values_list("recipient__username", flat=True)
    assert set(heard) == {"liu", "chen", "zhang", "wang", "hr"}  # those of the branch
    assert states(liability="joint") == ["waived", "confirmed"]


def test_the_cap_holds_in_any_order_and_gives_room_back():
    shop = Shop(CAPPED)
    one, two, three, four = (shop.confirmed(date(2026, 3, number)) for number in (2, 3, 4, 5))
    assert amounts(shop.liu) == [80, 80, 40, 0]
    assert [entry.capped for entry in LedgerEntry.objects.order_by("pk")] == [0, 0, 4000, 8000]
    take_back(one, actor=shop.zhou, now=day(3, 6), text="x")
    assert total(LedgerEntry.objects.all()) == 16_000 + 4_000
    take_back(two, actor=shop.zhou, now=day(3, 6), text="x")
    assert total(LedgerEntry.objects.all()) == 16_000
    shop.confirmed(date(2026, 4, 1))
    assert total(LedgerEntry.objects.filter(period="2026-04")) == 8_000
    take_back(three, actor=shop.zhou, now=day(4, 2), text="x")
    close_month("2026-03", actor=shop.zhou, now=day(4, 3))
    take_back(four, actor=shop.zhou, now=day(4, 4), text="x")
    assert [total(LedgerEntry.objects.filter(period=f"2026-0{month}")) for month in (3, 4)] == [8_000, 0]


def test_a_closed_month_gives_back_and_takes_no_more():
    shop = Shop(CAPPED.replace("200", "100"))
    first, second = shop.confirmed(date(2026, 3, 2)), shop.confirmed(date(2026, 3, 3))
    close_month("2026-03", actor=shop.zhou, now=day(4, 1))
    take_back(first, actor=shop.zhou, now=day(4, 2), text="x")
    assert amounts(shop.liu) == [80, 20, -80]
    assert amounts(shop.liu, violation=second) == [20]


def test_of_one_visit_the_highest_alone_counts_and_the_next_one_when_it_is_gone():
    shop = Shop(HIGHEST)
    low = shop.confirmed(date(2026, 3, 2), facts={"visit": "task:7"}, subject="record:7")
    high = shop.confirmed(
        date(2026, 3, 2), facts={"visit": "task:7"}, subject="task:7", violation="phrase_not_mentioned"
    )
    shop.confirmed(date(2026, 3, 2), subject="record:8")
    assert amounts(shop.liu) == [50, -50, 0, 80, 50]
    take_back(high, actor=shop.zhou, now=day(3, 3), text="说了")
    assert amounts(shop.liu, violation=low) == [50, -50, 0, 0, 50]
    assert total(LedgerEntry.objects.all()) == 10_000


def test_what_a_higher_one_puts_out_of_a_closed_month_is_settled_with_the_open_one():
    shop = Shop(HIGHEST)
    visit = {"facts": {"visit": "task:7"}}
    shop.confirmed(date(2026, 3, 2), subject="record:7", **visit)
    close_month("2026-03", actor=shop.zhou, now=day(4, 1))
    high = shop.broken(date(2026, 3, 2), subject="task:7", violation="phrase_not_mentioned", **visit)
    confirm(high, actor=shop.zhou, now=day(4, 2))
    assert [to_settle(month, actor=shop.zhou, on=date(2026, 4, 2)) for month in ("2026-03", "2026-04")] == [0, 2]
    assert settle("2026-03", actor=shop.zhou, now=day(4, 3)) == {}
    close_month("2026-04", actor=shop.zhou, now=day(5, 1))
    assert settle("2026-04", actor=shop.zhou, now=day(5, 2)) == {"settled": 2}


def test_the_fourth_in_three_months_proposes_a_dismissal_that_people_decide():
    shop = Shop(FOURTH)
    for month, number in ((3, 2), (3, 30), (5, 1)):
        assert shop.confirmed(date(2026, month, number)).tier == 0
    assert shop.confirmed(date(2026, 5, 2)).tier == 1
    assert shop.confirmed(date(2026, 5, 3)).tier == 0  # it counts anew
    measure = Measure.objects.get()
    assert (measure.what, measure.state, measure.employee.is_active) == ("dismissal_proposal", "open", True)
    with pytest.raises(Refused):
        close(measure, actor=shop.wang, now=day(5, 4), text="同意")
    with pytest.raises(Refused):
        close(measure, actor=shop.hr, now=day(5, 4))
    close(measure, actor=shop.hr, now=day(5, 4), text="不同意", done=False)
    assert Measure.objects.get().state == "dropped"
    shop.liu.refresh_from_db()
    assert (shop.liu.is_active, shop.liu.left_on) == (True, None)


@pytest.mark.parametrize(("last_day", "active"), [(None, False), (date(2026, 5, 31), True)])
def test_l_06_the_account_of_a_dismissed_person_closes_once_personnel_has_decided(last_day, active):
    shop = Shop(PENALTY + 'unit = "none"\nalso = ["dismissal_proposal"]\n')
    shop.confirmed(date(2026, 5, 1))
    measure = Measure.objects.get()
    with pytest.raises(Refused):
        close(measure, actor=shop.hr, now=day(5, 4), text="同意", last_day=date(2026, 5, 3))
    assert Measure.objects.get().state == "open"
    close(measure, actor=shop.hr, now=day(5, 4), text="同意", last_day=last_day)
    shop.liu.refresh_from_db()
    assert (shop.liu.is_active, shop.liu.left_on) == (active, last_day or date(2026, 5, 4))


def test_a_company_that_may_not_fine_takes_points():
    shop = Shop(PENALTY + 'tiers = [10, 20]\n[ledger]\nfines_as = "points"\n')
    shop.confirmed(date(2026, 3, 2))
    entry = LedgerEntry.objects.get()
    assert (entry.unit, entry.amount) == ("points", 1000)


def test_an_amount_that_stands_in_the_case_is_taken_exactly_or_asked_for():
    shop = Shop(PENALTY + 'amount = "field:loss_amount"\n')
    assert shop.broken(date(2026, 3, 2), fields={"loss_amount": Decimal("123.45")}).amount == 12_345
    lacking = shop.broken(date(2026, 3, 3))
    assert lacking.amount is None
    confirm(lacking, actor=shop.zhou, now=day(3, 4), amount=5000, text="按发票")
    assert amounts(shop.liu) == [50]


def test_a_changed_regulation_costs_what_it_said_on_the_day():
    shop = Shop(PENALTY + "amount = 50\n")
    old = shop.breach(date(2026, 3, 2))
    shop.say(PENALTY + "amount = 70\n", from_on=date(2026, 3, 10))
    made_before = shop.breach(date(2026, 3, 15), release=old.release)  # a task that was planned under the old one
    propose([old, made_before], now=day(3, 20))
    propose([shop.breach(date(2026, 3, 12), release=None), shop.breach(date(2026, 3, 9), release=None)], now=day(3, 20))
    found = Violation.objects.order_by("occurred_on").values_list("amount", flat=True)
    assert list(found) == [5000, 5000, 7000, 5000]


def test_a_regulation_of_some_departments_judges_only_what_happened_there():
    shop = Shop()
    shop.say(PENALTY + "amount = 50\n", departments=["维修"])
    seller = shop.company.person("sun", branch=shop.company.east, department=shop.company.sales)
    nowhere = shop.company.person("ma")
    repairs, sales = shop.company.repairs.pk, shop.company.sales.pk
    for who, there in ((shop.liu, None), (seller, None), (nowhere, None), (shop.liu, sales), (seller, repairs)):
        propose([shop.breach(date(2026, 3, 2), who, release=None, department=there)], now=day(3, 3))
    found = Violation.objects.order_by("pk").values_list("employee__username", "department__name")
    assert list(found) == [("liu", "维修"), ("ma", None), ("sun", "维修")]


@pytest.mark.parametrize(
    ("of", "told", "called"),
    [
        ("", {"daily"}, True),
        ("daily", {"daily"}, True),
        ("report:daily", {"daily"}, True),
        ("report:daily", {"report:daily"}, True),
        ("daily", {"report:daily"}, True),
        ("report:weekly", {"report:daily"}, False),
        ("scorecard:calls/phrase", {"scorecard:calls/phrase"}, True),
        ("scorecard:calls/phrase", {"scorecard:calls/tone"}, False),
        ("scorecard:calls", {"scorecard:calls/tone"}, True),
        ("tone", {"scorecard:calls/tone"}, True),
        ("report:daily", set(), False),
    ],
)
def test_a_penalty_is_of_what_it_names(of, told, called):
    known = (
        '[[report]]\ncode = "daily"\n[[report]]\ncode = "weekly"\nper = "week"\n[[scorecard]]\ncode = "calls"\n'
        'of = "call"\nitems = [{ code = "phrase", max = 1 }, { code = "tone", max = 1 }]\n'
    )
    shop = Shop(PENALTY + "amount = 1\n" + (f'of = "{of}"\n' if of else "") + known)
    propose([shop.breach(date(2026, 3, 2), of=frozenset(told))], now=day(3, 3))
    assert Violation.objects.exists() is called


def test_conditions_of_a_penalty_are_asked_of_the_case():
    shop = Shop(PENALTY + 'amount = 1\nwhen = [{ field = "verified", op = "==", value = true }]\n')
    propose([shop.breach(date(2026, 3, 2), fields={"verified": True})], now=day(3, 3))
    propose([shop.breach(date(2026, 3, 2)), shop.breach(date(2026, 3, 2), fields={"verified": False})], now=day(3, 3))
    assert Violation.objects.count() == 1


def test_the_day_of_confirmation_places_an_entry_where_the_pack_says_so():
    shop = Shop(PENALTY + 'tiers = [10, 20]\n[ledger]\ncount_by = "confirmed"\n')
    first, second = shop.broken(date(2026, 3, 30)), shop.broken(date(2026, 3, 31))
    confirm(first, actor=shop.wang, now=day(3, 31))
    confirm(second, actor=shop.wang, now=day(4, 1))
    assert list(LedgerEntry.objects.order_by("pk").values_list("amount", "counts_in")) == [
        (1000, "2026-03"),
        (1000, "2026-04"),
    ]
