"""Leaving, leave and coming back: the account, the work, and what nobody takes away again."""

from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest
from django.test import Client

from staff.domain.access import roles_of
from staff.domain.jobs import run_due
from staff.domain.people import (
    AlreadyLeft,
    CannotStandIn,
    NotOnLeave,
    OnLeaveAlready,
    close_accounts,
    come_back,
    put_on_leave,
    resign,
)
from staff.domain.workforce import load_workforce
from staff.models import Absence, Activity, RoleAssignment
from tests.company import MONDAY, TUESDAY, Company, morning
from visits.choices import TaskStatus
from visits.domain.assigning.deciding import settle_opened

pytestmark = pytest.mark.django_db
FRIDAY = MONDAY + timedelta(4)


@pytest.fixture
def company():
    return Company()


@pytest.fixture
def chief(company):
    return company.person("chief", ["cs_supervisor"])


def work_of(company, employee, **facts):
    """Make a task of that advisor's event that is theirs, open unless told otherwise."""
    usual = {"assignee": employee, "settled": True, "status": TaskStatus.OPEN}
    return company.task(company.step(["advisor"]), company.event(advisor=employee), **(usual | facts))


def fresh(row):
    row.refresh_from_db()
    return row


class TestResigning:
    def test_the_work_goes_to_the_hand_over_target_and_credit_stays(self, company, chief):
        wang, heir = company.person("wangfang"), company.person("heir")
        open_task, planned = work_of(company, wang), work_of(company, wang, status=TaskStatus.PLANNED)
        done = work_of(company, wang, status=TaskStatus.DONE)
        resign(wang, hand_over_to=heir, left_on=MONDAY, actor=chief, now=morning())
        assert [fresh(task).assignee for task in (open_task, planned, done)] == [heir, heir, wang]
        verbs = Activity.objects.order_by("pk").values_list("verb", "actor__username")
        assert list(verbs) == [
            ("resigned", "chief"), ("account_closed", "chief"), ("moved", "chief"), ("moved", "chief"),
        ]  # fmt: skip

    def test_without_a_target_the_work_lies_in_the_pool_of_the_department(self, company, chief):
        wang = company.person("wangfang")
        task = work_of(company, wang)
        resign(wang, hand_over_to=None, left_on=MONDAY, actor=chief, now=morning())
        assert (fresh(task).assignee, task.role, task.pooled_at) == (None, "service_advisor", morning())

    def test_sessions_and_links_for_a_new_password_die_at_once(self, company, chief):
        wang = company.person("wangfang")
        request = HttpRequest()
        client = Client()
        client.force_login(wang)
        request.session = client.session
        token = default_token_generator.make_token(wang)
        assert get_user(request) == wang
        resign(wang, hand_over_to=None, left_on=MONDAY, actor=chief, now=morning())
        assert get_user(request).is_anonymous
        assert not default_token_generator.check_token(fresh(wang), token)
        assert roles_of(wang, on=MONDAY) == frozenset()

    def test_a_last_day_ahead_changes_nothing_until_it_has_passed(self, company, chief):
        wang, heir = company.person("wangfang"), company.person("heir")
        task = work_of(company, wang)
        resign(wang, hand_over_to=heir, left_on=FRIDAY, actor=chief, now=morning())
        assert close_accounts(now=morning(FRIDAY), on=FRIDAY) == 0
        assert (fresh(wang).is_active, fresh(task).assignee) == (True, wang)
        after = FRIDAY + timedelta(1)
        assert close_accounts(now=morning(after, 0), on=after) == 1
        assert (fresh(wang).is_active, fresh(task).assignee) == (False, heir)
        assert close_accounts(now=morning(after, 1), on=after) == 0

    def test_the_tick_closes_accounts_whose_last_day_has_passed(self, company, chief):
        wang, heir = company.person("wangfang"), company.person("heir")
        task = work_of(company, wang)
        resign(wang, hand_over_to=heir, left_on=FRIDAY, actor=chief, now=morning())
        assert run_due(now=morning(FRIDAY + timedelta(1), 1)).failed == {}
        assert (fresh(wang).is_active, fresh(task).assignee) == (False, heir)

    def test_roles_and_postings_end_with_the_last_day(self, company, chief):
        wang = company.person("wangfang", department=company.repairs)
        RoleAssignment.objects.create(employee=wang, role=company.role("quality_manager"), from_on=FRIDAY)
        resign(wang, hand_over_to=None, left_on=MONDAY, actor=chief, now=morning())
        assert list(wang.assignments.values_list("role__code", "until_on")) == [("service_advisor", MONDAY)]
        assert list(wang.postings.values_list("until_on", flat=True)) == [MONDAY]

    def test_nobody_leaves_twice_or_stands_in_for_himself(self, company, chief):
        wang = company.person("wangfang")
        with pytest.raises(CannotStandIn):
            resign(wang, hand_over_to=wang, left_on=MONDAY, actor=chief, now=morning())
        resign(wang, hand_over_to=None, left_on=MONDAY, actor=chief, now=morning())
        with pytest.raises(AlreadyLeft):
            resign(wang, hand_over_to=chief, left_on=MONDAY, actor=chief, now=morning())
        with pytest.raises(CannotStandIn):
            put_on_leave(chief, from_on=MONDAY, until_on=MONDAY, substitute=wang, actor=chief, now=morning())


