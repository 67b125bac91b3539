"""Asking for leave and deciding on it: who may, what stands against it, what the work does meanwhile."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from staff.choices import LeaveKind, LeaveState
from staff.domain import leave
from staff.domain.absences import month_of
from staff.domain.deputies import deputies_of
from staff.domain.leave import Wish
from staff.domain.oversight import looks_after, overseen_by, overseers_of
from staff.domain.people import CannotStandIn, OnLeaveAlready, resign
from staff.models import Absence, Activity, Employee, LeaveRequest, Notification, Posting
from tests.company import LONG_AGO, MONDAY, TUESDAY, Company, morning
from visits.choices import TaskStatus

pytestmark = pytest.mark.django_db
WEDNESDAY, FRIDAY = MONDAY + timedelta(2), MONDAY + timedelta(4)


@pytest.fixture
def company():
    return Company()


@pytest.fixture
def chief(company):
    return company.person("chief", ["department_manager"], department=company.repairs)


@pytest.fixture
def wang(company):
    return company.person("wangfang", department=company.repairs)


@pytest.fixture
def deputy(company):
    return company.person("deputy", department=company.repairs)


def wish(first=TUESDAY, last=FRIDAY, substitute=None, kind=LeaveKind.ANNUAL):
    return Wish(kind, first, last, substitute, "回老家")


class TestAsking:
    def test_a_request_changes_nothing_until_it_is_granted(self, wang, deputy):
        request = leave.ask(wang, wish(substitute=deputy), now=morning())
        assert (request.state, request.absence) == (LeaveState.ASKED, None)
        assert not Absence.objects.exists()
        assert Activity.objects.get().verb == "leave_asked"

    @pytest.mark.parametrize(
        ("first", "last", "why"),
        [
            (FRIDAY, TUESDAY, "order"),
            (MONDAY, MONDAY + timedelta(366), "long"),
            (MONDAY - timedelta(63), MONDAY, "past"),
        ],
    )
    def test_days_that_cannot_be_asked_for_are_refused(self, wang, first, last, why):
        with pytest.raises(leave.CannotAsk) as refusal:
            leave.ask(wang, wish(first, last), now=morning())
        assert refusal.value.why == why

    @pytest.mark.parametrize(
        ("first", "last"), [(MONDAY, MONDAY + timedelta(365)), (MONDAY - timedelta(62), MONDAY), (MONDAY, MONDAY)]
    )
    def test_a_year_two_months_back_and_a_single_day_can_be_asked_for(self, wang, first, last):
        assert leave.ask(wang, wish(first, last), now=morning()).state == LeaveState.ASKED

    def test_two_requests_do_not_share_a_day(self, wang):
        first = leave.ask(wang, wish(MONDAY, TUESDAY), now=morning())
        with pytest.raises(leave.AskedAlready) as refusal:
            leave.ask(wang, wish(TUESDAY, FRIDAY), now=morning())
        assert refusal.value.request == first
        leave.ask(wang, wish(WEDNESDAY, FRIDAY), now=morning())

    def test_days_that_are_leave_already_cannot_be_asked_for(self, company, wang):
        company.leave(wang, TUESDAY)
        with pytest.raises(OnLeaveAlready):
            leave.ask(wang, wish(), now=morning())

    def test_a_substitute_must_be_there_on_all_of_the_days(self, company, wang, deputy):
        company.leave(deputy, FRIDAY)
        with pytest.raises(leave.SubstituteAway):
            leave.ask(wang, wish(substitute=deputy), now=morning())
        leave.ask(wang, wish(TUESDAY, WEDNESDAY, deputy), now=morning())
        with pytest.raises(CannotStandIn):
            leave.ask(deputy, wish(MONDAY, MONDAY, deputy), now=morning())


class TestDeciding:
    def test_granted_leave_is_an_absence_and_moves_open_work_on_its_first_day(self, company, chief, wang, deputy):
        task = company.task(
            company.step(["advisor"]), company.event(advisor=wang), assignee=wang, settled=True,
            status=TaskStatus.OPEN,
        )  # fmt: skip
        request = leave.ask(wang, wish(MONDAY, FRIDAY, deputy), now=morning())
        leave.decide(request, grant=True, actor=chief, now=morning(), remark="好好休息")
        task.refresh_from_db()
        assert (request.state, request.decided_by, request.remark) == (LeaveState.GRANTED, chief, "好好休息")
        assert (request.absence.from_on, request.absence.until_on, request.absence.substitute) == (
            MONDAY, FRIDAY, deputy,
        )  # fmt: skip
        assert task.assignee == deputy

    def test_a_refused_request_leaves_the_days_free(self, chief, wang):
        request = leave.ask(wang, wish(), now=morning())
        leave.decide(request, grant=False, actor=chief, now=morning(), remark="人手不够")
        assert (request.state, Absence.objects.count()) == (LeaveState.REFUSED, 0)
        leave.ask(wang, wish(), now=morning())

    def test_nobody_decides_their_own(self, chief):
        request = leave.ask(chief, wish(), now=morning())
        with pytest.raises(leave.MayNotDecide):
            leave.decide(request, grant=True, actor=chief, now=morning())
        with pytest.raises(IntegrityError), transaction.atomic():
            LeaveRequest.objects.filter(pk=request.pk).update(decided_by=chief)

    def test_a_colleague_and_the_manager_of_another_department_decide_nothing(self, company, wang, deputy):
        far = company.person("far", ["department_manager"], department=company.sales)
        request = leave.ask(wang, wish(), now=morning())
        for actor in (deputy, far):
            with pytest.raises(leave.MayNotDecide):
                leave.decide(request, grant=True, actor=actor, now=morning())

    def test_of_two_who_decide_the_second_learns_that_it_was_decided(self, company, chief, wang):
        general = company.person("general", ["general_manager"])
        request = leave.ask(wang, wish(), now=morning())
        seen_before = LeaveRequest.objects.get(pk=request.pk)
        leave.decide(request, grant=True, actor=chief, now=morning())
        with pytest.raises(leave.NotWaiting):
            leave.decide(seen_before, grant=False, actor=general, now=morning())
        assert LeaveRequest.objects.get().decided_by == chief

    def test_a_substitute_who_left_meanwhile_stands_against_it(self, chief, wang, deputy):
        request = leave.ask(wang, wish(substitute=deputy), now=morning())
        resign(deputy, hand_over_to=None, left_on=MONDAY, actor=chief, now=morning())
        with pytest.raises(CannotStandIn):
            leave.decide(LeaveRequest.objects.get(pk=request.pk), grant=True, actor=chief, now=morning())
        assert LeaveRequest.objects.get().state == LeaveState.ASKED

    def test_a_manager_enters_what_was_told_by_word_of_mouth(self, chief, wang, deputy):
        request = leave.enter(wang, wish(MONDAY, MONDAY, kind=LeaveKind.SICK), actor=chief, now=morning())
        assert (request.state, request.decided_by) == (LeaveState.GRANTED, chief)
        with pytest.raises(leave.MayNotDecide):
            leave.enter(chief, wish(), actor=wang, now=morning())


class TestTheBell:
    def test_who_decides_hears_of_it_and_the_answer_goes_to_both(self, company, chief, wang, deputy):
        request = leave.ask(wang, wish(substitute=deputy), now=morning())
        assert [(one.recipient, one.read_at) for one in Notification.objects.all()] == [(chief, None)]
        leave.decide(request, grant=True, actor=chief, now=morning())
        assert Notification.objects.get(recipient=chief).read_at == morning()
        assert set(Notification.objects.unread().values_list("recipient__username", flat=True)) == {
            "wangfang", "deputy",
        }  # fmt: skip
        assert "回老家" not in str(list(Notification.objects.values()))

    def test_the_line_manager_hears_first_then_department_branch_and_company(self, company, chief, wang):
        general = company.person("general", ["general_manager"])
        supervisor = company.person("supervisor", ["cs_supervisor"], branch=company.east)
        assert overseers_of(wang, on=MONDAY) == [chief]
        assert overseers_of(chief, on=MONDAY) == [supervisor]
        assert overseers_of(supervisor, on=MONDAY) == [general]
        assert overseers_of(general, on=MONDAY) == []
        Posting.objects.filter(employee=wang).update(line_manager=general)
        assert overseers_of(wang, on=MONDAY) == [general]


class TestTakingBack:
    def test_what_waits_is_gone_and_somebody_elses_is_not_ones_own_to_take_back(self, wang, deputy):
        request = leave.ask(wang, wish(), now=morning())
        with pytest.raises(leave.MayNotDecide):
            leave.withdraw(request, actor=deputy, now=morning())
        leave.withdraw(request, actor=wang, now=morning())
        assert request.state == LeaveState.WITHDRAWN
        with pytest.raises(leave.NotWaiting):
            leave.withdraw(request, actor=wang, now=morning())

    def test_leave_that_has_not_begun_is_given_back_whole(self, chief, wang):
        request = leave.enter(wang, wish(), actor=chief, now=morning())
        leave.withdraw(request, actor=wang, now=morning())
        assert (request.state, request.absence, Absence.objects.count()) == (LeaveState.WITHDRAWN, None, 0)

    def test_leave_that_has_begun_ends_the_day_before(self, chief, wang):
        request = leave.enter(wang, wish(), actor=chief, now=morning())
        leave.withdraw(request, actor=wang, now=morning(WEDNESDAY))
        assert Absence.objects.get().until_on == TUESDAY
        assert LeaveRequest.objects.get().state == LeaveState.GRANTED

    def test_leave_that_is_over_cannot_be_given_back(self, chief, wang):
        request = leave.enter(wang, wish(), actor=chief, now=morning())
        with pytest.raises(leave.OverAlready):
            leave.withdraw(request, actor=chief, now=morning(FRIDAY + timedelta(1)))


class TestLookingAfter:
    def test_of_ones_units_or_who_answer_to_one(self, company, chief, wang):
        quality = company.person("quality", ["quality_manager"], branch=company.east)
        far = company.person("far", department=company.west_repairs)
        Posting.objects.filter(employee=far).update(line_manager=wang)
        everybody = {person.username for person in Employee.objects.all()}
        assert names(overseen_by(chief, on=MONDAY)) == {"chief", "wangfang"}
        assert names(overseen_by(quality, on=MONDAY)) == {"chief", "wangfang", "quality"}
        assert names(overseen_by(wang, on=MONDAY)) == {"wangfang", "far"}
        assert names(overseen_by(company.person("general", ["general_manager"]), on=MONDAY)) == everybody | {"general"}
        assert names(overseen_by(company.person("admin", ["administrator"]), on=MONDAY)) >= everybody
        assert not looks_after(chief, chief, on=MONDAY)

    def test_a_transfer_changes_it_on_its_day(self, company, chief, wang):
        Posting.objects.filter(employee=wang).update(until_on=MONDAY)
        Posting.objects.create(employee=wang, department=company.sales, branch=company.east, from_on=TUESDAY)
        new = company.person("new", ["department_manager"], department=company.sales)
        assert [looks_after(person, wang, on=MONDAY) for person in (chief, new)] == [True, False]
        assert [looks_after(person, wang, on=TUESDAY) for person in (chief, new)] == [False, True]

    def test_who_left_is_seen_by_who_looked_after_their_last_unit(self, company, chief, wang):
        resign(wang, hand_over_to=None, left_on=MONDAY, actor=chief, now=morning())
        assert "wangfang" in names(overseen_by(chief, on=FRIDAY))

    def test_a_substitute_is_of_the_own_department_first_and_of_no_other_branch(self, company, wang, deputy):
        company.person("aaron", department=company.sales)
        company.person("far", department=company.west_repairs)
        company.person("centre")
        company.person("admin", ["administrator"])
        assert [one.username for one in deputies_of(wang, on=MONDAY)] == ["deputy", "aaron", "centre"]
        Posting.objects.filter(employee=wang).delete()
        assert {one.username for one in deputies_of(wang, on=MONDAY)} == {"deputy", "aaron", "far", "centre"}


def names(people):
    return {person.username for person in people}


class TestTheCalendar:
    def test_a_month_says_who_is_away_who_asked_and_who_left(self, company, chief, wang, deputy):
        company.leave(wang, MONDAY, WEDNESDAY, substitute=deputy)
        leave.ask(wang, wish(MONDAY + timedelta(28), MONDAY + timedelta(40)), now=morning())
        Employee.objects.filter(pk=deputy.pk).update(left_on=FRIDAY)
        month = month_of(FRIDAY, Employee.objects.filter(pk__in=[wang.pk, deputy.pk]).order_by("username"))
        told = {row.person.username: "".join(cell.state[:1] or "." for cell in row.days) for row in month.rows}
        assert told == {"deputy": "." * 6 + "l" * 25, "wangfang": ".aaa" + "." * 25 + "aa"}
        assert [row.working_days for row in month.rows] == [0, 3]
        assert (month.heads[1].away, month.heads[1].is_workday, month.heads[0].is_workday) == (1, True, False)
        assert (month.before.isoformat(), month.after.isoformat()) == ("2026-02-01", "2026-04-01")
        assert month.rows[1].days[1].substitute == "Deputy"

    def test_it_costs_the_same_for_one_person_and_for_five(self, company, django_assert_num_queries):
        for count in (1, 5):
            for number in range(count):
                company.leave(company.person(f"person-{count}-{number}"), LONG_AGO, MONDAY)
            with django_assert_num_queries(4):
                month_of(MONDAY, Employee.objects.all())
