"""The duty roster of a company: who is on duty at which desk, standing in, leave, taking back, repeating a week."""

import hashlib
from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from staff.choices import ReleaseState
from staff.domain import leave
from staff.domain.duty.desks import Desk, Rota
from staff.domain.duty.planning import Refused, Wanted, enter, repeat_week, take_back
from staff.domain.qualifying import Training, enter_training
from staff.models import Activity, Notification, Release, Shift
from tests.company import MONDAY, TUESDAY, Company, morning

pytestmark = pytest.mark.django_db
NOW = morning(MONDAY - timedelta(3))
PACK = (
    '[policy]\nslug = "rules"\ntitle = "值班制度"\neffective_from = 2026-01-01\n'
    '[[role]]\ncode = "duty_officer"\nlike = "service_advisor"\n'
    '[[qualification]]\ncode = "inbound"\nroles = ["duty_officer"]\npass = 80\n'
    '[[roster]]\ncode = "front"\ntitle = "前台"\nrole = "duty_officer"\n'
)


class Desked(Company):
    """East has a front desk with Li and Zhao, whom Chen looks after."""

    def __init__(self, more: str = "") -> None:
        super().__init__()
        self.rule_by(PACK + more)
        self.chief = self.person("chen", ["department_manager"], department=self.repairs, name="陈经理")
        self.li = self.person("li", ["duty_officer"], department=self.repairs, name="李强")
        self.zhao = self.person("zhao", ["duty_officer"], department=self.repairs, name="赵敏")
        self.desk = Desk(self.policy.pk, "front", self.east.pk)

    def rule_by(self, content, *, since=date(2026, 1, 1)):
        """Put another release in force."""
        number = Release.objects.count() + 1
        return Release.objects.create(
            policy=self.policy, number=number, state=ReleaseState.PUBLISHED, content=content, in_force_seq=number,
            sha256=hashlib.sha256(content.encode()).hexdigest(), effective_from=since, published_at=NOW,
        )  # fmt: skip

    def wanted(self, who, begins, ends, on=MONDAY, until=None, **more):
        return Wanted(self.desk, who, on, until or on, time(begins), time(ends), **more)

    def put(self, *args, **more):
        return enter(self.wanted(*args, **more), actor=self.chief, on=MONDAY - timedelta(3), now=NOW)

    def day(self, on=MONDAY):
        return next(day for day in Rota(on, on).days() if day.desk == self.desk)

    def gaps(self, on=MONDAY):
        return [gap.words for gap in self.day(on).cover.gaps]


@pytest.fixture
def shop(clock_at):
    clock_at(NOW.isoformat())
    return Desked()


def refused(shop, *args, **more):
    with pytest.raises(Refused) as found, transaction.atomic():
        shop.put(*args, **more)
    return found.value


def test_an_uncovered_hour_is_found_and_gone_when_the_shift_is_longer(shop):
    shop.put(shop.li, 8, 20, until=TUESDAY)
    shop.put(shop.zhao, 20, 7)
    assert (shop.gaps(), shop.gaps(TUESDAY)) == (["00:00–08:00"], ["07:00–08:00", "20:00–24:00"])
    shop.put(shop.zhao, 20, 8)
    assert shop.gaps(TUESDAY) == ["20:00–24:00"]
    assert Notification.objects.filter(recipient=shop.li).count() == 1
    assert Activity.objects.filter(verb="shift_entered").count() == 4


def test_who_stands_in_is_there_and_the_other_one_is_not(shop):
    shop.put(shop.li, 0, 0)
    shop.put(shop.zhao, 2, 4, in_place_of=shop.li, reason="外出抢修")
    assert shop.gaps() == []
    assert [(turn.who, turn.hours.words) for turn, _shift in shop.day().turns] == [
        (shop.li.pk, "00:00–02:00"), (shop.li.pk, "04:00–24:00"), (shop.zhao.pk, "02:00–04:00"),
    ]  # fmt: skip
    assert refused(shop, shop.zhao, 5, 6, in_place_of=shop.li).why == "reason"
    assert refused(shop, shop.li, 5, 6, in_place_of=shop.zhao, reason="换班").why == "twice"
    assert refused(shop, shop.zhao, 5, 6, on=TUESDAY, in_place_of=shop.li, reason="换班").why == "absent"


