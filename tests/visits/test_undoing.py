"""Thirty seconds to take a contact back, and everything that it moved stands as before."""

from datetime import timedelta
from uuid import uuid4

import pytest

from staff.models import Activity
from tests.visits.calls import MONDAY, MORNING, Shop, at, day_start, fresh, told
from visits.choices import Outcome, RecordKind, TaskStatus
from visits.domain.calling.correcting import current_number
from visits.domain.calling.recording import record_contact
from visits.domain.calling.undoing import NotUndoable, undo
from visits.models import RecordTask, Series, VisitRecord, VisitTask

FRESH = ("status", "next_attempt_at", "call_back_at", "completed_at", "completed_in_time", "closed_reason")


@pytest.fixture
def shop(db):
    return Shop(channels=["desk_phone"], retry_after="4h")


def save(task, outcome=Outcome.REACHED, *, by, now=MORNING, **facts):
    return record_contact(fresh(task), told(outcome, now=now, **facts), advisor=by, now=now).record


def stands(task):
    return VisitTask.objects.values(*FRESH).get(pk=task.pk)


@pytest.mark.parametrize("outcome", Outcome.values)
@pytest.mark.parametrize("status", [TaskStatus.OPEN, TaskStatus.PLANNED])
def test_whatever_the_outcome_the_task_stands_as_before(shop, outcome, status):
    opens = day_start(MONDAY) if status == TaskStatus.OPEN else day_start(MONDAY + timedelta(1))
    task = shop.task(status=status, opens_at=opens, closes_at=day_start(MONDAY + timedelta(2)))
    other = shop.task(task.customer, status=status, opens_at=opens, closes_at=day_start(MONDAY + timedelta(2)))
    before, number = stands(task), current_number(task.customer).number
    facts = {"call_back_at": at("15:00"), "new_number": "13912345678" if outcome == Outcome.WRONG_NUMBER else ""}
    record = save(task, outcome, by=shop.wang, **facts)
    void = undo(record, token=uuid4(), by=shop.wang, now=MORNING + timedelta(seconds=30))
    assert (void.kind, void.supersedes, stands(task), stands(other)) == (RecordKind.VOID, record, before, before)
    assert current_number(task.customer).number == number
    task.customer.refresh_from_db()
    assert task.customer.left_at is None
    assert Activity.objects.filter(verb="contact_undone", actor=shop.wang).count() == 1
    assert list(VisitRecord.objects.current()) == []


def test_after_thirty_seconds_it_is_too_late(shop):
    record = save(shop.task(), by=shop.wang)
    with pytest.raises(NotUndoable):
        undo(record, token=uuid4(), by=shop.wang, now=MORNING + timedelta(seconds=30, microseconds=1))


def test_nobody_takes_back_what_another_said(shop):
    record = save(shop.task(), by=shop.wang)
    with pytest.raises(NotUndoable):
        undo(record, token=uuid4(), by=shop.li, now=MORNING)


def test_a_contact_is_taken_back_once(shop):
    record = save(shop.task(), by=shop.wang)
    void = undo(record, token=uuid4(), by=shop.wang, now=MORNING)
    for again in (record, void):
        with pytest.raises(NotUndoable):
            undo(again, token=uuid4(), by=shop.wang, now=MORNING)


def test_what_was_worked_upon_since_stays(shop):
    task = shop.task()
    record = save(task, Outcome.NO_ANSWER, by=shop.wang)
    save(task, by=shop.wang, now=MORNING + timedelta(seconds=10))
    with pytest.raises(NotUndoable):
        undo(record, token=uuid4(), by=shop.wang, now=MORNING + timedelta(seconds=11))
    assert fresh(task).status == TaskStatus.DONE
    assert VisitRecord.objects.filter(kind=RecordKind.VOID).count() == 0


def test_a_promise_made_before_is_a_promise_again(shop):
    task = shop.task()
    save(task, Outcome.CALL_BACK, by=shop.wang, now=at("09:00"), call_back_at=at("10:00"))
    before = stands(task)
    record = save(task, Outcome.NO_ANSWER, by=shop.wang)
    assert fresh(task).call_back_at is None
    undo(record, token=uuid4(), by=shop.wang, now=MORNING)
    assert stands(task) == before


def test_a_retry_planned_before_is_planned_again_and_a_voided_attempt_does_not_count(shop):
    task = shop.task(closes_at=day_start(MONDAY + timedelta(9)))
    save(task, Outcome.NO_ANSWER, by=shop.wang, now=at("09:00"))
    save(task, Outcome.NO_ANSWER, by=shop.wang, now=at("13:30"))
    before = stands(task)
    now = at("2026-03-03 09:00")
    record = save(task, Outcome.BUSY, by=shop.wang, now=now)
    assert fresh(task).status == TaskStatus.UNREACHABLE
    undo(record, token=uuid4(), by=shop.wang, now=now)
    assert stands(task) == before
    save(task, by=shop.wang, now=now)
    assert fresh(task).status == TaskStatus.DONE
    assert list(RecordTask.objects.values_list("attempt", flat=True)) == [1, 2, 3, 4]


def test_a_wrong_number_that_waits_stays_waiting_when_leaving_is_taken_back(shop):
    task = shop.task()
    waiting = shop.task(task.customer)
    save(waiting, Outcome.WRONG_NUMBER, by=shop.wang, now=at("09:00"))
    record = save(task, Outcome.NO_LONGER_CUSTOMER, by=shop.wang)
    undo(record, token=uuid4(), by=shop.wang, now=MORNING)
    assert [fresh(found).status for found in (task, waiting)] == [TaskStatus.OPEN, TaskStatus.INVALID_NUMBER]


def test_the_series_goes_on_when_leaving_is_taken_back(shop):
    task = shop.task()
    series = Series.objects.create(
        event=task.event, step=shop.step, release=shop.release, customer=task.customer, anchor_at=MORNING,
        next_occurrence=1, next_opens_at=at("2026-06-01 00:00"),
    )  # fmt: skip
    before = Series.objects.values().get(pk=series.pk)
    record = save(task, Outcome.NO_LONGER_CUSTOMER, by=shop.wang)
    assert Series.objects.get().ended_at == MORNING
    undo(record, token=uuid4(), by=shop.wang, now=MORNING)
    assert Series.objects.values().get(pk=series.pk) == before


def test_a_chain_counts_as_if_the_visit_had_not_been(db):
    shop = Shop(anchor="previous_visit", opens="30d", closes="40d")
    task = shop.task()
    series = Series.objects.create(
        event=task.event, step=shop.step, release=shop.release, customer=task.customer,
        anchor_at=at("2026-03-02 00:00"), anchor_occurrence=1, next_occurrence=1, next_opens_at=at("2026-04-01 00:00"),
    )  # fmt: skip
    before = Series.objects.values().get(pk=series.pk)
    record = save(task, by=shop.wang)
    assert Series.objects.get().anchor_at == record.started_at
    undo(record, token=uuid4(), by=shop.wang, now=MORNING)
    assert Series.objects.values().get(pk=series.pk) == before
