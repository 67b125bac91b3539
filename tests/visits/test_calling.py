"""The call form's context, and who holds a task."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from tests.visits.calls import MONDAY, MORNING, QUESTIONNAIRE, Shop, at, day_start, fresh, told
from visits.choices import Outcome, TaskStatus
from visits.domain.calling.card import context_of, holder, last_contacts, lease, segments_of
from visits.domain.calling.recording import record_contact
from visits.models import CustomerSegment, Segment, VisitTask

LEASED = timedelta(minutes=15)


@pytest.fixture
def shop(db):
    return Shop(
        pack=QUESTIONNAIRE, questionnaire="css", script="您好, 这里是城东店", must_mention=["极为满意"],
        channels=["desk_phone", "mobile"],
    )  # fmt: skip


def test_a_lease_lasts_fifteen_minutes_and_can_be_renewed(shop):
    task = shop.task()
    assert lease(task, shop.wang, now=MORNING)
    assert not lease(task, shop.li, now=MORNING + LEASED - timedelta(microseconds=1))
    assert lease(task, shop.wang, now=MORNING + timedelta(minutes=10))
    assert not lease(task, shop.li, now=MORNING + LEASED)
    assert holder(fresh(task), now=MORNING + LEASED) == shop.wang
    assert holder(fresh(task), now=MORNING + timedelta(minutes=25)) is None
    assert lease(task, shop.li, now=MORNING + timedelta(minutes=25))


@pytest.mark.parametrize("status", [TaskStatus.DONE, TaskStatus.CANCELLED, TaskStatus.INVALID_NUMBER])
def test_what_is_settled_is_not_leased(shop, status):
    assert not lease(shop.task(status=status), shop.wang, now=MORNING)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_open_one_task_at_once_one_holds_it():
    shop = Shop()
    task = shop.task()
    barrier, results = threading.Barrier(2), []

    def open_card(person):
        barrier.wait(timeout=10)
        results.append(lease(task, person, now=MORNING))
        connection.close()

    threads = [threading.Thread(target=open_card, args=(person,)) for person in (shop.wang, shop.li)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(results) == [False, True]


def test_the_card_says_what_to_say_and_ask_and_by_what(shop):
    task = shop.task(shop.customer("刘女士", "13912345678"))
    card = context_of(task, now=MORNING)
    assert (card.number, card.script, card.phrases, card.asked) == (
        "139****5678", "您好, 这里是城东店", ("极为满意",), ("css",),
    )  # fmt: skip
    assert [(choice.code, choice.is_default, choice.takes) for choice in card.channels] == [
        ("desk_phone", True, "free"), ("mobile", False, "reason"),
    ]  # fmt: skip
    assert (card.hours, card.early, card.unanswered, card.attempts_left) == ("inside", False, 0, 3)
    assert [question.code for question in card.questions] == ["css"]


def test_the_channel_that_the_customer_prefers_is_the_default(shop):
    customer = shop.customer()
    customer.preferred_channel = "mobile"
    customer.save()
    assert [choice.code for choice in context_of(shop.task(customer), now=MORNING).channels] == ["mobile", "desk_phone"]


def test_the_card_shows_what_was_tried_and_said_before(shop):
    customer = shop.customer()
    task, before = shop.task(customer), shop.task(customer)
    record_contact(before, told(now=at("09:00"), notes="喜欢下午"), advisor=shop.li, now=at("09:00"))
    record_contact(task, told(Outcome.NO_ANSWER), advisor=shop.wang, now=MORNING)
    card = context_of(fresh(task), now=at("14:00"))
    assert [(link.attempt, link.record.outcome) for link in card.attempts] == [(1, Outcome.NO_ANSWER)]
    assert [record.summary for record in last_contacts(task)] == ["", "喜欢下午"]
    assert [choice.takes for choice in card.channels] == ["free", "free"]


def test_the_customers_other_open_tasks_may_end_in_the_same_call(shop):
    customer = shop.customer()
    task, sooner = shop.task(customer), shop.task(customer, closes_at=day_start(MONDAY))
    shop.task(customer, status=TaskStatus.PLANNED)
    shop.task(customer, leased_by=shop.li, leased_until=MORNING + LEASED)
    shop.task()
    assert [other.pk for other in context_of(task, now=MORNING).others] == [sooner.pk]


def test_a_policy_of_single_calls_offers_no_other_task(db):
    shop = Shop(pack="one_call = false\n")
    customer = shop.customer()
    task = shop.task(customer)
    shop.task(customer)
    assert context_of(task, now=MORNING).others == ()


@pytest.mark.parametrize(("moment", "early"), [("23:59:59", True), ("2026-03-03 00:00", False)])
def test_the_card_says_that_it_is_early(shop, moment, early):
    task = shop.task(
        status=TaskStatus.PLANNED, opens_at=day_start(MONDAY + timedelta(1)), closes_at=day_start(MONDAY + timedelta(2))
    )
    assert context_of(task, now=at(moment)).early is early


def test_the_customers_own_hours_ask_for_a_reason(shop):
    customer = shop.customer()
    customer.preferred_time = "下午14：00至17:00"
    customer.save()
    task = shop.task(customer)
    hours = [context_of(task, now=at(moment)).hours for moment in ("13:59", "14:00", "16:59", "17:00", "21:00")]
    assert hours == ["reason", "inside", "inside", "reason", "refuse"]


def test_segments_guide_the_call(shop):
    task = shop.task()
    vip = Segment.objects.create(code="vip", guidance="称呼全名")
    CustomerSegment.objects.create(customer=task.customer, segment=vip, since=MORNING)
    assert [segment.guidance for segment in segments_of(task)] == ["称呼全名"]


def test_the_card_costs_the_same_with_a_long_history(shop, django_assert_num_queries):
    task = shop.task()
    related = VisitTask.objects.select_related("customer", "release__policy", "event")
    context_of(related.get(pk=task.pk), now=MORNING)  # what is remembered between requests is remembered now
    with django_assert_num_queries(5):
        context_of(related.get(pk=task.pk), now=MORNING)
    for _number in range(3):
        record_contact(shop.task(task.customer), told(), advisor=shop.wang, now=MORNING)
    with django_assert_num_queries(5):
        context_of(related.get(pk=task.pk), now=MORNING)
