"""What a customer refuses: nobody calls about it, sees the number for it or finds it in the queue."""

from datetime import timedelta

import pytest

from staff.models import Activity, Role, RoleAssignment
from tests.visits.calls import MORNING, Shop, at, fresh, told
from visits.choices import Outcome, Purpose, TaskStatus
from visits.domain.calling.card import lease
from visits.domain.calling.frequency import TooOften, check_frequency
from visits.domain.calling.recording import record_contact, record_inbound
from visits.domain.calling.restricting import (
    CannotRestrict,
    Unwanted,
    drop_unwanted,
    lift,
    refused_purposes,
    restrict,
)
from visits.domain.calling.revealing import reveal
from visits.domain.calling.undoing import undo
from visits.models import ContactRestriction, VisitTask

SERVICE, SURVEY, PROMOTION, ALL = Purpose


@pytest.fixture
def shop(db):
    return Shop()


@pytest.fixture
def boss(shop):
    boss = shop.advisor("boss", "张伟")
    role = Role.objects.create(code="department_manager", title="部门经理", like="department_manager")
    RoleAssignment.objects.create(employee=boss, role=role, from_on="2020-01-01")
    return boss


def steps(shop):
    """Return a task of each purpose, all of one customer."""
    customer = shop.customer("刘女士", "13912345678")
    return {
        purpose: shop.task(customer, step=shop.add_step(purpose, purpose=purpose))
        for purpose in ("service", "survey", "promotion")
    }


@pytest.mark.parametrize(
    ("refused", "cancelled"),
    [
        (ALL, {"service", "survey", "promotion"}),
        (SERVICE, {"service"}),
        (SURVEY, {"survey"}),
        (PROMOTION, {"promotion"}),
    ],
)
def test_a_refusal_cancels_what_it_covers(shop, refused, cancelled):
    tasks = steps(shop)
    restrict(tasks["service"].customer, refused, reason="不要再打", by=shop.wang, now=MORNING)
    gone = {purpose for purpose, task in tasks.items() if fresh(task).status == TaskStatus.CANCELLED}
    assert gone == cancelled
    assert Activity.objects.filter(verb="unwanted").count() == len(cancelled)


def test_another_customer_is_not_touched(shop):
    other = shop.task()
    restrict(shop.customer(), ALL, reason="不要再打", by=shop.wang, now=MORNING)
    assert (fresh(other).status, drop_unwanted(now=MORNING)) == (TaskStatus.OPEN, 0)


def test_what_one_holds_stays_until_the_call_is_written_down(shop):
    task = shop.task()
    lease(task, shop.wang, now=MORNING)
    restrict(task.customer, ALL, reason="不要再打", by=shop.wang, now=MORNING)
    with pytest.raises(Unwanted):
        reveal(task.customer, by=shop.wang, now=MORNING, task=fresh(task), reason="有理由也不行")
    assert drop_unwanted(now=MORNING) == 0
    record_contact(fresh(task), told(Outcome.REFUSED), advisor=shop.wang, now=MORNING)
    assert fresh(task).status == TaskStatus.REFUSED


def test_what_was_let_go_and_what_comes_up_later_is_dropped_by_the_next_tick(shop):
    task = shop.task()
    lease(task, shop.wang, now=MORNING)
    restrict(task.customer, ALL, reason="不要再打", by=shop.wang, now=MORNING)
    VisitTask.objects.filter(pk=task.pk).update(leased_by=None, leased_until=None)
    planned = shop.task(task.customer, status=TaskStatus.PLANNED)
    assert drop_unwanted(now=MORNING) == 2
    assert {fresh(one).status for one in (task, planned)} == {TaskStatus.CANCELLED}


def test_the_number_is_shown_for_purposes_that_were_not_refused(shop):
    tasks = steps(shop)
    restrict(tasks["survey"].customer, SURVEY, reason="不做问卷", by=shop.wang, now=MORNING)
    lease(tasks["service"], shop.wang, now=MORNING)
    assert reveal(tasks["service"].customer, by=shop.wang, now=MORNING, task=fresh(tasks["service"]))
    with pytest.raises(Unwanted):
        reveal(tasks["survey"].customer, by=shop.wang, now=MORNING, task=fresh(tasks["survey"]), reason="核实")


