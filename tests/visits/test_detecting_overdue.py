"""Visits that were not made at their bound: both sides of it, who answers, what exempts, and when one looks."""

from datetime import UTC, date, datetime, timedelta

import pytest

from staff.choices import OutageCause
from staff.domain.activity import log
from staff.domain.conduct.proposing import propose
from staff.models import Absence, Outage, Violation
from tests.visits.calls import Shop, at, fresh, told
from visits.choices import Outcome, TaskStatus
from visits.domain.calling.recording import record_contact
from visits.domain.calling.undoing import undo
from visits.domain.detecting import overdue
from visits.domain.detecting.bounds import bound_text, fell_due, is_past
from visits.domain.detecting.telling import explain_overdue

PENALTY = """
[[penalty]]
code = "late"
violation = "visit_overdue"
amount = 5
"""
LONG_AGO, FAR = at("2026-03-01 00:00"), at("2026-03-20 00:00")
TICK = timedelta(microseconds=1)
HALF_PAST_FOUR = at("2026-03-02 16:30")
MIDNIGHT = at("2026-03-03 00:00")


@pytest.fixture
def shop(db) -> Shop:
    return Shop(pack=PENALTY, max_attempts=1)


def found(since=LONG_AGO, until=FAR) -> list:
    return list(overdue.detect(since=since, until=until, now=until))


def call(shop, task, moment, outcome=Outcome.REACHED, **facts):
    return record_contact(task, told(outcome, now=moment, **facts), advisor=shop.wang, now=moment).record


@pytest.mark.parametrize(
    ("bound", "inclusive", "moment", "late"),
    [
        (HALF_PAST_FOUR, True, HALF_PAST_FOUR - TICK, False),
        (HALF_PAST_FOUR, True, HALF_PAST_FOUR, False),
        (HALF_PAST_FOUR, True, HALF_PAST_FOUR + TICK, True),
        (MIDNIGHT, False, MIDNIGHT - TICK, False),
        (MIDNIGHT, False, MIDNIGHT, True),
    ],
)
def test_a_visit_is_late_from_the_first_moment_past_its_bound(shop, bound, inclusive, moment, late):
    task = shop.task(closes_at=bound, closes_inclusive=inclusive)
    call(shop, task, moment)

    assert [breach.subject for breach in found()] == ([f"task:{task.pk}"] if late else [])
    assert is_past(moment, bound, inclusive=inclusive) is late


@pytest.mark.parametrize(
    ("inclusive", "until", "due"),
    [(True, HALF_PAST_FOUR, False), (True, HALF_PAST_FOUR + TICK, True), (False, HALF_PAST_FOUR - TICK, False),
     (False, HALF_PAST_FOUR, True)],
)  # fmt: skip
def test_nothing_is_found_before_its_bound_is_over(shop, inclusive, until, due):
    shop.task(closes_at=HALF_PAST_FOUR, closes_inclusive=inclusive)

    assert bool(found(until=until)) is due
    assert fell_due(HALF_PAST_FOUR, inclusive=inclusive, since=LONG_AGO, until=until) is due
    if due:  # and by whoever looked until then no second time, but for the overlap
        assert not found(since=until + overdue.OVERLAP)


@pytest.mark.parametrize(
    ("outcome", "late"),
    [(Outcome.NO_ANSWER, False), (Outcome.REFUSED, False), (Outcome.WRONG_NUMBER, True),
     (Outcome.NO_LONGER_CUSTOMER, False)],
)  # fmt: skip
def test_who_was_given_up_in_time_is_not_overdue(shop, outcome, late):
    call(shop, shop.task(), at("10:00"), outcome)

    assert bool(found()) is late


def test_given_up_after_the_bound_is_overdue(shop):
    call(shop, shop.task(), MIDNIGHT + TICK, Outcome.NO_ANSWER)

    assert len(found()) == 1