def test_whoever_is_on_leave_is_stood_in_for_by_the_substitute_or_by_nobody(shop):
    shop.put(shop.li, 8, 12)
    shop.leave(shop.li, MONDAY, substitute=shop.zhao)
    assert [turn.who for turn, _shift in shop.day().turns] == [shop.zhao.pk]
    shop.put(shop.zhao, 8, 12)  # twice at one desk is one person
    assert shop.day().cover.given == 4 * 60
    assert refused(shop, shop.li, 13, 14).why == "away"


def test_leave_that_leaves_the_desk_empty_needs_a_substitute(shop):
    shop.put(shop.li, 8, 20)

    def ask(who, **more):
        return leave.ask(who, leave.Wish("annual", MONDAY, MONDAY, **more), now=NOW)

    with pytest.raises(leave.SubstituteNeeded) as found:
        ask(shop.li)
    assert found.value.hours.words == "08:00–20:00"
    request = ask(shop.li, substitute=shop.zhao)
    assert leave.decide(request, grant=True, actor=shop.chief, now=NOW).state == "granted"
    other = shop.person("wu", ["duty_officer"], department=shop.repairs)
    shop.put(other, 9, 10)  # somebody who is missed by nobody: the desk is empty at other hours anyway
    shop.put(shop.zhao, 9, 10)
    assert ask(other).state == "asked"


@pytest.mark.parametrize(
    ("who", "hours", "more", "why"),
    [
        ("li", (8, 9), {"until": MONDAY - timedelta(1)}, "order"),
        ("li", (8, 9), {"until": MONDAY + timedelta(63)}, "long"),
        ("li", (8, 9), {"on": date(2025, 12, 1)}, "desk"),
        ("stranger", (8, 9), {}, "nobody"),
        ("advisor", (8, 9), {}, "role"),
    ],
)
def test_what_cannot_be_entered_says_why_and_leaves_nothing(shop, who, hours, more, why):
    people = {
        "li": shop.li,
        "stranger": shop.person("wang", ["duty_officer"], department=shop.west_repairs),
        "advisor": shop.person("sun", department=shop.repairs),
    }
    assert refused(shop, people[who], *hours, **more).why == why
    assert not Shift.objects.exists()


def test_twice_the_same_is_refused(shop):
    shop.put(shop.li, 8, 20)
    assert refused(shop, shop.li, 9, 10).why == "twice"
    assert refused(shop, shop.li, 8, 20).why == "twice"
    shop.put(shop.li, 7, 9)  # longer than what stands


def test_who_lacks_what_the_desk_needs_is_put_on_duty_with_a_reason_alone(clock_at):
    clock_at(NOW.isoformat())
    shop = Desked('needs = ["inbound"]\n')
    found = refused(shop, shop.li, 8, 20)
    assert (found.why, found.facts["codes"]) == ("lacks", ["inbound"])
    shop.put(shop.li, 8, 20, reason="无人可替")
    training = Training("inbound", MONDAY - timedelta(3), "test", score=90)
    enter_training(shop.zhao, training, actor=shop.chief, now=NOW)
    shop.put(shop.zhao, 8, 20)
    assert [one.reason for one in Shift.objects.order_by("pk")] == ["无人可替", ""]


def take(shop, shift, *, now=NOW, **more):
    with transaction.atomic():
        take_back(shift, actor=shop.chief, on=MONDAY - timedelta(3), now=now, **more)


def test_a_shift_is_taken_back_only_where_somebody_stays(shop):
    [shift] = shop.put(shop.li, 8, 20)
    with pytest.raises(Refused, match="gap") as found:
        take(shop, shift)
    assert found.value.facts["hours"].words == "08:00–20:00"
    take(shop, shift, heir=shop.zhao)
    assert [turn.who for turn, _shift in shop.day().turns] == [shop.zhao.pk]
    with pytest.raises(Refused, match="gone"):
        take(shop, shift, heir=shop.person("wu", ["duty_officer"], department=shop.repairs))
    assert Shift.objects.count() == 2 and Shift.objects.standing().count() == 1


