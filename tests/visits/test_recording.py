"""Saving a contact: the ladder of outcomes, in time or not, what is lacking, several tasks by one call."""

from datetime import timedelta

import pytest

from tests.visits.calls import MONDAY, MORNING, Shop, at, day_start, fresh, told
from visits.choices import Outcome, TaskStatus
from visits.domain.calling.correcting import NotANumber, NumberTaken
from visits.domain.calling.recording import NotOneCall, record_contact, record_inbound
from visits.domain.finding.queueing import next_task, queue
from visits.models import ContactNumber, RecordTask, Series, VisitRecord

NOW = MORNING


@pytest.fixture
def shop(db):
    return Shop(channels=["desk_phone", "mobile"], max_attempts=3, retry_after="4h")


def test_a_customer_who_was_reached_ends_the_task_in_time(shop):
    task = shop.task()
    saved = record_contact(task, told(notes="一切都好"), advisor=shop.wang, now=NOW)
    after = fresh(task)
    assert (after.status, after.completed_in_time, after.attempts) == (TaskStatus.DONE, True, 1)
    assert after.completed_at == NOW - timedelta(minutes=2)
    assert saved.completed == (task.pk,)
    link = RecordTask.objects.get()
    assert (link.completes, link.in_time, link.attempt) == (True, True, 1)
    record = saved.record
    assert (record.summary, record.advisor, record.logged_at, record.number.number) == (
        "一切都好", shop.wang, NOW, ContactNumber.objects.get(customer=task.customer).number,
    )  # fmt: skip
    assert next_task(shop.wang, now=NOW) is None


@pytest.mark.parametrize(
    ("logged", "inclusive", "in_time"),
    [
        ("2026-03-02 23:59:59", False, True),
        ("2026-03-03 00:00:00", False, False),  # a bound of days is over at itself
        ("2026-03-03 00:00:00", True, True),  # at the instant itself one is in time
        ("2026-03-03 00:00:01", True, False),
    ],
)
def test_the_moment_of_saving_decides_at_each_side_of_the_bound(shop, logged, inclusive, in_time):
    task = shop.task(closes_inclusive=inclusive)
    now = at(logged)
    record_contact(task, told(now=now, started_at=at("09:00")), advisor=shop.wang, now=now)
    assert fresh(task).completed_in_time is in_time


def test_what_a_telephone_system_reports_decides_instead(shop):
    task = shop.task()
    now = at("2026-03-03 08:00")
    contact = told(now=now, started_at=at("23:30"), reported_by_system=True)
    record_contact(task, contact, advisor=shop.wang, now=now)
    assert fresh(task).completed_in_time is True


def test_a_visit_before_the_opening_is_done_but_not_timely_and_asks_for_a_reason(shop):
    facts = {"status": TaskStatus.PLANNED, "opens_at": day_start(MONDAY + timedelta(1)),
             "closes_at": day_start(MONDAY + timedelta(3))}  # fmt: skip
    silent, with_reason = shop.task(**facts), shop.task(**facts)
    lacking = record_contact(silent, told(), advisor=shop.wang, now=NOW).record.incomplete
    complete = record_contact(with_reason, told(early_reason="客户明天出国"), advisor=shop.wang, now=NOW).record
    assert (lacking, complete.incomplete, complete.early_reason) == (["early_reason"], [], "客户明天出国")
    assert {(task.status, task.completed_in_time) for task in map(fresh, (silent, with_reason))} == {
        (TaskStatus.DONE, False)
    }


def test_three_unanswered_calls_make_the_customer_unreachable(shop):
    task = shop.task(closes_at=day_start(MONDAY + timedelta(3)))
    first = record_contact(task, told(Outcome.NO_ANSWER), advisor=shop.wang, now=NOW)
    assert first.next_attempt_at == at("13:58")  # four hours after the call, and another half-day
    assert queue(shop.wang, now=at("13:57")) == []
    assert next_task(shop.wang, now=at("13:58")).attempts == 1
    now = at("14:00")
    second = record_contact(fresh(task), told(Outcome.BUSY, now=now), advisor=shop.wang, now=now)
    assert second.next_attempt_at == at("2026-03-03 08:00")  # the first callable moment of another half-day
    now = at("2026-03-03 09:00")
    third = record_contact(fresh(task), told(Outcome.NO_ANSWER, now=now), advisor=shop.wang, now=now)
    assert third.next_attempt_at is None
    assert (fresh(task).status, fresh(task).attempts, fresh(task).completed_at) == (TaskStatus.UNREACHABLE, 3, None)