def test_a_first_attempt_of_several_does_not_give_up(db):
    shop = Shop(pack=PENALTY, max_attempts=3)
    call(shop, shop.task(), at("10:00"), Outcome.NO_ANSWER)

    [breach] = found()
    assert breach.facts["attempts_in_time"] == 1


@pytest.mark.parametrize("status", [TaskStatus.CANCELLED, TaskStatus.EXPIRED, TaskStatus.NOT_SAMPLED])
def test_what_counts_nowhere_breaks_nothing(shop, status):
    shop.task(status=status)

    assert found() == []


def test_a_visit_closed_undone_breaks_the_clause(shop):
    shop.task(status=TaskStatus.MISSED)

    assert len(found()) == 1


def test_a_task_that_was_made_after_its_bound_is_held_against_nobody(shop):
    shop.task(created_at=MIDNIGHT + TICK)

    assert found() == []


def test_a_call_that_was_taken_back_is_none(shop):
    task = shop.task()
    record = call(shop, task, MIDNIGHT - timedelta(seconds=10))
    assert found() == []

    undo(record, token=told().token, by=shop.wang, now=MIDNIGHT + timedelta(seconds=10))

    assert len(found(since=MIDNIGHT + timedelta(seconds=5))) == 1


def test_whoever_had_it_at_the_bound_answers_for_it(shop):
    task = shop.task()
    log(now=MIDNIGHT, actor=None, verb="reassigned", subject=task, **{"from": shop.wang.pk, "to": shop.li.pk})
    type(task).objects.filter(pk=task.pk).update(assignee=shop.li)
    assert [breach.employee for breach in found()] == [shop.wang.pk]

    other = shop.task()
    log(now=MIDNIGHT - TICK, actor=None, verb="reassigned", subject=other, **{"from": shop.wang.pk, "to": shop.li.pk})
    type(other).objects.filter(pk=other.pk).update(assignee=shop.li)
    assert [breach.employee for breach in found()] == [shop.wang.pk, shop.li.pk]


def test_what_lay_in_a_pool_is_nobodys(shop):
    task = shop.task(assignee=None, role="service_advisor", pooled_at=at("00:00"))
    assert found() == []

    log(now=MIDNIGHT, actor=None, verb="taken", subject=task, **{"from": None, "to": shop.li.pk})
    type(task).objects.filter(pk=task.pk).update(assignee=shop.li)
    assert found() == []


def test_nobody_who_had_left_is_held_to_a_bound(shop):
    shop.task()
    type(shop.wang).objects.filter(pk=shop.wang.pk).update(left_on=date(2026, 3, 1))

    assert found() == []


def test_leave_on_the_last_day_exempts_visibly(shop):
    shop.task(closes_at=at("2026-03-05 00:00"))
    Absence.objects.create(employee=shop.wang, from_on=date(2026, 3, 3), until_on=date(2026, 3, 3))
    assert [breach.exempt for breach in found()] == [""]

    Absence.objects.create(employee=shop.wang, from_on=date(2026, 3, 4), until_on=date(2026, 3, 4))
    assert [breach.exempt for breach in found()] == ["leave"]


@pytest.mark.parametrize(
    ("begin", "end", "exempt"),
    [
        ("23:00", "2026-03-03 01:00", "outage"),  # over the bound
        ("08:00", "14:29", ""),  # 6:29 of 13 callable hours
        ("08:00", "14:30", "outage"),  # half of them
        ("2026-03-01 22:00", "08:00", ""),  # the night: nobody calls then
        ("2026-03-03 00:00", "2026-03-03 09:00", ""),  # after it
    ],
)
def test_an_outage_exempts_at_the_bound_or_where_it_took_half_of_the_hours(shop, begin, end, exempt):
    shop.task()
    Outage.objects.create(from_at=at(begin), to_at=at(end), cause=OutageCause.STOPPED, found_at=at(end))

    assert [breach.exempt for breach in found()] == [exempt]


