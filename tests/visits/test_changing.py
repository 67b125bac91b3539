"""Changes of a customer's file: both values are kept, proposals change nothing until a manager approves them."""

import pytest

from staff.models import Activity
from tests.visits.world import at, branch, customer, employee
from visits.choices import ChangeState
from visits.domain.origin.changing import DecidedBefore, MayNotDecide, change, confirm, decide
from visits.models import Customer, CustomerChange

pytestmark = pytest.mark.django_db
NOW = at("2026-03-06 09:00")
LATER = at("2026-03-06 10:00")


@pytest.fixture
def chen():
    return employee("chenjing", branch=branch("城东店"), name="陈静")


@pytest.fixture
def boss():
    return employee("wangfang", "quality_manager", branch=branch("城东店"), name="王芳")


def fresh(who):
    return Customer.objects.get(pk=who.pk)


def rows():
    return list(CustomerChange.objects.order_by("pk").values_list("field", "before", "after", "state"))


def test_what_the_customer_told_is_changed_at_once_with_both_values(chen):
    who = customer(company="甲公司")
    change(who, {"company": "乙公司", "contact": ""}, by=chen, now=NOW)
    line = Activity.objects.get(verb="customer_changed")

    assert (fresh(who).company, rows()) == ("乙公司", [("company", "甲公司", "乙公司", "applied")])
    assert (line.actor, line.data["fields"], "乙公司" in str(line.data)) == (chen, ["company"], False)


def test_the_same_again_leaves_no_trace(chen):
    who = customer(company="甲公司")
    change(who, {"company": " 甲公司 "}, by=chen, now=NOW)

    assert (rows(), Activity.objects.exists()) == ([], False)


def test_an_advisors_new_address_waits_and_changes_the_file_when_approved(chen, boss):
    who = customer(address="温州路 1 号")
    [row] = change(who, {"address": "人民路 8 号"}, by=chen, now=NOW)
    assert (fresh(who).address, row.state) == ("温州路 1 号", ChangeState.PROPOSED)

    decide(row, approve=True, by=boss, now=LATER)
    row.refresh_from_db()

    assert (fresh(who).address, row.state, row.decided_by) == ("人民路 8 号", ChangeState.APPROVED, boss)
    assert Activity.objects.filter(verb="customer_change_decided").count() == 1


def test_a_proposal_that_is_turned_down_leaves_the_file_as_it_was(chen, boss):
    who = customer(address="温州路 1 号")
    [row] = change(who, {"address": "人民路 8 号"}, by=chen, now=NOW)
    decide(row, approve=False, by=boss, now=LATER, reason="客户未确认")
    row.refresh_from_db()

    assert (fresh(who).address, row.state, row.reason) == ("温州路 1 号", ChangeState.REJECTED, "客户未确认")


def test_nobody_decides_his_own_proposal_and_advisors_decide_none(chen, boss):
    who = customer()
    [row] = change(who, {"address": "人民路 8 号"}, by=chen, now=NOW)
    other = employee("zhaomin", branch=branch("城东店"))
    for person in (chen, other):
        with pytest.raises(MayNotDecide):
            decide(row, approve=True, by=person, now=LATER)
    assert fresh(who).address == ""

    decide(row, approve=True, by=boss, now=LATER)
    with pytest.raises(DecidedBefore):
        decide(row, approve=False, by=boss, now=LATER)


def test_a_manager_changes_everything_at_once(boss):
    who = customer("王女士", address="温州路 1 号")
    change(who, {"name": "王丽", "address": "人民路 8 号"}, by=boss, now=NOW)

    assert (fresh(who).name, fresh(who).pinyin.split()[0], fresh(who).address) == ("王丽", "wangli", "人民路 8 号")


def test_a_newer_proposal_takes_the_place_of_the_one_that_waits(chen):
    who = customer()
    change(who, {"address": "人民路 8 号"}, by=chen, now=NOW)
    change(who, {"address": "人民路 8 号"}, by=chen, now=LATER)
    change(who, {"address": "人民路 9 号"}, by=chen, now=LATER)

    assert [(after, state) for _field, _before, after, state in rows()] == [
        ("人民路 8 号", "rejected"), ("人民路 9 号", "proposed"),
    ]  # fmt: skip


def test_a_name_is_never_emptied(boss):
    who = customer("王女士")
    change(who, {"name": "  "}, by=boss, now=NOW)

    assert fresh(who).name == "王女士"


def test_an_approval_keeps_what_it_replaces(chen, boss):
    who = customer(address="温州路 1 号")
    [row] = change(who, {"address": "人民路 8 号"}, by=chen, now=NOW)
    change(who, {"address": "解放路 2 号"}, by=boss, now=NOW)
    decide(row, approve=True, by=boss, now=LATER)
    row.refresh_from_db()

    assert (row.before, fresh(who).address) == ("解放路 2 号", "人民路 8 号")


def test_a_new_interval_moves_the_series(boss):
    who = customer()
    change(who, {"visit_interval": "30d"}, by=boss, now=NOW)

    assert fresh(who).visit_interval == "30d"
    assert Activity.objects.filter(verb="customer.interval_set").count() == 1


def test_that_the_file_is_right_is_noted(chen):
    who = customer()
    confirm(who, by=chen, now=NOW)

    assert (fresh(who).confirmed_at, Activity.objects.get().verb) == (NOW, "customer_confirmed")