def test_what_has_begun_is_taken_back_with_a_reason_though_nobody_was_there(shop):
    [shift] = shop.put(shop.li, 8, 20)
    late = morning(MONDAY, 9)
    with pytest.raises(Refused, match="reason"):
        take(shop, shift, now=late)
    take(shop, shift, now=late, reason="未到岗")
    shift.refresh_from_db()
    assert (shift.withdrawn_why, shift.withdrawn_by, shop.day().cover.given) == ("未到岗", shop.chief, 0)


def test_a_week_is_repeated_once_without_who_is_away(shop):
    before = MONDAY - timedelta(7)
    shop.put(shop.li, 8, 20, on=before, until=before + timedelta(6))
    shop.put(shop.zhao, 20, 8, on=before, until=before + timedelta(6))
    shop.put(shop.zhao, 9, 10, on=before, in_place_of=shop.li, reason="外出")
    shop.leave(shop.li, TUESDAY)
    told = {"actor": shop.chief, "on": MONDAY - timedelta(3), "now": NOW}
    assert repeat_week(shop.desk, MONDAY, **told) == 13
    assert repeat_week(shop.desk, MONDAY, **told) == 0
    assert (shop.gaps(), shop.gaps(TUESDAY)) == ([], ["08:00–20:00"])


def test_each_branch_with_the_role_has_its_desk_and_a_company_without_anybody_an_empty_one(shop):
    shop.person("wang", ["duty_officer"], department=shop.west_repairs)
    found = {day.desk.branch for day in Rota(MONDAY, MONDAY).days()}
    assert found == {shop.east.pk, shop.west.pk}
    shop.rule_by(PACK.replace('role = "duty_officer"', 'role = "inspector"'))
    assert [(day.desk.branch, day.cover.given) for day in Rota(MONDAY, MONDAY).days()] == [(None, 0)]


def test_a_policy_of_one_branch_asks_for_that_branch_alone(clock_at):
    clock_at(NOW.isoformat())
    shop = Desked()
    shop.person("wang", ["duty_officer"], department=shop.west_repairs)
    shop.rule_by(PACK.replace('title = "值班制度"', 'title = "值班制度"\ndepartments = ["城西店"]'))
    assert {day.desk.branch for day in Rota(MONDAY, MONDAY).days()} == {shop.west.pk}


def test_a_day_goes_by_its_release_and_nothing_is_asked_before_the_first(shop):
    shop.rule_by(PACK + 'cover = ["09:00-12:00"]\nat_least = 2\n', since=TUESDAY)
    assert [day.cover.asked for day in Rota(MONDAY, TUESDAY).days()] == [24 * 60, 2 * 3 * 60]
    first = date(2026, 1, 1)  # the day on which it was first put in force here
    assert [day.on for day in Rota(first - timedelta(5), first).days()] == [first]


def test_hours_to_come_are_left_out_of_what_is_asked_so_far(shop):
    [day] = Rota(MONDAY, MONDAY).days(until=morning(MONDAY, 9))
    assert (day.cover.asked, [gap.words for gap in day.cover.gaps]) == (9 * 60, ["00:00–09:00"])


def test_the_database_refuses_what_makes_no_sense(shop):
    facts = {"policy": shop.policy, "roster": "front", "employee": shop.li, "entered_by": shop.chief, "entered_at": NOW}
    for wrong in (
        {"starts_at": NOW, "ends_at": NOW},
        {"starts_at": NOW, "ends_at": NOW + timedelta(1), "in_place_of": shop.li, "reason": "x"},
        {"starts_at": NOW, "ends_at": NOW + timedelta(1), "in_place_of": shop.zhao},
        {"starts_at": NOW, "ends_at": NOW + timedelta(1), "withdrawn_at": NOW},
    ):
        with pytest.raises((IntegrityError, ValidationError)), transaction.atomic():
            Shift.objects.create(**(facts | wrong))
