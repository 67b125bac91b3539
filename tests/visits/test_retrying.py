"""When somebody may be called, and when one who was not reached is called again. Times are those of Shanghai."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.packs.company import CallingHoursSpec
from config.packs.duration import Duration
from staff.domain.calendar import WorkCalendar
from tests.visits.naive import SHANGHAI
from visits.domain.timing.retrying import (
    INSIDE,
    REASON,
    REFUSE,
    CallingHours,
    Search,
    half_day,
    next_attempt,
    permission,
    spans_of,
    without,
)
from visits.domain.timing.windows import Window

OFFICIAL = WorkCalendar()
OFFICE = CallingHours(spans_of(["09:00-12:00", "14:00-18:00"]))
WEEKDAYS = CallingHours(spans_of(["09:00-18:00"]), working_days_only=True)
STRICT = CallingHours(spans_of(["09:00-18:00"]), outside=REFUSE)
ANY_TIME = CallingHours()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def until(text: str) -> Window:
    """Return a window that ends with this day."""
    closes_on = date.fromisoformat(text)
    bound = at(f"{closes_on + timedelta(1)}")
    return Window(at("2024-01-01"), bound, False, None, closes_on)


def until_instant(text: str) -> Window:
    return Window(at("2024-01-01"), at(text), True, None, None)


PERMISSIONS = [
    # moment, hours, the customer's own, what it takes
    ("2024-05-06T07:59:59", ANY_TIME, [], REFUSE),
    ("2024-05-06T08:00", ANY_TIME, [], INSIDE),
    ("2024-05-06T20:59:59", ANY_TIME, [], INSIDE),
    ("2024-05-06T21:00", ANY_TIME, [], REFUSE),
    ("2024-05-06T08:59:59", OFFICE, [], REASON),
    ("2024-05-06T09:00", OFFICE, [], INSIDE),
    ("2024-05-06T11:59:59", OFFICE, [], INSIDE),
    ("2024-05-06T12:00", OFFICE, [], REASON),
    ("2024-05-06T13:59:59", OFFICE, [], REASON),
    ("2024-05-06T14:00", OFFICE, [], INSIDE),
    ("2024-05-06T18:00", OFFICE, [], REASON),
    ("2024-05-06T18:00", STRICT, [], REFUSE),
    ("2024-05-06T17:59:59", STRICT, [], INSIDE),
    ("2024-05-04T10:00", WEEKDAYS, [], REASON),  # a Saturday
    ("2024-05-11T10:00", WEEKDAYS, [], INSIDE),  # a made-up Saturday
    ("2024-05-01T10:00", WEEKDAYS, [], REASON),  # Labour Day
    ("2024-05-06T10:00", OFFICE, ["15:00-16:00"], REASON),
    ("2024-05-06T15:30", OFFICE, ["15:00-16:00"], INSIDE),
    ("2024-05-06T19:00", OFFICE, ["18:30-20:00"], REASON),
    ("2024-05-06T22:00", OFFICE, ["20:00-23:00"], REFUSE),
]


@pytest.mark.parametrize(("moment", "hours", "own", "takes"), PERMISSIONS)
def test_legal_hours_block_and_preferred_ones_ask_for_a_reason(moment, hours, own, takes):
    given_facts = {"zone": SHANGHAI, "calendar": OFFICIAL, "customer_spans": spans_of(own)}
    assert permission(at(moment), hours=hours, **given_facts) == takes


def test_calls_are_judged_by_the_time_where_the_policy_is():
    late = datetime(2024, 5, 6, 13, tzinfo=UTC)  # 21:00 in Shanghai, 15:00 in Berlin
    assert permission(late, hours=ANY_TIME, zone=SHANGHAI, calendar=OFFICIAL) == REFUSE
    assert permission(late, hours=ANY_TIME, zone=ZoneInfo("Europe/Berlin"), calendar=OFFICIAL) == INSIDE


ATTEMPTS = [
    # failed, retry after, hours, closing, next attempt
    ("2024-05-06T09:30", "4h", ANY_TIME, "2024-05-07", "2024-05-06T13:30"),  # the afternoon
    ("2024-05-06T08:00", "4h", ANY_TIME, "2024-05-07", "2024-05-06T12:00"),  # noon belongs to the afternoon
    ("2024-05-06T08:00", "1h", ANY_TIME, "2024-05-07", "2024-05-06T12:00"),  # 09:00 is the same half-day
    ("2024-05-06T11:59:59", "1min", ANY_TIME, "2024-05-07", "2024-05-06T12:00:59"),
    ("2024-05-06T13:00", "4h", ANY_TIME, "2024-05-07", "2024-05-07T08:00"),  # 17:00 is the same half-day
    ("2024-05-06T13:00", "4h", ANY_TIME, "2024-05-06", "2024-05-06T17:00"),  # closes today: the first moment
    ("2024-05-06T18:00", "4h", ANY_TIME, "2024-05-07", "2024-05-07T08:00"),
    ("2024-05-06T18:00", "4h", ANY_TIME, "2024-05-06", "2024-05-07T08:00"),  # late, but never not at all
    ("2024-05-06T20:00", "1h", ANY_TIME, "2024-05-07", "2024-05-07T08:00"),  # 21:00 is no calling time any more
    ("2024-05-06T19:59", "1h", ANY_TIME, "2024-05-06", "2024-05-06T20:59"),
    ("2024-05-06T08:30", "1h", ANY_TIME, "2024-05-06", "2024-05-06T12:00"),
    ("2024-05-06T09:30", "1h", OFFICE, "2024-05-07", "2024-05-06T14:00"),  # not in the lunch hour
    ("2024-05-06T09:30", "3h", OFFICE, "2024-05-07", "2024-05-06T14:00"),
    ("2024-05-06T14:30", "1h", OFFICE, "2024-05-07", "2024-05-07T09:00"),
    ("2024-05-06T16:30", "4h", OFFICE, "2024-05-06", "2024-05-07T09:00"),
    ("2024-05-06T10:00", "1d", OFFICE, "2024-05-08", "2024-05-07T09:00"),
    ("2024-05-06T15:00", "1d", OFFICE, "2024-05-08", "2024-05-07T09:00"),
    ("2024-05-06T10:00", "0d", OFFICE, "2024-05-08", "2024-05-06T14:00"),
    ("2024-04-30T15:00", "4h", WEEKDAYS, "2024-05-10", "2024-05-06T09:00"),  # after the holiday
    ("2024-04-30T15:00", "1wd", ANY_TIME, "2024-05-10", "2024-05-06T08:00"),
    ("2024-05-10T15:00", "4h", WEEKDAYS, "2024-05-20", "2024-05-11T09:00"),  # a made-up Saturday
    ("2024-05-06T15:00", "30min", WEEKDAYS, "2024-05-06", "2024-05-06T15:30"),
]


@pytest.mark.parametrize(("failed", "retry_after", "hours", "closing", "expected"), ATTEMPTS)
def test_the_next_attempt_is_in_another_half_day_before_the_bound_else_at_once(
    failed, retry_after, hours, closing, expected
):
    assert attempt(failed, retry_after, until(closing), hours=hours) == at(expected)


def attempt(failed: str, retry_after: str, window: Window, *, hours=ANY_TIME, made=1, own=()) -> datetime | None:
    return next_attempt(
        failed_at=at(failed), attempts=made, max_attempts=3, retry_after=Duration.parse(retry_after), window=window,
        hours=hours, zone=SHANGHAI, calendar=OFFICIAL, customer_spans=spans_of(own),
    )  # fmt: skip


def test_the_bound_of_hours_is_still_in_time():
    assert attempt("2024-05-06T13:00", "1h", until_instant("2024-05-07T08:00")) == at("2024-05-07T08:00")
    assert attempt("2024-05-06T13:00", "1h", until_instant("2024-05-07T07:59:59.999999")) == at("2024-05-06T14:00")


def test_after_the_last_attempt_there_is_none():
    assert attempt("2024-05-06T09:30", "4h", until("2024-05-07"), made=2) is not None
    assert attempt("2024-05-06T09:30", "4h", until("2024-05-07"), made=3) is None
    assert attempt("2024-05-06T09:30", "4h", until("2024-05-07"), made=4) is None


def test_the_customers_hours_are_kept_where_the_policy_leaves_any():
    assert attempt("2024-05-06T09:30", "4h", until("2024-05-07"), hours=OFFICE, own=["16:00-19:00"]) == at(
        "2024-05-06T16:00"
    )
    assert attempt("2024-05-06T09:30", "4h", until("2024-05-07"), hours=OFFICE, own=["19:00-20:00"]) == at(
        "2024-05-06T14:00"
    )
    assert attempt("2024-05-06T09:30", "4h", until("2024-05-07"), own=["19:00-20:00"]) == at("2024-05-06T19:00")


def test_hours_that_the_law_forbids_give_way_to_the_legal_ones():
    night = CallingHours(spans_of(["22:00-02:00"]))
    assert attempt("2024-05-06T09:30", "4h", until("2024-05-07"), hours=night) == at("2024-05-06T13:30")


def test_a_company_that_never_works_still_calls():
    closed = WorkCalendar({date(2024, 5, 6) + timedelta(n): False for n in range(90)})
    search = Search(WEEKDAYS, SHANGHAI, closed)
    assert search.first_callable(at("2024-05-06T22:00")) == at("2024-05-07T08:00")


@pytest.mark.parametrize(
    ("texts", "spans"),
    [
        ([], ()),
        (["14:00-18:00", "09:00-12:00"], ((540, 720), (840, 1080))),
        (["00:00-24:00"], ((0, 1440),)),
        (["22:00-02:00"], ((0, 120), (1320, 1440))),
        (["22:00-00:00"], ((1320, 1440),)),
    ],
)
def test_spans_are_read_in_order(texts, spans):
    assert spans_of(texts) == spans


def test_hours_come_from_the_packs_section():
    section = CallingHoursSpec.model_validate({"allowed": ["09:00-12:00"], "days": "working", "outside": "refuse"})
    assert CallingHours.of(section) == CallingHours(((540, 720),), working_days_only=True, outside=REFUSE)
    assert CallingHours.of(None) == ANY_TIME


MOMENTS = st.datetimes(
    datetime.fromisoformat("2023-01-01"), datetime.fromisoformat("2026-06-30"), timezones=st.just(SHANGHAI)
).map(lambda moment: moment.astimezone(UTC))
HOURS = st.sampled_from((ANY_TIME, OFFICE, WEEKDAYS, STRICT))
WAITS = st.builds(Duration, st.integers(0, 30), st.sampled_from(("min", "h", "d", "wd")))


@given(MOMENTS, WAITS, HOURS, st.integers(0, 10))
def test_every_next_attempt_is_callable_and_not_too_soon(failed, wait, hours, days):
    window = until((failed.astimezone(SHANGHAI).date() + timedelta(days)).isoformat())
    found = next_attempt(
        failed_at=failed, attempts=1, max_attempts=3, retry_after=wait, window=window, hours=hours, zone=SHANGHAI,
        calendar=OFFICIAL,
    )  # fmt: skip
    assert permission(found, hours=hours, zone=SHANGHAI, calendar=OFFICIAL) == INSIDE
    assert found >= failed + timedelta(minutes=wait.offset.minutes)
    assert found.astimezone(SHANGHAI).date() >= OFFICIAL.after(failed.astimezone(SHANGHAI).date(), wait.offset)
    if half_day(found, SHANGHAI) == half_day(failed, SHANGHAI):
        assert not another_half_day_would_do(failed, hours, window)


def another_half_day_would_do(failed: datetime, hours: CallingHours, window: Window) -> bool:
    """Walk minute by minute through the half-days after that of `failed` while the window lasts."""
    local = failed.astimezone(SHANGHAI)
    noon = datetime.combine(local.date(), time(12), SHANGHAI)
    start = noon if local < noon else noon + timedelta(hours=12)
    minutes = int((window.closes_at - start.astimezone(UTC)).total_seconds() // 60)
    moments = (start.astimezone(UTC) + timedelta(minutes=n) for n in range(0, minutes, 10))
    return any(permission(one, hours=hours, zone=SHANGHAI, calendar=OFFICIAL) == INSIDE for one in moments)


@given(MOMENTS, HOURS)
def test_the_first_callable_moment_is_the_first(moment, hours):
    found = Search(hours, SHANGHAI, OFFICIAL).first_callable(moment)
    assert moment <= found
    if found != moment:
        assert permission(moment, hours=hours, zone=SHANGHAI, calendar=OFFICIAL) != INSIDE
        before = found - timedelta(microseconds=1)
        assert permission(before, hours=hours, zone=SHANGHAI, calendar=OFFICIAL) != INSIDE


@pytest.mark.parametrize(
    ("liked", "quiet", "left"),
    [
        ([], [], ()),
        ([(600, 700)], [], ((600, 700),)),
        ([], [(720, 840)], ((0, 720), (840, 1440))),
        ([(600, 900)], [(720, 840)], ((600, 720), (840, 900))),
        ([], [(0, 600), (500, 900), (700, 800)], ((900, 1440),)),
        ([(600, 700)], [(0, 1440)], ((0, 0),)),
    ],
)
def test_quiet_hours_are_taken_out_of_the_liked_ones(liked, quiet, left):
    assert without(liked, quiet) == left
