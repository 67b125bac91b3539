"""The queue: its order, what is not in it, both sides of each limit, and that it reads its indexes only."""

from datetime import timedelta

import pytest
from django.db import connection

from tests.visits.calls import MONDAY, SHANGHAI, Shop, at, day_start
from visits.choices import TaskStatus, Urgency
from visits.domain.finding.queueing import counts, facts_of, next_task, queue, statement
from visits.domain.finding.reasons import Pile

NOW = at("10:00")


@pytest.fixture
def shop(db):
    return Shop()


def test_the_queue_follows_the_order_of_the_regulation(shop):
    tomorrow, last_week = day_start(MONDAY + timedelta(2)), day_start(MONDAY - timedelta(7))
    later_low = shop.task(closes_at=tomorrow, priority=50)
    later_high = shop.task(closes_at=tomorrow, priority=80)
    later_sooner = shop.task(closes_at=tomorrow - timedelta(hours=1), priority=50)
    today_low = shop.task()
    today_high = shop.task(priority=60)
    overdue_yesterday = shop.task(opens_at=last_week, closes_at=day_start(MONDAY))
    overdue_longest = shop.task(opens_at=last_week, closes_at=last_week, priority=0)
    unhappy_later = shop.task(closes_at=tomorrow, urgency=Urgency.DISSATISFIED)
    unhappy_late = shop.task(opens_at=last_week, closes_at=last_week, urgency=Urgency.DISSATISFIED)
    verification = shop.task(closes_at=tomorrow, urgency=Urgency.VERIFICATION, priority=0)
    promised_second = shop.task(call_back_at=at("10:00"), next_attempt_at=at("10:00"))
    promised_first = shop.task(call_back_at=at("09:30"), next_attempt_at=at("09:30"), closes_at=tomorrow)
    assert [row.id for row in queue(shop.wang, now=NOW)] == [
        task.pk
        for task in (
            promised_first,
            promised_second,
            verification,
            unhappy_late,
            unhappy_later,
            overdue_longest,
            overdue_yesterday,
            today_high,
            today_low,
            later_high,
            later_sooner,
            later_low,
        )  # fmt: skip
    ]


def test_among_equals_the_older_task_comes_first(shop):
    first, second = shop.task(), shop.task()
    assert [row.id for row in queue(shop.wang, now=NOW)] == [first.pk, second.pk]


def test_what_cannot_be_called_now_is_not_in_the_queue(shop):
    shop.task(status=TaskStatus.PLANNED)
    shop.task(status=TaskStatus.DONE)
    shop.task(assignee=shop.li)
    shop.task(assignee=None, role="service_advisor")
    shop.task(next_attempt_at=NOW + timedelta(microseconds=1))
    shop.task(call_back_at=NOW + timedelta(microseconds=1), next_attempt_at=NOW + timedelta(microseconds=1))
    shop.task(leased_by=shop.li, leased_until=NOW + timedelta(microseconds=1))
    assert queue(shop.wang, now=NOW) == []
    assert next_task(shop.wang, now=NOW) is None


def test_what_can_be_called_from_now_on_is_in_the_queue(shop):
    expected = {
        shop.task(next_attempt_at=NOW).pk,
        shop.task(call_back_at=NOW, next_attempt_at=NOW).pk,
        shop.task(leased_by=shop.li, leased_until=NOW).pk,
        shop.task(leased_by=shop.wang, leased_until=NOW + timedelta(minutes=9)).pk,
    }
    rows = queue(shop.wang, now=NOW)
    assert {row.id for row in rows} == expected
    assert [row.in_hand for row in rows].count(True) == 1


@pytest.mark.parametrize(
    ("bound", "inclusive", "pile"),
    [
        ("10:00:00", False, Pile.OVERDUE),  # a bound of days is over at itself
        ("10:00:00", True, Pile.TODAY),  # at the instant itself one is in time
        ("09:59:59", True, Pile.OVERDUE),
        ("10:00:01", False, Pile.TODAY),
        ("2026-03-03 00:00:00", False, Pile.TODAY),  # the end of Monday
        ("2026-03-03 00:00:00", True, Pile.LATER),  # the first instant of Tuesday
        ("2026-03-03 00:00:01", False, Pile.LATER),
    ],
)
def test_each_side_of_a_bound_lies_in_its_pile(shop, bound, inclusive, pile):
    shop.task(closes_at=at(bound), closes_inclusive=inclusive)
    assert [row.pile for row in queue(shop.wang, now=NOW)] == [pile]
    assert len(queue(shop.wang, now=NOW, pile=pile)) == 1
    found = counts(shop.wang, now=NOW)
    assert {Pile.OVERDUE: found.overdue, Pile.TODAY: found.today, Pile.LATER: found.later} == {
        name: int(name == pile) for name in (Pile.OVERDUE, Pile.TODAY, Pile.LATER)
    }


def test_counts_are_of_all_open_tasks_and_of_nobody_else(shop):
    shop.task()
    shop.task(next_attempt_at=at("14:00"))
    shop.task(call_back_at=at("15:00"), next_attempt_at=at("15:00"), closes_at=day_start(MONDAY + timedelta(3)))
    shop.task(assignee=shop.li)
    found = counts(shop.wang, now=NOW)
    assert (found.overdue, found.today, found.later, found.call_backs, found.all) == (0, 2, 1, 1, 3)


def test_a_card_says_why_it_is_next_and_masks_the_number(shop):
    shop.task(
        shop.customer("刘女士", "13912345678"), opens_at=day_start(MONDAY - timedelta(5)),
        closes_at=day_start(MONDAY - timedelta(1)), urgency=Urgency.DISSATISFIED,
    )  # fmt: skip
    row = next_task(shop.wang, now=NOW)
    assert (row.customer, row.number, row.late, row.closes) == ("刘女士", "139****5678", True, "2026-02-28")
    assert "2" in row.reason and "," in row.reason or "，" in row.reason
    assert "13912345678" not in repr(row)


def test_the_queue_is_one_query_for_one_row_and_for_many(shop, django_assert_num_queries):
    for _number in range(3):
        shop.task()
    with django_assert_num_queries(1):
        assert len(queue(shop.wang, now=NOW)) == 3
    with django_assert_num_queries(1):
        counts(shop.wang, now=NOW)


def test_the_limit_keeps_the_first_rows(shop):
    tasks = [shop.task() for _number in range(4)]
    assert [row.id for row in queue(shop.wang, now=NOW, limit=2)] == [task.pk for task in tasks[:2]]


def test_every_pile_reads_its_index(shop):
    shop.task()
    facts = facts_of(shop.wang.pk, now=NOW, zone=SHANGHAI)
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if postgresql:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(("EXPLAIN " if postgresql else "EXPLAIN QUERY PLAN ") + statement(50), facts)
        plan = "\n".join(str(line[-1]) for line in cursor.fetchall())
    assert plan.count("queue_by_call_back") >= 1
    assert plan.count("queue_by_bound") >= 3
    assert plan.count("queue_by_priority") >= 3
    assert plan.count("queue_by_skip") >= 1
    assert "Seq Scan on visits_visittask" not in plan and "SCAN t\n" not in plan + "\n"