def test_a_promised_call_back_uses_up_no_attempt(shop):
    task = shop.task(closes_at=day_start(MONDAY + timedelta(3)))
    for hour, outcome in (("09:00", Outcome.NO_ANSWER), ("13:30", Outcome.CALL_BACK), ("15:00", Outcome.NO_ANSWER)):
        contact = told(outcome, now=at(hour), call_back_at=at("15:00"))
        record_contact(fresh(task), contact, advisor=shop.wang, now=at(hour))
    assert (fresh(task).status, fresh(task).attempts) == (TaskStatus.OPEN, 3)
    now = at("2026-03-03 09:00")
    record_contact(fresh(task), told(Outcome.NO_ANSWER, now=now), advisor=shop.wang, now=now)
    assert fresh(task).status == TaskStatus.UNREACHABLE


def test_a_promised_call_back_is_first_in_the_queue_once_it_is_due(shop):
    task, other = shop.task(), shop.task(priority=100)
    saved = record_contact(
        task, told(Outcome.CALL_BACK, call_back_at=at("14:30")), advisor=shop.wang, now=NOW
    )  # fmt: skip
    assert saved.next_attempt_at == at("14:30")
    assert [row.id for row in queue(shop.wang, now=at("14:29:59"))] == [other.pk]
    assert [row.id for row in queue(shop.wang, now=at("14:30"))] == [task.pk, other.pk]


def test_a_call_back_without_its_time_is_tried_again_by_the_rule(shop):
    task = shop.task()
    saved = record_contact(task, told(Outcome.CALL_BACK), advisor=shop.wang, now=NOW)
    assert (saved.next_attempt_at, saved.record.incomplete) == (at("13:58"), ["call_back_at"])


def test_a_refusal_ends_the_task_and_completes_nothing(shop):
    task = shop.task()
    record_contact(task, told(Outcome.REFUSED), advisor=shop.wang, now=NOW)
    assert (fresh(task).status, fresh(task).completed_at) == (TaskStatus.REFUSED, None)


def test_a_wrong_number_waits_for_its_correction(shop):
    task = shop.task()
    record_contact(task, told(Outcome.WRONG_NUMBER), advisor=shop.wang, now=NOW)
    assert fresh(task).status == TaskStatus.INVALID_NUMBER
    assert queue(shop.wang, now=NOW) == []


def test_a_wrong_number_with_the_right_one_is_called_again_at_once(shop):
    task = shop.task(shop.customer("陈先生", "13800000000"))
    contact = told(Outcome.WRONG_NUMBER, new_number="１３９ 1234 5678")
    record_contact(task, contact, advisor=shop.wang, now=NOW)
    assert (fresh(task).status, fresh(task).attempts) == (TaskStatus.OPEN, 1)
    assert next_task(shop.wang, now=NOW).number == "139****5678"
    history = ContactNumber.objects.filter(customer=task.customer).order_by("pk")
    assert [(row.number, row.valid_until, row.is_primary) for row in history] == [
        ("13800000000", NOW, False), ("13912345678", None, True),
    ]  # fmt: skip
    assert VisitRecord.objects.get().number == history[0]


@pytest.mark.parametrize(
    ("number", "error"), [("13912345678", NumberTaken), ("123", NotANumber), ("13800000000", NotANumber)]
)
def test_a_number_that_cannot_be_the_customers_is_refused_and_nothing_is_written(shop, number, error):
    task = shop.task(shop.customer("陈先生", "13800000000"))
    shop.customer("刘女士", "13912345678")
    with pytest.raises(error):
        record_contact(task, told(Outcome.WRONG_NUMBER, new_number=number), advisor=shop.wang, now=NOW)
    assert (fresh(task).status, fresh(task).attempts, VisitRecord.objects.count()) == (TaskStatus.OPEN, 0, 0)
    assert ContactNumber.objects.get(customer=task.customer).valid_until is None


