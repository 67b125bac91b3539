"""Numbers of visits in a period: what counts, for whom, until when; who is warned, and what a shortage becomes."""

from datetime import date, timedelta

import pytest

from reports.domain.auditing.owing import short
from reports.domain.auditing.visits import Known
from staff.domain.conduct.detecting import find_violations
from staff.domain.people import put_on_leave
from staff.domain.periods import period_of
from staff.domain.workforce import load_workforce
from staff.models import Absence, Department, Notification, Posting, RoleAssignment, Violation
from tests.visits.calls import Shop, at, told
from tests.visits.desk import signed_in
from tests.visits.world import employee
from visits.choices import Outcome
from visits.domain.calling.recording import record_contact
from visits.domain.detecting import quotas
from visits.domain.detecting.telling import explain_quota
from visits.domain.planning.events import load_calendar
from visits.domain.quotas.counting import counts, goals_of
from visits.domain.quotas.warning import nearly_over, warn_quotas

PACK = """
[[quota]]
code = "calls"
title = "每月电话"
who = "role:service_advisor"
channels = ["desk_phone", "mobile"]
of = ["visit_rule:after-service"]
per = "month"
at_least = 3

[[quota]]
code = "house"
who = "company"
per = "month"
at_least = 5

[[quota]]
code = "each"
who = "customer"
per = "month"
at_least = 1
"""
MARCH = period_of("month", date(2026, 3, 1))
END = at("2026-04-01 00:00")


@pytest.fixture
def shop(db) -> Shop:
    return Shop(pack=PACK)


def visit(shop, moment, *, by=None, task=None, **facts):
    task = task or shop.task(closes_at=at("2026-05-01 00:00"))
    contact = told(facts.pop("outcome", Outcome.REACHED), now=moment, **facts)
    return record_contact(task, contact, advisor=by or shop.wang, now=moment).record


def tallies(period=MARCH) -> dict:
    workforce = load_workforce()
    return {
        (goal.spec.code, one.employee): (one.made, one.wanted, one.left)
        for goal in goals_of([period])
        for one in counts(goal, workforce)
    }


def found_twice() -> set:
    """Return the shortages of March as the detector finds them, and hold them against the second computation."""
    day = date(2026, 3, 31)
    found = {
        (one.subject, one.employee, one.facts["made"], one.facts["left"], one.exempt)
        for one in quotas.detect(since=at("2026-03-31 12:00"), until=END, now=END)
    }
    again = {
        (one.subject, one.employee, *(one.told()[name] for name in ("made", "left")), one.exempt)
        for one in short(day, day, Known(END))
    }
    assert found == again
    return {(subject.partition("/")[2], who) for subject, who, *_figures in found}


def test_a_visit_counts_once_for_who_made_it_by_its_channel_and_its_day(shop):
    visit(shop, at("2026-03-02 10:00"))
    visit(shop, END - timedelta(microseconds=1))
    visit(shop, END)  # of April
    visit(shop, at("2026-03-02 10:00"), channel="wechat", channel_reason="客户要求")
    visit(shop, at("2026-03-02 10:00"), outcome=Outcome.NO_ANSWER)
    visit(shop, at("2026-03-02 10:00"), by=shop.li)
    bundle = [shop.task(customer=shop.customer(), closes_at=END) for _n in range(1)]
    visit(shop, at("2026-03-03 10:00"), by=shop.li, task=bundle[0])

    found = tallies()
    assert found["calls", shop.wang.pk] == (2, 3, 1)
    assert found["calls", shop.li.pk] == (2, 3, 1)
    assert found["house", None] == (5, 5, 0)


def test_a_quota_of_customers_is_of_who_owns_them(shop):
    mine, other = shop.customer(), shop.customer()
    type(mine).objects.filter(pk__in=(mine.pk, other.pk)).update(owner=shop.wang)
    visit(shop, at("2026-03-02 10:00"), task=shop.task(customer=mine), by=shop.li)

    assert tallies()["each", shop.wang.pk] == (1, 2, 1)


def test_nobody_is_held_to_a_part_of_a_period(shop):
    RoleAssignment.objects.filter(employee=shop.li).update(from_on=date(2026, 3, 2))

    assert ("calls", shop.li.pk) not in tallies()
    assert tallies(period_of("month", date(2025, 12, 1))) == {}  # before the regulation


@pytest.mark.parametrize(("until", "found"), [(END - timedelta(microseconds=1), False), (END, True)])
def test_a_shortage_is_found_when_the_period_ends(shop, english, until, found):
    visit(shop, at("2026-03-02 10:00"))
    breaches = {one.employee: one for one in quotas.detect(since=at("2026-03-31 12:00"), until=until, now=until)}

    assert set(breaches) == ({shop.wang.pk, shop.li.pk} if found else set())
    if found:
        mine = breaches[shop.wang.pk]
        assert mine.subject == "period:2026-03/calls"
        assert (mine.on, mine.at, mine.exempt) == (date(2026, 3, 31), END, "")
        assert explain_quota(mine.facts) == "每月电话, 2026-03: 1 of 3 made, 2 lack."
        assert not list(quotas.detect(since=END, until=at("2026-04-20 00:00"), now=END))


