"""Promised moments: kept by a contact in time, told to whoever has the task, broken when their day ends."""

from datetime import timedelta

import pytest

from staff.domain import notifying
from staff.domain.people import put_on_leave
from staff.models import Activity, Notification, Posting
from tests.visits.calls import MONDAY, MORNING, Shop, at, fresh, told
from visits.choices import Outcome, PromiseKind, PromiseState, TaskStatus
from visits.domain.assigning.deciding import settle_opened
from visits.domain.calling.card import lease
from visits.domain.calling.contacts import MissingFact
from visits.domain.calling.recording import record_contact
from visits.domain.calling.revealing import reveal
from visits.domain.calling.undoing import undo
from visits.domain.finding.queueing import queue
from visits.domain.promising import ringing
from visits.domain.promising.booking import CannotBook, Wish, book, cancel
from visits.domain.promising.keeping import KEPT_WITHIN
from visits.domain.promising.ringing import break_promises, ring_promises
from visits.models import Promise

HALF_PAST_TWO = at("14:30")


@pytest.fixture
def shop(db):
    return Shop()


def promised(shop, *, when=HALF_PAST_TWO, **facts):
    task = shop.task(shop.customer("刘女士", "13912345678"), **facts)
    record_contact(task, told(Outcome.CALL_BACK, call_back_at=when), advisor=shop.wang, now=MORNING)
    return fresh(task)


def state(task):
    return list(Promise.objects.filter(task=task).order_by("pk").values_list("state", flat=True))


def test_a_call_back_is_a_promise_that_the_queue_waits_for(shop):
    task = promised(shop)
    found = Promise.objects.get(task=task)
    assert (found.kind, found.promised_at, found.made_by) == (PromiseKind.CALL_BACK, HALF_PAST_TWO, shop.wang)
    assert queue(shop.wang, now=at("14:29:59")) == []
    assert [row.id for row in queue(shop.wang, now=HALF_PAST_TWO)] == [task.pk]


@pytest.mark.parametrize(
    ("saved", "becomes"),
    [
        (HALF_PAST_TWO + KEPT_WITHIN, PromiseState.KEPT),
        (HALF_PAST_TWO + KEPT_WITHIN + timedelta(seconds=1), PromiseState.LATE),
        (at("11:00"), PromiseState.KEPT),
    ],
)
def test_it_is_kept_by_a_talk_until_a_quarter_of_an_hour_later(shop, saved, becomes):
    task = promised(shop)
    record_contact(task, told(now=saved), advisor=shop.wang, now=saved)
    assert state(task) == [becomes]


def test_a_number_that_the_server_showed_in_time_proves_the_call_whose_record_came_late(shop):
    task = promised(shop)
    lease(task, shop.wang, now=HALF_PAST_TWO)
    reveal(task.customer, by=shop.wang, now=HALF_PAST_TWO, task=fresh(task))
    late = HALF_PAST_TWO + timedelta(minutes=40)
    record_contact(fresh(task), told(now=late), advisor=shop.wang, now=late)
    assert state(task) == [PromiseState.KEPT]


def test_a_typed_time_proves_nothing(shop):
    task = promised(shop)
    late = HALF_PAST_TWO + timedelta(hours=2)
    record_contact(task, told(now=late, started_at=HALF_PAST_TWO), advisor=shop.wang, now=late)
    assert state(task) == [PromiseState.LATE]


def test_nobody_answering_long_before_leaves_the_promise_standing(shop):
    task = promised(shop)
    record_contact(task, told(Outcome.NO_ANSWER, now=at("11:00")), advisor=shop.wang, now=at("11:00"))
    assert fresh(task).call_back_at == HALF_PAST_TWO
    assert state(task) == [PromiseState.WAITING]
    record_contact(fresh(task), told(Outcome.NO_ANSWER, now=at("14:31")), advisor=shop.wang, now=at("14:31"))
    assert fresh(task).call_back_at is None
    assert state(task) == [PromiseState.KEPT]


