"""Which occurrences there are and when: repeated, aligned and chained steps, with the examples of the clauses."""

from datetime import UTC, date, datetime, timedelta

import pytest

from config.packs.duration import Duration
from staff.domain.calendar import WorkCalendar
from tests.visits.naive import SHANGHAI
from visits.domain.timing.recurrence import (
    Occurrence,
    Timeline,
    after_link,
    chain_anchor,
    first_anchor,
    first_link_not_past,
    first_not_past,
    is_fulfilled,
    next_in_chain,
    next_occurrence,
    occurrences_between,
    occurrences_due,
)
from visits.domain.timing.windows import Cadence, aligned_period

OFFICIAL = WorkCalendar()
MICROSECOND = timedelta(microseconds=1)


def at(text: str) -> datetime:
    """Read a wall time of Shanghai as a moment; a date alone is its 00:00."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def length(text: str | None) -> Duration | None:
    return Duration.parse(text) if text else None


def timeline(since: str, opens: str = "0d", closes: str = "0d", *, every=None, interval=None, **keys) -> Timeline:
    step = Cadence(Duration.parse(opens), Duration.parse(closes), every=length(every), **keys)
    return Timeline(step, at(since), SHANGHAI, OFFICIAL, interval=length(interval))


def days(found) -> list[str]:
    """Return the opening dates of occurrences."""
    return [one.window.opens_on.isoformat() for one in found]


def due(line: Timeline, now: str, *, start: int = 0) -> list[str]:
    return days(occurrences_due(line, start=start, now=at(now)))


REPEATED = [
    # clause, anchor, opens, every, the first occurrences
    ("D-02", "2023-08-31T10:00", "6m", "6m", ["2024-02-29", "2024-08-31", "2025-02-28"]),
    ("D-02", "2023-08-31T10:00", "0d", "6m", ["2023-08-31", "2024-02-29", "2024-08-31", "2025-02-28"]),
    ("R-13", "2024-01-31T09:00", "1m", "1m", ["2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31"]),
    ("R-13", "2023-01-31T09:00", "1m", "1m", ["2023-02-28", "2023-03-31"]),
    ("G-02", "2024-05-06T09:00", "1d", "1d", ["2024-05-07", "2024-05-08", "2024-05-09"]),
    ("—", "2024-05-06T09:00", "0d", "2w", ["2024-05-06", "2024-05-20", "2024-06-03"]),
    ("—", "2024-04-29T09:00", "0d", "1wd", ["2024-04-29", "2024-04-30", "2024-05-06", "2024-05-07"]),
    ("—", "2024-02-29T09:00", "0d", "1y", ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]),
    ("—", "2024-01-31T09:00", "1d", "1m", ["2024-02-01", "2024-03-01", "2024-04-01", "2024-05-01"]),
    ("—", "2024-01-29T09:00", "1wd", "1m", ["2024-01-30", "2024-03-01", "2024-04-01", "2024-04-30"]),
    ("—", "2024-03-31T09:00", "1wd", "1m", ["2024-04-01", "2024-05-06", "2024-06-03", "2024-07-01"]),
]


@pytest.mark.parametrize(("clause", "anchor", "opens", "every", "expected"), REPEATED)
def test_repetitions_count_from_the_anchor_and_never_drift(clause, anchor, opens, every, expected):
    line = timeline(anchor, opens, opens, every=every)
    assert due(line, expected[-1]) == expected
    before = at(expected[-1]) - MICROSECOND
    assert days(occurrences_due(line, start=0, now=before)) == expected[:-1]


def test_instants_repeat_at_the_local_time_of_the_event():
    line = timeline("2024-01-31T16:30", "0h", "2h", every="1m")
    second = line.window(1)
    assert (second.opens_at, second.closes_at) == (at("2024-02-29T16:30"), at("2024-02-29T18:30"))


def test_an_occurrence_is_there_from_its_opening_on():
    line = timeline("2024-01-31T09:00", "1m", "40d", every="1m")
    assert due(line, "2024-02-28T23:59:59.999999") == []
    assert due(line, "2024-02-29T00:00") == ["2024-02-29"]
    assert due(line, "2024-05-01T00:00", start=2) == ["2024-04-30"]
    assert [one.number for one in occurrences_due(line, start=1, now=at("2024-05-31"))] == [1, 2, 3]


def test_times_end_a_series_and_a_single_step_has_one():
    assert due(timeline("2024-01-31T09:00", every="1m", times=3), "2030-01-01") == [
        "2024-01-31",
        "2024-02-29",
        "2024-03-31",
    ]
    assert due(timeline("2024-01-31T09:00"), "2030-01-01") == ["2024-01-31"]
    assert due(timeline("2024-01-31T09:00", times=3), "2030-01-01") == ["2024-01-31"]
    assert timeline("2024-01-31T09:00", every="1m").window(-1) is None


def test_the_customers_own_interval_replaces_every():
    plan, own = (
        timeline("2024-05-01T09:00", "0d", every="90d"),
        timeline("2024-05-01T09:00", every="90d", interval="30d"),
    )
    assert due(plan, "2024-08-01") == ["2024-05-01", "2024-07-30"]
    assert due(own, "2024-08-01") == ["2024-05-01", "2024-05-31", "2024-06-30", "2024-07-30"]
    assert due(timeline("2024-05-01T09:00", interval="30d"), "2024-08-01") == ["2024-05-01"]  # nothing to replace
    weekly = timeline("2024-05-01T09:00", "0d", "7d", every="90d", interval="30d")
    assert weekly.window(1).closes_on == date(2024, 6, 7)  # the closing stays that of the plan
    with pytest.raises(ValueError):
        timeline("2024-05-01T09:00", every="90d", interval="24h").window(0)


def test_a_series_can_be_anchored_anew():
    line = Timeline(
        Cadence(Duration(0, "d"), Duration(0, "d"), every=Duration(30, "d"), times=5),
        at("2024-07-30T09:00"), SHANGHAI, OFFICIAL, anchor_occurrence=3,
    )  # fmt: skip
    assert due(line, "2025-01-01", start=3) == ["2024-07-30", "2024-08-29"]
    assert next_occurrence(line, after=at("2024-08-01")) == Occurrence(4, line.window(4))


ALIGNED = [
    # align, anchor, opens, closes, occurrence, opening, closing
    ("quarter", "2024-02-10T09:00", "0d", "0d", 0, "2024-04-01", "2024-06-30"),  # C-06, T-04
    ("quarter", "2024-02-10T09:00", "0d", "0d", 1, "2024-07-01", "2024-09-30"),
    ("quarter", "2024-12-31T23:59", "0d", "0d", 0, "2025-01-01", "2025-03-31"),
    ("quarter", "2025-01-01T00:00", "0d", "0d", 0, "2025-04-01", "2025-06-30"),
    ("month", "2024-01-31T09:00", "0d", "0d", 0, "2024-02-01", "2024-02-29"),
    ("month", "2024-01-31T09:00", "9d", "0d", 12, "2025-02-10", "2025-02-28"),
    ("half_year", "2024-06-30T09:00", "0d", "0d", 0, "2024-07-01", "2024-12-31"),  # T-05
    ("half_year", "2024-07-01T09:00", "0d", "0d", 0, "2025-01-01", "2025-06-30"),
    ("year", "2024-07-01T09:00", "1m", "1m", 0, "2025-02-01", "2026-01-31"),
    ("month", "2024-04-10T09:00", "1wd", "0d", 0, "2024-05-06", "2024-05-31"),
    ("month", "2024-04-10T09:00", "2m", "0d", 0, "2024-07-01", "2024-07-01"),  # crosses: ends with its opening day
]


@pytest.mark.parametrize(("align", "anchor", "opens", "closes", "k", "opening", "closing"), ALIGNED)
def test_aligned_steps_count_whole_calendar_periods(align, anchor, opens, closes, k, opening, closing):
    found = timeline(anchor, opens, closes, align=align).window(k)
    assert (found.opens_on, found.closes_on) == (date.fromisoformat(opening), date.fromisoformat(closing))


def test_hours_of_an_aligned_step_count_from_the_days_midnight():
    found = timeline("2024-02-10T14:00", "9h", "18h", align="month").window(0)
    assert (found.opens_at, found.closes_at) == (at("2024-03-01T09:00"), at("2024-03-31T18:00"))


def test_an_aligned_window_shifts_both_its_ends():
    found = timeline("2024-04-10T09:00", align="month", shift="next").window(0)
    assert (found.opens_on, found.closes_on) == (date(2024, 5, 6), date(2024, 5, 31))
    found = timeline("2024-02-10T09:00", align="month", shift="previous").window(0)
    assert (found.opens_on, found.closes_on) == (date(2024, 3, 1), date(2024, 3, 29))


def test_a_visit_inside_the_calendar_period_fulfils_it():
    quarterly = timeline("2024-01-05T09:00", align="quarter")  # occurrence 0: the second quarter
    assert not is_fulfilled(quarterly, 0, visits=[at("2024-02-10T10:00")])
    assert not is_fulfilled(quarterly, 0, visits=[at("2024-03-31T23:59:59.999999"), at("2024-07-01T00:00")])
    assert is_fulfilled(quarterly, 0, visits=[at("2024-02-10T10:00"), at("2024-06-20T10:00")])
    assert is_fulfilled(quarterly, 0, visits=[at("2024-04-01T00:00")])
    assert is_fulfilled(quarterly, 0, visits=[at("2024-06-30T23:59:59.999999")])


@pytest.mark.parametrize(
    ("day", "align", "ahead", "first", "last"),
    [
        ("2024-02-10", "month", 0, "2024-02-01", "2024-02-29"),
        ("2024-12-31", "half_year", 1, "2025-01-01", "2025-06-30"),
        ("2024-07-01", "year", 2, "2026-01-01", "2026-12-31"),
    ],
)
def test_calendar_periods(day, align, ahead, first, last):
    assert [one.isoformat() for one in aligned_period(date.fromisoformat(day), align, ahead)] == [first, last]


# Chains --------------------------------------------------------------------------------------------------------------


def chain(since: str, closes: str, opens: str = "0d", **keys) -> Timeline:
    return timeline(since, opens, closes, anchor="previous_visit", **keys)


def test_a_chain_begins_at_the_last_visit_else_at_the_event():
    assert first_anchor(last_visit_at=at("2024-01-10"), event_at=at("2024-03-01")) == at("2024-01-10")
    assert first_anchor(last_visit_at=None, event_at=at("2024-03-01")) == at("2024-03-01")


def test_half_a_year_after_the_last_visit():  # T-05
    assert chain("2024-01-10T10:00", "6m").window(0).closes_on == date(2024, 7, 10)


def test_the_customers_interval_replaces_a_chains_closing():  # H-08: plan 90 days, own 30, last visit 1 May
    assert chain("2024-05-01T10:00", "90d").window(0).closes_on == date(2024, 7, 30)
    own = chain("2024-05-01T10:00", "90d", interval="30d").window(0)
    assert (own.opens_on, own.closes_on) == (date(2024, 5, 1), date(2024, 5, 31))
    late = chain("2024-05-01T10:00", "90d", "80d", interval="30d").window(0)
    assert (late.opens_on, late.closes_on) == (date(2024, 5, 31), date(2024, 5, 31))  # the interval wins


def test_the_next_of_a_chain_counts_from_the_end_of_the_one_before():
    line = chain("2024-01-10T10:00", "6m", "5m")
    first = Occurrence(0, line.window(0))
    reached = after_link(line, first, reached_at=at("2024-06-20T15:00"))
    assert (reached.number, reached.window.opens_on, reached.window.closes_on) == (
        1,
        date(2024, 11, 20),
        date(2024, 12, 20),
    )
    unreached = after_link(line, first, reached_at=None)  # its closing date is 10 July
    assert (unreached.window.opens_on, unreached.window.closes_on) == (date(2024, 12, 10), date(2025, 1, 10))


def test_the_end_of_an_unreached_task_is_its_closing():
    by_day = chain("2024-01-10T10:00", "7d").window(0)
    assert chain_anchor(by_day, reached_at=None, zone=SHANGHAI) == at("2024-01-17T12:00")
    by_hour = chain("2024-01-10T10:00", "48h", "0h").window(0)
    assert chain_anchor(by_hour, reached_at=None, zone=SHANGHAI) == at("2024-01-12T10:00")
    assert chain_anchor(by_hour, reached_at=at("2024-01-11T09:00"), zone=SHANGHAI) == at("2024-01-11T09:00")


def test_one_task_of_a_chain_at_a_time_and_never_a_stop():
    line = chain("2024-01-10T10:00", "1m")
    first = Occurrence(0, line.window(0))  # until the end of 10 February
    still_open = {"reached_at": None, "is_closed": False}
    assert next_in_chain(line, first, **still_open, now=at("2024-02-10T23:59:59.999999")) is None
    overdue = next_in_chain(line, first, **still_open, now=at("2024-02-11T00:00"))
    assert (overdue.number, overdue.window.closes_on) == (1, date(2024, 3, 10))
    given_up = {"reached_at": None, "is_closed": True}
    assert next_in_chain(line, first, **given_up, now=at("2024-02-05")) is None  # counts from 10 February
    assert next_in_chain(line, first, **given_up, now=at("2024-02-10")) == overdue
    done = {"reached_at": at("2024-01-20T09:00"), "is_closed": True}
    assert next_in_chain(line, first, **done, now=at("2024-01-20T10:00")).window.closes_on == date(2024, 2, 20)


def test_a_chain_ends_with_its_times():
    line = chain("2024-01-10T10:00", "1m", times=1)
    assert after_link(line, Occurrence(0, line.window(0)), reached_at=at("2024-01-20")) is None


def test_a_chain_that_starts_late_starts_with_the_link_that_is_not_past():
    line = chain("2024-01-10T10:00", "6m", "5m")
    link = first_link_not_past(line, moment=at("2026-03-02T09:00"))
    assert link.anchor_at == at("2026-01-10T12:00")
    assert (link.number, link.window.opens_on, link.window.closes_on) == (4, date(2026, 6, 10), date(2026, 7, 10))
    assert first_link_not_past(line, moment=at("2024-07-10T23:59")).number == 0
    assert first_link_not_past(chain("2024-01-10T10:00", "0d"), moment=at("2026-01-01")) is None  # never moves on
    assert first_link_not_past(chain("2024-01-10T10:00", "1m", times=2), moment=at("2026-01-01")) is None


def test_a_chain_shows_one_task_only():
    line = chain("2024-01-10T10:00", "1m")
    assert due(line, "2026-01-01") == ["2024-01-10"]
    assert days(occurrences_between(line, first=at("2024-01-01"), last=at("2026-01-01"))) == ["2024-01-10"]


# Forecasts and late starts -------------------------------------------------------------------------------------------


def test_a_forecast_has_what_opens_inside_it():
    line = timeline("2024-01-31T09:00", every="1m")
    found = occurrences_between(line, first=at("2024-02-29"), last=at("2024-04-30"))
    assert days(found) == ["2024-02-29", "2024-03-31"]
    assert days(occurrences_between(line, first=at("2020-01-01"), last=at("2024-01-31"))) == []
    assert next_occurrence(line, after=at("2024-02-29")).number == 2
    assert next_occurrence(line, after=at("2024-02-29") - MICROSECOND).number == 1
    assert next_occurrence(timeline("2024-01-31T09:00", every="1m", times=2), after=at("2024-06-01")) is None


def test_a_series_of_old_customers_begins_with_the_window_of_today():
    line = timeline("2009-03-31T09:00", "0d", "6d", every="1m")
    found = first_not_past(line, moment=at("2026-01-01"))
    assert (found.number, found.window.opens_on) == (201, date(2025, 12, 31))  # open until 6 January
    assert first_not_past(line, moment=at("2026-01-07")).window.opens_on == date(2026, 1, 31)
