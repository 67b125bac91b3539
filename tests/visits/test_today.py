"""How the day stands, and finding a task among one's own: what counts, whose it is, and by what it is found."""

from datetime import timedelta

import pytest

from tests.visits.calls import MONDAY, Shop, at, day_start, told
from visits.choices import Outcome, TaskStatus
from visits.domain.calling.recording import record_contact
from visits.domain.calling.undoing import undo
from visits.domain.finding.seeking import seek
from visits.domain.finding.today import day_of, is_settled, worked_today
from visits.models import Vehicle

NOW = at("10:00")


@pytest.fixture
def shop(db):
    return Shop()


def called(shop, task, outcome, now=NOW, by=None):
    return record_contact(task, told(outcome, now=now), advisor=by or shop.wang, now=now).record


def test_the_day_counts_what_ones_own_contacts_of_today_have_ended(shop):
    yesterday = NOW - timedelta(days=1)
    called(shop, shop.task(opens_at=day_start(MONDAY - timedelta(3))), Outcome.REACHED, now=yesterday)
    called(shop, shop.task(), Outcome.REACHED)
    called(shop, shop.task(), Outcome.NO_ANSWER)
    called(shop, shop.task(), Outcome.REFUSED)
    called(shop, shop.task(assignee=shop.li), Outcome.REACHED, by=shop.li)
    day = day_of(shop.wang, now=NOW)
    assert (day.settled, day.calls) == (2, 3)
    assert [is_settled(link) for link in worked_today(shop.wang, now=NOW)] == [True, False, True]


def test_what_was_taken_back_does_not_count(shop):
    record = called(shop, shop.task(), Outcome.REACHED)
    undo(record, token="5f1f1c22-0c6a-4b7c-9d2f-1a2b3c4d5e6f", by=shop.wang, now=NOW + timedelta(seconds=5))
    day = day_of(shop.wang, now=NOW)
    assert (day.settled, day.calls, list(worked_today(shop.wang, now=NOW))) == (0, 0, [])


def test_the_next_promise_is_the_earliest_of_ones_own(shop):
    assert day_of(shop.wang, now=NOW).promise_at is None
    late = shop.task(shop.customer("黄志强"), call_back_at=at("14:30"))
    shop.task(call_back_at=at("15:00"))
    shop.task(call_back_at=at("09:00"), assignee=shop.li)
    shop.task(call_back_at=at("09:00"), status=TaskStatus.DONE)
    day = day_of(shop.wang, now=NOW)
    assert (day.promise_at, day.promise_task, day.promise_name) == (at("14:30"), late.pk, "黄志强")


def test_the_day_is_one_query(shop, django_assert_num_queries):
    called(shop, shop.task(), Outcome.REACHED)
    with django_assert_num_queries(1):
        day_of(shop.wang, now=NOW)


@pytest.fixture
def three(shop):
    """Return three tasks of 王芳; the second waits for its next attempt."""
    people = [("陈建国", "13800001234"), ("林晓燕", "13911112345"), ("黄志强", "13700009999")]
    tasks = [shop.task(shop.customer(*each)) for each in people]
    for task, pinyin, plate in zip(
        tasks, ("chenjianguo", "linxiaoyan", "huangzhiqiang"), ("浙A12341", "浙B8", "浙C9"), strict=True
    ):
        type(task.customer).objects.filter(pk=task.customer_id).update(pinyin=pinyin)
        task.event.vehicle = Vehicle.objects.create(plate=plate)
        task.event.save()
    tasks[1].next_attempt_at = at("14:00")
    tasks[1].save()
    return tasks


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("建国", [0]), ("LinXiao", [1]), ("lin xiao", [1]), ("1234", [0]), ("2345", [1]), ("13911112345", [1]),
        ("浙c9", [2]), ("浙·B 8", [1]), ("没有", []), ("%", []), ("_", []), ("  ", []),
    ],
)  # fmt: skip
def test_a_task_is_found_by_name_pinyin_plate_and_number(shop, three, text, found):
    assert [row.id for row in seek(shop.wang, text, now=NOW)] == [three[index].pk for index in found]


def test_an_order_number_finds_its_task_and_nobody_elses_are_found(shop, three):
    theirs = shop.task(shop.customer("陈建国二"), assignee=shop.li)
    assert [row.id for row in seek(shop.wang, three[2].event.order_no.lower(), now=NOW)] == [three[2].pk]
    assert theirs.pk not in [row.id for row in seek(shop.wang, "陈建国", now=NOW)]


def test_what_is_found_says_when_it_can_be_called_again_and_masks_the_number(shop, three):
    [row] = seek(shop.wang, "林晓燕", now=NOW)
    assert (row.waits, row.number) == ("2026-03-02 14:00", "139****2345")
