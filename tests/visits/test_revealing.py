"""Who sees a whole number: one's own task in hand within hours, anybody else for a reason and within limits."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from staff.models import Activity, Role, RoleAssignment
from tests.visits.calls import MORNING, Shop, at
from visits.domain.calling.card import lease
from visits.domain.calling.guarding import MayNotUnlock, lines, sound_alarm, unlock, watch
from visits.domain.calling.revealing import A_DAY, A_HOUR, LimitReached, ReasonNeeded, reveal, revealed
from visits.domain.contact.masking import mask, mask_in_text
from visits.models import VisitTask


@pytest.fixture
def shop(db):
    return Shop()


def held(shop, *, now=MORNING, **facts):
    task = shop.task(shop.customer("刘女士", "13912345678"), **facts)
    assert lease(task, shop.wang, now=now)
    return VisitTask.objects.get(pk=task.pk)


def test_ones_own_task_in_hand_shows_its_number_without_a_reason_and_leaves_a_line(shop):
    task = held(shop)
    assert reveal(task.customer, by=shop.wang, now=MORNING, task=task) == "13912345678"
    line = Activity.objects.get(verb="number_shown")
    assert (line.actor, line.subject_id, line.data["task"]) == (shop.wang, task.customer_id, task.pk)
    assert "13912345678" not in str(line.data)


@pytest.mark.parametrize(
    ("moment", "shown"), [("07:59:59", False), ("08:00", True), ("20:59:59", True), ("21:00", False)]
)
def test_outside_the_legal_hours_it_takes_a_reason(shop, moment, shown):
    now = at(moment)
    task = held(shop, now=now)
    if shown:
        assert reveal(task.customer, by=shop.wang, now=now, task=task)
    else:
        with pytest.raises(ReasonNeeded):
            reveal(task.customer, by=shop.wang, now=now, task=task)


def test_hours_of_the_policy_that_refuse_take_a_reason_too(db):
    shop = Shop(pack='[calling_hours]\nallowed = ["09:00-12:00"]\noutside = "refuse"\n')
    task = held(shop, now=at("11:59:59"))
    assert reveal(task.customer, by=shop.wang, now=at("11:59:59"), task=task)
    with pytest.raises(ReasonNeeded):
        reveal(task.customer, by=shop.wang, now=at("12:00"), task=task)


def test_a_task_that_is_not_in_ones_hand_or_not_ones_own_takes_a_reason(shop):
    task = shop.task()
    other = held(shop, assignee=shop.li)
    for found in (task, other, None):
        with pytest.raises(ReasonNeeded):
            reveal(task.customer, by=shop.wang, now=MORNING, task=found)


def test_a_lease_that_has_ended_shows_nothing(shop):
    task = held(shop)
    assert reveal(task.customer, by=shop.wang, now=MORNING + timedelta(minutes=14, seconds=59), task=task)
    with pytest.raises(ReasonNeeded):
        reveal(task.customer, by=shop.wang, now=MORNING + timedelta(minutes=15), task=task)


def test_a_task_of_another_customer_opens_no_number(shop):
    task, stranger = held(shop), shop.customer()
    with pytest.raises(ReasonNeeded):
        reveal(stranger, by=shop.wang, now=MORNING, task=task)


def test_the_thirty_first_number_of_an_hour_is_refused_until_the_first_is_an_hour_old(shop):
    customer = shop.customer()
    for second in range(A_HOUR):
        assert reveal(customer, by=shop.wang, now=MORNING + timedelta(seconds=second), reason="客户要求回电")
    with pytest.raises(LimitReached):
        reveal(customer, by=shop.wang, now=MORNING + timedelta(minutes=59, seconds=59), reason="再看一次")
    assert reveal(customer, by=shop.wang, now=MORNING + timedelta(hours=1), reason="再看一次")
    assert reveal(customer, by=shop.li, now=MORNING, reason="别人的额度")
    assert Activity.objects.filter(verb="number_revealed", actor=shop.wang).count() == A_HOUR + 1


def test_the_hundred_and_first_number_of_a_day_is_refused_until_the_next_day(shop):
    customer = shop.customer()
    for number in range(A_DAY):
        reveal(customer, by=shop.wang, now=at("08:00") + timedelta(minutes=3 * number), reason="回电")
    with pytest.raises(LimitReached):
        reveal(customer, by=shop.wang, now=at("23:59:59"), reason="回电")
    assert reveal(customer, by=shop.wang, now=at("2026-03-03 00:00"), reason="回电")


def test_a_number_in_the_reason_is_masked_in_the_line(shop):
    reveal(shop.customer(), by=shop.wang, now=MORNING, reason="客户用13912345678来电")
    assert Activity.objects.get().data["reason"] == "客户用139****5678来电"


@pytest.mark.parametrize(
    ("number", "shown"),
    [("13912345678", "139****5678"), ("0577-88123456", "0577-****3456"), ("0577-88123456-801", "0577-****3456")],
)
def test_masks(number, shown):
    assert mask(number) == shown


def test_only_whole_mobile_numbers_in_a_text_are_masked():
    assert mask_in_text("打13912345678, 工单2139123456789") == "打139****5678, 工单2139123456789"


def test_within_the_quiet_hours_of_the_customer_it_takes_a_reason_that_costs_no_limit(shop):
    task = held(shop, now=at("12:29"))
    task.customer.quiet_hours = "12:00-14:00"
    with pytest.raises(ReasonNeeded):
        reveal(task.customer, by=shop.wang, now=at("12:30"), task=task)
    assert reveal(task.customer, by=shop.wang, now=at("12:30"), task=task, reason="客户约的这个时间")
    assert Activity.objects.get(verb="number_shown").data["reason"] == "客户约的这个时间"
    assert lease(task, shop.wang, now=at("14:00"))
    assert reveal(task.customer, by=shop.wang, now=at("14:00"), task=VisitTask.objects.get(pk=task.pk))


def manager(shop):
    boss = shop.advisor("boss", "张伟")
    role = Role.objects.create(code="general_manager", title="总经理", like="general_manager")
    RoleAssignment.objects.create(employee=boss, role=role, from_on="2020-01-01")
    return boss


def reach_the_limit(shop):
    customer = shop.customer()
    for second in range(A_HOUR):
        reveal(customer, by=shop.wang, now=MORNING + timedelta(seconds=second), reason="回电")
    return customer


def test_the_alarm_at_the_limit_is_told_to_the_manager_once_and_the_manager_opens_it(shop):
    boss, customer, later = manager(shop), reach_the_limit(shop), MORNING + timedelta(minutes=1)
    assert [sound_alarm(shop.wang, now=later) for _again in range(2)] == [1, 0]
    [watched] = watch(boss, now=later)
    assert (watched.employee, watched.an_hour, watched.is_locked) == (shop.wang, A_HOUR, True)
    unlock(shop.wang, by=boss, reason="节日问候名单核对", now=later)
    assert reveal(customer, by=shop.wang, now=later, reason="回电")
    assert revealed(shop.wang, now=later) == (1, 1)
    assert [line["reason"] for line in lines(boss, now=later)][:2] == ["回电", "回电"]


def test_the_watch_costs_the_same_for_one_person_and_for_three(shop):
    boss, costs = manager(shop), []
    for asking in ([shop.wang], [shop.li, shop.advisor("chenjing", "陈静")]):
        for person in asking:
            reveal(shop.customer(), by=person, now=MORNING, reason="回电")
        with CaptureQueriesContext(connection) as asked:
            found = watch(boss, now=MORNING)
        costs.append(len(asked))

    assert len(found) == 3
    assert {(one.an_hour, one.today) for one in found} == {(1, 1)}
    assert costs[0] == costs[1]


def test_nobody_opens_their_own_limit_and_no_advisor_anybodys(shop):
    boss = manager(shop)
    for who, whose, reason in ((shop.li, shop.wang, "帮忙"), (boss, boss, "我自己"), (boss, shop.wang, " ")):
        with pytest.raises(MayNotUnlock):
            unlock(whose, by=who, reason=reason, now=MORNING)
