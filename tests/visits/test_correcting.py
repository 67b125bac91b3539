"""Correcting a number: history is kept, waiting tasks come back, another customer's number is refused (A-10)."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from staff.models import Activity
from tests.visits.calls import MONDAY, MORNING, Shop, day_start, fresh
from visits.choices import TaskStatus
from visits.domain.calling.correcting import NotANumber, NumberTaken, correct_number, current_number
from visits.models import ContactNumber


@pytest.fixture
def shop(db):
    return Shop()


def test_the_old_number_stays_in_the_history_and_waiting_tasks_come_back(shop):
    customer = shop.customer(number="13800000000")
    waiting = shop.task(customer, status=TaskStatus.INVALID_NUMBER, attempts=2)
    later = shop.task(
        customer, status=TaskStatus.INVALID_NUMBER, opens_at=day_start(MONDAY + timedelta(1)),
        closes_at=day_start(MONDAY + timedelta(2)),
    )  # fmt: skip
    closed = shop.task(customer, status=TaskStatus.REFUSED)
    correct_number(customer, "0577-88123456转801", by=shop.wang, now=MORNING)
    assert current_number(customer).number == "0577-88123456-801"
    old = ContactNumber.objects.get(number="13800000000")
    assert (old.valid_until, old.closed_reason) == (MORNING, "corrected")
    assert [(fresh(task).status, fresh(task).attempts) for task in (waiting, later, closed)] == [
        (TaskStatus.OPEN, 2), (TaskStatus.PLANNED, 0), (TaskStatus.REFUSED, 0),
    ]  # fmt: skip
    line = Activity.objects.get(verb="number_corrected")
    assert (line.actor, line.data["old"], line.data["requeued"]) == (shop.wang, old.pk, [waiting.pk, later.pk])
    assert "13800000000" not in str(line.data)


def test_a_further_number_of_the_customer_becomes_the_first(shop):
    customer = shop.customer(number="13800000000")
    second = ContactNumber.objects.create(
        customer=customer, number="13912345678", last_four="5678", is_primary=False, valid_from=MORNING
    )
    assert correct_number(customer, "13912345678", by=shop.wang, now=MORNING) == second
    assert current_number(customer) == second


def test_a_number_that_was_given_up_can_be_somebody_elses(shop):
    before, after = shop.customer(number="13800000000"), shop.customer()
    correct_number(before, "13912345678", by=shop.wang, now=MORNING)
    correct_number(after, "13800000000", by=shop.wang, now=MORNING)
    assert current_number(after).number == "13800000000"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("13912345678", NumberTaken), ("13800000000", NotANumber), ("空号", NotANumber), ("1380000000", NotANumber),
        ("13700000001 / 13700000002", NotANumber),
    ],
)  # fmt: skip
def test_what_cannot_be_the_number_is_refused_and_says_what_to_do(shop, text, error):
    customer = shop.customer(number="13800000000")
    shop.customer(number="13912345678")
    with pytest.raises(error) as refused:
        correct_number(customer, text, by=shop.wang, now=MORNING)
    assert len(str(refused.value)) > 5
    assert current_number(customer).number == "13800000000"
    assert not Activity.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_give_two_customers_the_same_number_leave_one_winner():
    shop = Shop()
    customers = [shop.customer(), shop.customer()]
    barrier, results = threading.Barrier(2), []

    def correct(customer):
        try:
            barrier.wait(timeout=10)
            correct_number(customer, "13912345678", by=shop.wang, now=MORNING)
            results.append("won")
        except NumberTaken:
            results.append("taken")
        finally:
            connection.close()

    threads = [threading.Thread(target=correct, args=(customer,)) for customer in customers]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(results) == ["taken", "won"]
    assert ContactNumber.objects.filter(number="13912345678", valid_until=None).count() == 1
    assert all(current_number(customer) for customer in customers)
