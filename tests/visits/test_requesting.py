"""Visits that people ask for: assigned by the house or asked for by the customer, planned and given at once."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from staff.models import Activity
from tests.packs import SHIPPED
from tests.visits.world import at, branch, customer, employee, event, publish, tasks
from visits.choices import Origin
from visits.domain.explaining.answering import why
from visits.domain.origin.requesting import (
    ASSIGNED,
    REQUEST,
    CannotBe,
    NoRule,
    Wish,
    listeners,
    origin_of,
    request_visit,
)
from visits.models import EventBinding, ServiceEvent, VisitTask

pytestmark = pytest.mark.django_db
NOW = "2026-03-06 09:00"  # a Friday


@pytest.fixture
def house():
    """Return the shop in which 陈静 works for 王芳, under the regulation that ships."""
    shop = branch("城东店")
    publish((SHIPPED / "standard-after-sales.toml").read_text(encoding="utf-8"), on="2026-01-01")
    return shop


@pytest.fixture
def chen(house):
    return employee("chenjing", branch=house, name="陈静")


@pytest.fixture
def boss(house):
    return employee("lina", "cs_supervisor", branch=house, name="李娜")


def wish(who, kind=ASSIGNED, **told):
    return Wish(told.pop("token", uuid4()), kind, who, told.pop("asked_at", at(NOW)), **told)


def test_an_assigned_visit_is_a_task_of_that_person_with_its_clause(chen, boss):
    made = request_visit(
        wish(customer(), advisor=chen, due_at=at("2026-03-10"), told={"aim": "了解新车使用情况"}), by=boss, now=at(NOW)
    )

    assert tasks("step__rule__code", "status", "assignee__name", "opens_at", "closes_at") == [
        ("assigned", "open", "陈静", "2026-03-06", "2026-03-11")
    ]
    assert (made.attributes, made.made_by, made.branch.name) == ({"aim": "了解新车使用情况"}, boss, "城东店")
    assert [clause.ref for clause in why(VisitTask.objects.get(), now=at(NOW)).clauses] == ["S-09"]


def test_a_request_is_passive_and_keeps_the_minute_at_which_it_is_due(chen):
    request_visit(
        wish(customer(), REQUEST, asked_at=at("2026-03-06 08:30"), due_at=at("2026-03-06 15:00"), due_has_time=True),
        by=chen, now=at(NOW),
    )  # fmt: skip

    assert tasks("step__rule__code", "closes_at", "closes_inclusive", "event__happened_at") == [
        ("on-request", "2026-03-06 15:00", True, "2026-03-06 08:30")
    ]
    assert (origin_of(REQUEST), origin_of(ASSIGNED), origin_of("service_completed")) == (
        Origin.PASSIVE, Origin.ACTIVE, Origin.ACTIVE,
    )  # fmt: skip


def test_without_a_day_it_is_due_by_the_end_of_the_next_working_day(chen):
    request_visit(wish(customer(), REQUEST), by=chen, now=at(NOW))

    assert tasks("closes_at") == ["2026-03-10"]  # the end of Monday the 9th


def test_without_a_person_the_regulation_says_who(chen, boss):
    request_visit(wish(customer()), by=boss, now=at(NOW))

    assert tasks("assignee__name", "settled") == [("陈静", True)]


def test_the_same_form_twice_is_one_visit(chen):
    asked = wish(customer())
    first = request_visit(asked, by=chen, now=at(NOW))
    second = request_visit(asked, by=chen, now=at("2026-03-06 09:01"))

    assert (first, ServiceEvent.objects.count(), VisitTask.objects.count()) == (second, 1, 1)
    assert Activity.objects.filter(verb="visit_requested").count() == 1


def test_the_day_of_the_deadline_is_today_or_later(chen):
    for due_at, has_time in ((at("2026-03-05"), False), (at("2026-03-06 08:59"), True)):
        with pytest.raises(CannotBe) as refused:
            request_visit(wish(customer(), due_at=due_at, due_has_time=has_time), by=chen, now=at(NOW))
        assert refused.value.field == "due_on"
    request_visit(wish(customer(), due_at=at("2026-03-06")), by=chen, now=at(NOW))

    assert tasks("closes_at") == ["2026-03-07"]


def test_a_request_does_not_lie_in_the_future(chen):
    with pytest.raises(CannotBe, match="未来"):
        request_visit(wish(customer(), REQUEST, asked_at=at(NOW) + timedelta(hours=1)), by=chen, now=at(NOW))


def test_where_no_rule_listens_nothing_is_left_behind():
    caller = employee("caller")
    publish('[[visit_rule]]\ncode = "a"\ntrigger = "purchase"\n[[visit_rule.step]]\ncode = "b"\ncloses = "1d"\n')
    with pytest.raises(NoRule):
        request_visit(wish(customer()), by=caller, now=at(NOW))

    assert (listeners(ASSIGNED), ServiceEvent.objects.count(), Activity.objects.filter(actor=caller).count()) == (
        [],
        0,
        0,
    )


def test_of_two_regulations_that_listen_only_the_chosen_one_makes_the_visit(chen):
    head = '[policy]\nslug = "other"\ntitle = "另一套"\neffective_from = 2026-01-01\n'
    rule = '[[visit_rule]]\ncode = "x"\ntrigger = "assigned"\n[[visit_rule.step]]\ncode = "y"\ncloses = "given"\n'
    other = publish(head + rule)
    request_visit(wish(customer(), policy=other.policy_id), by=chen, now=at(NOW))

    assert [one.title for one in listeners(ASSIGNED)] == ["标准售后回访制度", "另一套"]
    assert tasks("step__rule__code") == ["x"]
    assert EventBinding.objects.count() == 2  # a later release of the other one does not take it for new


def test_who_works_for_the_whole_company_leaves_the_visit_in_the_customers_unit(house):
    boss = employee("zhoujie", "quality_manager", name="周杰")
    who = customer()
    event(customer=who, branch=house, happened="2026-03-01 10:00")
    made = request_visit(wish(who), by=boss, now=at(NOW))

    assert (made.branch, made.happened_on) == (house, date(2026, 3, 6))