class TestLeave:
    def test_open_work_goes_to_the_substitute_on_the_first_day(self, company, chief):
        wang, deputy = company.person("wangfang"), company.person("deputy")
        task = work_of(company, wang)
        put_on_leave(wang, from_on=TUESDAY, until_on=FRIDAY, substitute=deputy, actor=chief, now=morning())
        assert fresh(task).assignee == wang
        settle_opened(now=morning(TUESDAY, 0))
        assert fresh(task).assignee == deputy

    def test_leave_that_has_begun_moves_open_work_at_once_and_leaves_planned_work(self, company, chief):
        wang, deputy = company.person("wangfang"), company.person("deputy")
        task = work_of(company, wang)
        planned = work_of(company, wang, status=TaskStatus.PLANNED, opens_on=FRIDAY + timedelta(7))
        put_on_leave(wang, from_on=MONDAY, until_on=FRIDAY, substitute=deputy, actor=chief, now=morning())
        assert (fresh(task).assignee, fresh(planned).assignee) == (deputy, wang)

    def test_coming_back_early_ends_the_leave_and_takes_nothing_back(self, company, chief):
        wang, deputy = company.person("wangfang"), company.person("deputy")
        task = work_of(company, wang)
        put_on_leave(wang, from_on=MONDAY, until_on=FRIDAY, substitute=deputy, actor=chief, now=morning())
        come_back(wang, on=TUESDAY, actor=chief, now=morning(TUESDAY))
        settle_opened(now=morning(TUESDAY))
        assert fresh(task).assignee == deputy
        assert load_workforce().at_work(wang.pk, on=TUESDAY)
        assert not load_workforce().at_work(wang.pk, on=MONDAY)
        with pytest.raises(NotOnLeave):
            come_back(wang, on=TUESDAY, actor=chief, now=morning(TUESDAY))

    def test_coming_back_on_the_first_day_leaves_no_leave(self, company, chief):
        wang = company.person("wangfang")
        put_on_leave(wang, from_on=MONDAY, until_on=FRIDAY, substitute=None, actor=chief, now=morning())
        come_back(wang, on=MONDAY, actor=chief, now=morning())
        assert not Absence.objects.exists()

    def test_two_leaves_do_not_share_a_day(self, company, chief):
        wang = company.person("wangfang")
        put_on_leave(wang, from_on=MONDAY, until_on=TUESDAY, substitute=None, actor=chief, now=morning())
        with pytest.raises(OnLeaveAlready):
            put_on_leave(wang, from_on=TUESDAY, until_on=FRIDAY, substitute=None, actor=chief, now=morning())
        wednesday = TUESDAY + timedelta(1)
        put_on_leave(wang, from_on=wednesday, until_on=FRIDAY, substitute=None, actor=chief, now=morning())
        with pytest.raises(ValueError, match="before it begins"):
            put_on_leave(wang, from_on=FRIDAY, until_on=MONDAY, substitute=None, actor=chief, now=morning())


class TestStandingIn:
    @pytest.mark.parametrize(("day", "who"), [(MONDAY, "wangfang"), (TUESDAY, "deputy"), (FRIDAY, "heir")])
    def test_the_substitute_then_the_hand_over_target_each_stood_in_for_in_turn(self, company, day, who):
        heir = company.person("heir")
        wang = company.person("wangfang", hand_over_to=heir)
        deputy = company.person("deputy")
        company.leave(wang, TUESDAY, FRIDAY, substitute=deputy)
        company.leave(deputy, FRIDAY, substitute=wang)
        workforce = load_workforce()
        found = next(iter(workforce.in_place_of(wang.pk, on=day)))
        assert workforce.people[found].username == who

    def test_the_last_day_is_still_a_day_at_work(self, company):
        wang = company.person("wangfang", left_on=MONDAY)
        workforce = load_workforce()
        assert workforce.at_work(wang.pk, on=MONDAY)
        assert workforce.is_gone(wang.pk, on=TUESDAY)
        assert workforce.is_gone(wang.pk + 1000, on=MONDAY)

    def test_people_are_read_in_five_queries(self, company, django_assert_num_queries):
        for username in ("wangfang", "liqiang"):
            company.leave(company.person(username, department=company.repairs), date(2026, 5, 1))
        with django_assert_num_queries(5):
            load_workforce()