def test_no_longer_a_customer_ends_everything_that_is_planned(shop):
    task = shop.task()
    planned = shop.task(task.customer, status=TaskStatus.PLANNED)
    wrong = shop.task(task.customer, status=TaskStatus.INVALID_NUMBER)
    done, somebody_else = shop.task(task.customer, status=TaskStatus.DONE), shop.task()
    Series.objects.create(
        event=task.event, step=shop.step, release=shop.release, customer=task.customer, anchor_at=NOW,
        next_occurrence=1, next_opens_at=at("2026-06-01 00:00"),
    )  # fmt: skip
    record_contact(task, told(Outcome.NO_LONGER_CUSTOMER), advisor=shop.wang, now=NOW)
    assert [fresh(found).status for found in (task, planned, wrong, done, somebody_else)] == [
        TaskStatus.CANCELLED, TaskStatus.CANCELLED, TaskStatus.CANCELLED, TaskStatus.DONE, TaskStatus.OPEN,
    ]  # fmt: skip
    task.customer.refresh_from_db()
    assert (task.customer.left_at, Series.objects.get().ended_at) == (NOW, NOW)


def test_one_call_completes_several_tasks_each_by_its_own_window(shop):
    customer = shop.customer()
    today, overdue = shop.task(customer), shop.task(customer, closes_at=day_start(MONDAY))
    early = shop.task(
        customer, status=TaskStatus.PLANNED, opens_at=day_start(MONDAY + timedelta(1)),
        closes_at=day_start(MONDAY + timedelta(2)),
    )  # fmt: skip
    saved = record_contact(today, told(), advisor=shop.wang, now=NOW, also=[overdue, early])
    assert set(saved.completed) == {today.pk, overdue.pk, early.pk}
    assert [fresh(task).completed_in_time for task in (today, overdue, early)] == [True, False, False]
    assert VisitRecord.objects.count() == 1


def test_a_policy_may_want_a_call_of_its_own_for_each_task(db):
    shop = Shop(pack="one_call = false\n")
    customer = shop.customer()
    with pytest.raises(NotOneCall):
        record_contact(shop.task(customer), told(), advisor=shop.wang, now=NOW, also=[shop.task(customer)])
    assert VisitRecord.objects.count() == 0


def test_tasks_of_two_customers_are_no_one_call(shop):
    with pytest.raises(NotOneCall):
        record_contact(shop.task(), told(), advisor=shop.wang, now=NOW, also=[shop.task()])


def test_saving_gives_the_task_out_of_hand(shop):
    task = shop.task(leased_by=shop.wang, leased_until=NOW + timedelta(minutes=15))
    record_contact(task, told(Outcome.NO_ANSWER), advisor=shop.wang, now=NOW)
    assert (fresh(task).leased_by, fresh(task).leased_until) == (None, None)


def test_a_call_of_the_customer_makes_a_record_with_and_without_a_task(shop):
    customer = shop.customer()
    contact = told(notes="客户来电询价")
    first = record_inbound(customer, contact, advisor=shop.wang, now=NOW)
    assert record_inbound(customer, contact, advisor=shop.wang, now=NOW).record == first.record
    assert (first.record.inbound, first.record.links.count()) == (True, 0)
    task = shop.task(customer)
    record_contact(task, told(inbound=True, channel="mobile"), advisor=shop.wang, now=NOW)
    assert fresh(task).status == TaskStatus.DONE


def test_saving_costs_the_same_for_one_task_and_for_three(shop, django_assert_max_num_queries):
    customer = shop.customer()
    with django_assert_max_num_queries(25):
        record_contact(shop.task(customer), told(Outcome.NO_ANSWER), advisor=shop.wang, now=NOW)