def test_another_promise_in_the_call_keeps_the_first_and_waits_itself(shop):
    task = promised(shop)
    again = told(Outcome.CALL_BACK, now=HALF_PAST_TWO, call_back_at=at("16:00"))
    record_contact(task, again, advisor=shop.wang, now=HALF_PAST_TWO)
    assert state(task) == [PromiseState.KEPT, PromiseState.WAITING]


def test_taking_the_call_back_takes_back_what_it_did_to_promises(shop):
    task = promised(shop)
    done = record_contact(task, told(now=HALF_PAST_TWO), advisor=shop.wang, now=HALF_PAST_TWO)
    undo(done.record, token=told().token, by=shop.wang, now=HALF_PAST_TWO + timedelta(seconds=9))
    assert (state(task), fresh(task).call_back_at) == ([PromiseState.WAITING], HALF_PAST_TWO)


def test_undoing_the_promise_itself_withdraws_it(shop):
    task = shop.task()
    saved = record_contact(task, told(Outcome.CALL_BACK, call_back_at=HALF_PAST_TWO), advisor=shop.wang, now=MORNING)
    undo(saved.record, token=told().token, by=shop.wang, now=MORNING)
    assert (state(task), fresh(task).call_back_at) == ([PromiseState.WITHDRAWN], None)


def test_the_bell_rings_five_minutes_before_once_and_is_taken_off_by_the_call(shop):
    task = promised(shop)
    assert ring_promises(now=at("14:24:59"))["rung"] == 0
    assert ring_promises(now=at("14:25"))["rung"] == 1
    assert ring_promises(now=at("14:26"))["rung"] == 0
    [alarm] = notifying.alarms(shop.wang)
    assert "刘女士" in alarm.text
    assert "14:30" in alarm.text
    assert "13912345678" not in str(Notification.objects.values_list("facts", "message"))
    record_contact(task, told(now=HALF_PAST_TWO), advisor=shop.wang, now=HALF_PAST_TWO)
    assert notifying.alarms(shop.wang) == []


def test_every_promise_rings_however_many_wait_before_it(shop, monkeypatch):
    monkeypatch.setattr(ringing, "CHUNK", 1)  # what is already rung for and waits on must not stand in the way
    promised(shop)
    assert ring_promises(now=at("14:25"))["rung"] == 1
    task = shop.task(shop.customer("高先生", "13912345679"))
    record_contact(task, told(Outcome.CALL_BACK, call_back_at=at("14:40")), advisor=shop.wang, now=MORNING)
    assert ring_promises(now=at("14:36"))["rung"] == 1


def test_whoever_stands_in_is_rung_for_and_gets_the_credit(shop):
    task = promised(shop)
    Posting.objects.get_or_create(employee=shop.li, from_on="2020-01-01", defaults={"branch": shop.branch})
    put_on_leave(shop.wang, from_on=MONDAY, until_on=MONDAY, substitute=shop.li, actor=None, now=at("11:00"))
    settle_opened(now=at("11:00"))
    assert fresh(task).assignee == shop.li
    assert ring_promises(now=at("14:25"))["rung"] == 1
    assert [len(notifying.alarms(person)) for person in (shop.wang, shop.li)] == [0, 1]
    record_contact(fresh(task), told(now=HALF_PAST_TWO), advisor=shop.li, now=HALF_PAST_TWO)
    assert Promise.objects.get().owner == shop.li


def test_what_nobody_has_rings_for_everybody_who_could_take_it(shop):
    promised(shop, role="service_advisor")
    Promise.objects.get().task.__class__.objects.update(assignee=None, pooled_at=MORNING)
    for person in (shop.wang, shop.li):
        Posting.objects.update_or_create(employee=person, from_on="2020-01-01", defaults={"branch": shop.branch})
    assert ring_promises(now=at("14:25"))["rung"] == 2


def test_superiors_hear_of_a_promise_that_nobody_has_in_hand_when_it_is_too_late(shop):
    boss = shop.advisor("boss", "张伟")
    Posting.objects.filter(employee=shop.wang).update(line_manager=boss)
    task = promised(shop)
    ring_promises(now=at("14:25"))
    lease(task, shop.wang, now=at("14:40"))
    assert ring_promises(now=at("14:45"))["unkept"] == 0
    assert ring_promises(now=at("14:55"))["unkept"] == 1
    assert "刘女士" in notifying.told(Notification.objects.get(recipient=boss)).text