def test_twice_the_same_is_once_and_it_says_why_with_numbers_masked(shop):
    customer = shop.customer()
    for _again in range(2):
        restrict(customer, ALL, reason=" 别打13912345678 ", by=shop.wang, now=MORNING)
    assert ContactRestriction.objects.get().reason == "别打139****5678"


@pytest.mark.parametrize(("purpose", "reason"), [("", "不要"), ("mail", "不要"), (ALL, "  ")])
def test_a_refusal_says_of_what_and_why(shop, purpose, reason):
    with pytest.raises(CannotRestrict):
        restrict(shop.customer(), purpose, reason=reason, by=shop.wang, now=MORNING)


def test_lifting_brings_back_what_is_not_over(shop, boss):
    task, over = shop.task(), shop.task(closes_at=at("10:30"))
    over.customer = task.customer
    over.save()
    found = restrict(task.customer, ALL, reason="不要再打", by=shop.wang, now=MORNING)
    tomorrow = MORNING + timedelta(days=1)
    VisitTask.objects.filter(pk=task.pk).update(closes_at=tomorrow + timedelta(hours=1))
    with pytest.raises(CannotRestrict):
        lift(found, reason="客户来电同意", by=shop.wang, now=tomorrow)
    with pytest.raises(CannotRestrict):
        lift(found, reason=" ", by=boss, now=tomorrow)
    assert lift(found, reason="客户来电同意", by=boss, now=tomorrow) == 1
    assert (fresh(task).status, fresh(over).status) == (TaskStatus.OPEN, TaskStatus.CANCELLED)
    assert refused_purposes(task.customer) == frozenset()
    assert lift(found, reason="再来一次", by=boss, now=tomorrow) == 0


def test_whoever_wrote_it_down_can_put_a_slip_right_on_the_same_day(shop):
    task = shop.task()
    found = restrict(task.customer, ALL, reason="按错了", by=shop.wang, now=MORNING)
    assert lift(found, reason="按错了", by=shop.wang, now=MORNING) == 1


def test_what_is_still_refused_stays_cancelled(shop, boss):
    tasks = steps(shop)
    customer = tasks["survey"].customer
    everything = restrict(customer, ALL, reason="不要", by=shop.wang, now=MORNING)
    restrict(customer, SURVEY, reason="不做问卷", by=shop.wang, now=MORNING)
    assert lift(everything, reason="服务电话可以", by=boss, now=MORNING) == 2
    assert fresh(tasks["survey"]).status == TaskStatus.CANCELLED


def call(shop, customer, moment, **facts):
    task = shop.task(customer)
    return record_contact(task, told(Outcome.NO_ANSWER, now=moment, **facts), advisor=shop.li, now=moment)


def test_the_sixth_call_in_24_hours_is_refused_until_the_first_is_a_day_old(shop):
    customer = shop.customer()
    for hour in range(9, 14):
        call(shop, customer, at(f"{hour:02}:00"))
    task = shop.task(customer)
    tomorrow = at("2026-03-03 08:59:59")
    lease(task, shop.wang, now=tomorrow)
    with pytest.raises(TooOften) as refused:
        reveal(customer, by=shop.wang, now=tomorrow, task=fresh(task))
    assert refused.value.until == at("2026-03-03 09:00")
    assert reveal(customer, by=shop.wang, now=at("2026-03-03 09:00"), task=fresh(task))


def test_the_fourth_call_in_five_minutes_is_refused(shop):
    customer = shop.customer()
    for second in (0, 30, 60):
        call(shop, customer, MORNING + timedelta(seconds=second))
    with pytest.raises(TooOften):
        check_frequency(customer, now=MORNING + timedelta(minutes=4, seconds=59))
    check_frequency(customer, now=MORNING + timedelta(minutes=5))


def test_letters_calls_of_the_customer_and_what_was_taken_back_do_not_count(shop, settings):
    settings.CALLS_PER_DAY = 1
    customer = shop.customer()
    call(shop, customer, MORNING, channel="letter", channel_reason="客户要求")
    record_inbound(customer, told(), advisor=shop.li, now=MORNING)
    undone = call(shop, customer, MORNING)
    undo(undone.record, token=told().token, by=shop.li, now=MORNING)
    check_frequency(customer, now=MORNING)
    call(shop, customer, MORNING)
    with pytest.raises(TooOften):
        check_frequency(customer, now=MORNING)