@pytest.mark.parametrize(("until", "exempt"), [(16, ""), (17, "leave"), (20, "leave")])
def test_who_was_away_for_more_than_half_of_the_working_days_is_exempt(shop, until, exempt):
    Absence.objects.create(employee=shop.wang, from_on=date(2026, 3, 1), until_on=date(2026, 3, until))
    found = {one.employee: one.exempt for one in quotas.detect(since=at("2026-03-31 12:00"), until=END, now=END)}

    assert found == {shop.wang.pk: exempt, shop.li.pk: ""}  # of 22 working days 11 or 12


def test_leave_that_is_granted_afterwards_exempts_a_shortage(db):
    shop = Shop(pack=PACK + '[[penalty]]\ncode = "few"\nviolation = "quota_unmet"\nof = "quota:calls"\namount = 50\n')
    find_violations(now=END)
    first = date(2026, 3, 1)
    days = {"from_on": first, "until_on": date(2026, 3, 20), "substitute": None, "actor": None, "now": END}
    put_on_leave(shop.wang, **days)
    march = Violation.objects.filter(subject="period:2026-03/calls")
    stands = march.values_list("employee", "state", "exempt")
    assert set(stands) == {(shop.wang.pk, "waived", "leave"), (shop.li.pk, "proposed", "")}


def test_a_shortage_is_told_once_when_a_quarter_of_the_working_days_is_left(shop):
    assert "month" not in [period.per for period in nearly_over(date(2026, 3, 24), load_calendar())]
    assert "month" in [period.per for period in nearly_over(date(2026, 3, 25), load_calendar())]
    for on in (date(2026, 3, 25), date(2026, 3, 26)):
        warn_quotas(now=at(f"{on} 08:00"), on=on)

    told_now = Notification.objects.filter(kind="quota_short").values_list("recipient", flat=True)
    assert sorted(told_now) == [shop.wang.pk, shop.li.pk]


def test_the_page_shows_ones_own_share_and_what_is_left(shop, clock_at):
    clock_at("2026-03-20T10:00+08:00")
    visit(shop, at("2026-03-02 10:00"))
    client = signed_in(shop.wang)

    page = client.get("/quotas/").content.decode()
    assert "每月电话" in page and "33 %" in page
    assert "李强" not in page
    assert client.get("/quotas/?of=nonsense").status_code == 200
    assert "2025-11" in client.get("/quotas/?of=2025-11-05").content.decode()


def test_for_a_team_its_manager_answers_and_for_the_company_who_leads_it(db):
    shop = Shop(pack=PACK + '[[quota]]\ncode = "team"\nwho = "team"\nper = "month"\nat_least = 4\n')
    repairs, kitchen = (Department.objects.create(branch=shop.branch, name=name) for name in ("维修", "食堂"))
    people = {name: employee(name, role) for name, role in (
        ("boss", "general_manager"), ("head", "department_manager"), ("new", "department_manager"),
        ("cook", "department_manager"),
    )}  # fmt: skip
    since = {"new": date(2026, 3, 2)}
    for person, unit in (
        (shop.wang, repairs),
        (people["head"], repairs),
        (people["new"], repairs),
        (people["cook"], kitchen),
    ):
        Posting.objects.filter(employee=person).delete()
        Posting.objects.create(
            employee=person, branch=shop.branch, department=unit, from_on=since.get(person.username, date(2026, 1, 1))
        )
    visit(shop, at("2026-03-02 10:00"))
    customer = shop.customer()
    type(customer).objects.filter(pk=customer.pk).update(owner=shop.li)
    found = found_twice()

    assert {who for code, who in found if code == "team"} == {people["head"].pk}  # no team of cooks
    assert {who for code, who in found if code == "house"} == {people["boss"].pk}
    assert {who for code, who in found if code == "each"} == {shop.li.pk}
    warn_quotas(now=at("2026-03-30 08:00"), on=date(2026, 3, 30))
    heard = set(Notification.objects.filter(kind="quota_short").values_list("recipient", flat=True))
    assert {people["head"].pk, people["boss"].pk} <= heard


def test_a_policy_of_some_departments_holds_only_their_people_to_its_numbers(db):
    shop = Shop(pack=PACK)
    head = '[policy]\nslug = "rules"\ntitle = "回访制度"\neffective_from = 2026-01-01\ndepartments = ["维修"]\n'
    shop.publish(head + PACK)
    repairs = Department.objects.create(branch=shop.branch, name="维修")
    Posting.objects.filter(employee=shop.wang).update(department=repairs)
    assert {who for code, who in tallies() if code == "calls"} == {shop.wang.pk}
    assert ("calls", shop.wang.pk) in found_twice()
