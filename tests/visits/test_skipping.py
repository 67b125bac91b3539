"""Skipping: behind all others until the day ends, for a reason, so often, and never what was promised."""

from datetime import timedelta

import pytest

from staff.models import Activity
from tests.visits.calls import MONDAY, Shop, at, day_start, fresh, told
from visits.choices import SkipReason, TaskStatus
from visits.domain.calling.recording import record_contact
from visits.domain.calling.skipping import CannotSkip, last_skip, skip
from visits.domain.finding.queueing import counts, queue
from visits.domain.finding.reasons import Pile

NOW = at("10:00")


@pytest.fixture
def shop(db):
    return Shop()


def order(shop, *, now=NOW, pile=None):
    return [row.id for row in queue(shop.wang, now=now, pile=pile)]


def skipped(shop, task, *, now=NOW, reason=SkipReason.MOMENT, note=""):
    return skip(fresh(task), shop.wang, reason=reason, note=note, now=now)


def test_a_skipped_task_lies_behind_all_others_of_the_day_and_the_next_day_where_it_was(shop):
    first = shop.task(opens_at=day_start(MONDAY - timedelta(5)), closes_at=day_start(MONDAY))
    second, later = shop.task(), shop.task(closes_at=day_start(MONDAY + timedelta(5)))
    assert order(shop) == [first.pk, second.pk, later.pk]
    skipped(shop, first)
    assert order(shop) == [second.pk, later.pk, first.pk]
    assert order(shop, pile=Pile.OVERDUE) == [first.pk]
    assert (queue(shop.wang, now=NOW)[-1].pile, queue(shop.wang, now=NOW)[-1].late) == (Pile.SKIPPED, True)
    assert counts(shop.wang, now=NOW).overdue == 1
    tomorrow = day_start(MONDAY + timedelta(1))
    assert order(shop, now=tomorrow - timedelta(microseconds=1))[-1] == first.pk
    assert order(shop, now=tomorrow)[0] == first.pk


def test_what_was_skipped_first_comes_back_first_and_again_goes_behind(shop):
    first, second = shop.task(), shop.task()
    skipped(shop, first)
    skipped(shop, second, now=NOW + timedelta(minutes=1))
    assert order(shop, now=NOW + timedelta(minutes=2)) == [first.pk, second.pk]
    skipped(shop, first, now=NOW + timedelta(minutes=2))
    assert order(shop, now=NOW + timedelta(minutes=3)) == [second.pk, first.pk]


def test_the_other_visits_of_the_customer_in_the_same_hands_go_with_it(shop):
    task = shop.task()
    same, promised = shop.task(task.customer), shop.task(task.customer, call_back_at=at("09:00"))
    others, stranger = shop.task(task.customer, assignee=shop.li), shop.task()
    skipped(shop, task)
    assert order(shop) == [promised.pk, stranger.pk, task.pk, same.pk]
    assert fresh(others).skipped_at is None


def test_a_skip_lets_go_of_the_task_and_leaves_its_line(shop):
    task = shop.task(leased_by=shop.wang, leased_until=NOW + timedelta(minutes=9))
    skipped(shop, task, reason=SkipReason.OTHER, note=" 先问车间 13912345678 ")
    found = fresh(task)
    assert (found.leased_by, found.leased_until, found.skipped_at) == (None, None, NOW)
    line = Activity.objects.get(verb="task_skipped")
    assert (line.actor, line.data) == (
        shop.wang, {"reason": "other", "note": "先问车间 139****5678", "tasks": [task.pk]},
    )  # fmt: skip
    assert last_skip(found) == line


@pytest.mark.parametrize(("reason", "note"), [("", ""), ("because", ""), ("other", "  ")])
def test_without_a_reason_nothing_is_skipped(shop, reason, note):
    task = shop.task()
    with pytest.raises(CannotSkip):
        skipped(shop, task, reason=reason, note=note)
    assert fresh(task).skipped_at is None


@pytest.mark.parametrize(
    "facts",
    [
        {"call_back_at": NOW},
        {"call_back_at": NOW + timedelta(hours=1)},
        {"status": TaskStatus.PLANNED},
        {"status": TaskStatus.DONE},
        {"assignee": None, "role": "service_advisor"},
    ],
)
def test_a_promise_and_what_is_not_ones_own_open_task_stay(shop, facts):
    task = shop.task(**facts)
    with pytest.raises(CannotSkip):
        skipped(shop, task)
    assert not Activity.objects.exists()


def test_what_somebody_else_holds_stays(shop):
    task = shop.task(leased_by=shop.li, leased_until=NOW + timedelta(minutes=1))
    with pytest.raises(CannotSkip):
        skipped(shop, task)


def test_the_limit_is_of_the_day_and_of_the_person(shop, settings):
    settings.SKIPS_A_DAY = 2
    task = shop.task()
    assert [skipped(shop, task).count, skipped(shop, task).count] == [1, 2]
    with pytest.raises(CannotSkip):
        skipped(shop, task)
    theirs = shop.task(assignee=shop.li)
    assert skip(theirs, shop.li, reason=SkipReason.LINE, now=NOW).count == 1
    assert skipped(shop, task, now=day_start(MONDAY + timedelta(1))).count == 1


def test_a_contact_takes_the_task_from_the_back_again(shop):
    task, other = shop.task(closes_at=day_start(MONDAY + timedelta(1))), shop.task()
    skipped(shop, task)
    record_contact(fresh(task), told("no_answer", now=NOW), advisor=shop.wang, now=NOW)
    assert fresh(task).skipped_at is None
    assert order(shop) == [other.pk]