@pytest.mark.parametrize(("opened", "exempt"), [("16:59", ""), ("17:00", ""), ("17:01", "hours"), ("22:00", "hours")])
def test_too_few_hours_to_call_in_exempt_where_the_policy_says_so(db, opened, exempt):
    shop = Shop(pack=PENALTY + '[calling_hours]\nallowed = ["09:00-20:00"]\nexempt_below = "3h"\n')
    shop.task(opens_at=at(opened))

    assert [breach.exempt for breach in found()] == [exempt]


def test_without_that_key_a_short_window_is_a_window(shop):
    shop.task(opens_at=at("22:00"))

    assert [breach.exempt for breach in found()] == [""]


@pytest.mark.parametrize(
    ("made", "promised", "exempt"),
    [
        ("2026-03-02 10:00", "2026-03-03 09:00", "customer"),
        ("2026-03-02 10:00", "2026-03-02 15:00", ""),
        ("2026-03-03 08:30", "2026-03-03 09:00", ""),  # agreed when it was late already
    ],
)
def test_a_delay_that_the_customer_asked_for_exempts(shop, made, promised, exempt):
    task = shop.task()
    call(shop, task, at(made), Outcome.CALL_BACK, call_back_at=at(promised))

    assert [breach.exempt for breach in found()] == [exempt]


def test_looking_late_twice_or_in_pieces_finds_the_same(shop):
    for hour in range(8, 18):
        shop.task(closes_at=at(f"{hour:02}:00"), closes_inclusive=bool(hour % 2))
    whole = {breach.subject for breach in found()}

    pieces = [LONG_AGO + timedelta(hours=3 * count) for count in range(18)]
    told_in_pieces = {
        breach.subject for since, until in zip(pieces, pieces[1:], strict=False) for breach in found(since, until)
    }

    assert len(whole) == 10
    assert whole == told_in_pieces == {breach.subject for breach in found()}


def test_the_proposal_is_taken_back_when_a_telephone_system_tells_of_a_call_in_time(shop):
    task = shop.task()
    [breach] = found()
    proposal = Violation(pk=7, subject=breach.subject)
    assert overdue.mended([proposal]) == frozenset()

    late = MIDNIGHT + timedelta(minutes=5)
    call(shop, fresh(task), late, started_at=MIDNIGHT - timedelta(minutes=1), reported_by_system=True)

    assert overdue.mended([proposal]) == {7}


def test_the_explanation_tells_both_moments(shop, english):
    task = shop.task(closes_at=at("2026-11-21 00:00"), opens_at=at("2026-11-20 00:00"))
    [breach] = list(overdue.breaches([fresh(task)]))
    assert explain_overdue(breach.facts) == "closing bound 2026-11-20 24:00, no attempt since."

    call(shop, task, at("2026-11-21 09:14"))
    assert explain_overdue(breach.facts) == "closing bound 2026-11-20 24:00, first attempt 2026-11-21 09:14."


def test_a_bound_is_written_as_the_regulation_writes_it():
    assert bound_text(MIDNIGHT, inclusive=False) == "2026-03-02 24:00"
    assert bound_text(HALF_PAST_FOUR, inclusive=True) == "2026-03-02 16:30"
    assert bound_text(MIDNIGHT, inclusive=True) == "2026-03-03 00:00"
    assert bound_text(datetime(2026, 3, 2, 8, 30, 5, tzinfo=UTC), inclusive=True) == "2026-03-02 16:30:05"


def test_the_card_of_a_visit_that_was_never_made_leads_to_what_it_brought(shop, client, clock_at):
    task = shop.task()
    propose(found(), now=MIDNIGHT)
    [violation] = Violation.objects.all()
    address = f'href="/ledger/{violation.pk}/"'
    clock_at("2026-03-02T16:30+08:00")
    client.force_login(shop.wang)

    assert address not in client.get(f"/tasks/{task.pk}/").content.decode()  # a card in time asks the ledger nothing
    clock_at("2026-03-03T08:30+08:00")
    client.logout()
    client.force_login(shop.wang)
    assert address in client.get(f"/tasks/{task.pk}/").content.decode()