def test_a_promise_is_broken_when_its_day_ends(shop):
    task = promised(shop)
    ring_promises(now=at("14:25"))
    assert break_promises(now=at("23:59"), on=MONDAY) == 0
    assert break_promises(now=at("2026-03-03 00:02"), on=MONDAY + timedelta(1)) == 1
    assert state(task) == [PromiseState.BROKEN]
    assert notifying.unread_count(shop.wang) == 0


def test_what_is_no_longer_worked_on_is_withdrawn(shop):
    task = promised(shop)
    task.status = TaskStatus.CANCELLED
    task.save()
    assert ring_promises(now=at("12:00"))["withdrawn"] == 1
    assert state(task) == [PromiseState.WITHDRAWN]


def test_a_call_back_is_not_promised_for_hours_in_which_nobody_may_call(shop):
    task = shop.task()
    with pytest.raises(MissingFact) as refused:
        record_contact(task, told(Outcome.CALL_BACK, call_back_at=at("21:00")), advisor=shop.wang, now=MORNING)
    assert refused.value.fields == ("call_back_at",)


def test_a_time_is_agreed_beforehand_by_whom_with_whom_and_by_what(shop):
    task = shop.task()
    found = book(task, Wish(HALF_PAST_TWO, "onsite", " 刘先生 "), by=shop.wang, now=MORNING)
    assert (found.agreed_with, found.channel, found.made_by) == ("刘先生", "onsite", shop.wang)
    assert (fresh(task).call_back_at, fresh(task).next_attempt_at) == (HALF_PAST_TWO, HALF_PAST_TWO)
    book(task, Wish(at("15:00")), by=shop.li, now=MORNING)
    assert state(task) == [PromiseState.WITHDRAWN, PromiseState.WAITING]
    assert Activity.objects.filter(verb="appointment_booked").count() == 2
    assert cancel(Promise.objects.waiting().get(), by=shop.wang, now=MORNING)
    assert (fresh(task).call_back_at, fresh(task).next_attempt_at) == (None, None)
    assert not cancel(found, by=shop.wang, now=MORNING)


@pytest.mark.parametrize(
    "wish", [Wish(None), Wish(MORNING), Wish(at("2027-03-04 10:00")), Wish(at("21:00")), Wish(at("11:00"), "seminar")]
)
def test_a_time_that_cannot_be_is_refused(db, wish):
    shop = Shop(channels=["desk_phone", "onsite"])
    with pytest.raises(CannotBook):
        book(shop.task(), wish, by=shop.wang, now=MORNING)


def test_nothing_is_agreed_for_a_closed_visit(shop):
    with pytest.raises(CannotBook):
        book(shop.task(status=TaskStatus.DONE), Wish(HALF_PAST_TWO), by=shop.wang, now=MORNING)


@pytest.mark.parametrize(
    ("wanted", "channel", "completes"),
    [(True, "desk_phone", False), ("onsite", "desk_phone", True), ("onsite", "onsite", False)],
)
def test_a_visit_that_wants_an_agreed_time_does_not_count_as_made_without(db, wanted, channel, completes):
    shop = Shop(appointment=wanted, other_channel="free")
    task = shop.task()
    saved = record_contact(task, told(channel=channel), advisor=shop.wang, now=MORNING)
    assert bool(saved.completed) is completes
    assert ("appointment" in saved.record.incomplete) is not completes
    if not completes:
        book(fresh(task), Wish(HALF_PAST_TWO), by=shop.wang, now=MORNING)
        later = told(now=HALF_PAST_TWO, channel=channel)
        assert record_contact(fresh(task), later, advisor=shop.wang, now=HALF_PAST_TWO).completed


def test_a_customer_who_calls_in_has_chosen_the_time(db):
    shop = Shop(appointment=True)
    task = shop.task()
    assert record_contact(task, told(inbound=True), advisor=shop.wang, now=MORNING).completed
