"""When tasks open and until when they are in time: the worked examples of the regulations, and both sides of limits.

All times of day are those of Shanghai unless a zone is named; a bound written as a date lasts until that day's end.
"""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from staff.domain.calendar import WorkCalendar
from tests.visits import naive
from visits.domain.timing.windows import Cadence, Window, window

SHANGHAI = naive.SHANGHAI
OFFICIAL = WorkCalendar()
MICROSECOND = timedelta(microseconds=1)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    """Read a local wall time as a moment; a date alone is its 00:00."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def cadence(opens: str, closes: str, **keys) -> Cadence:
    defaults = {"every": None, "align": "none", "times": None, "shift": "none", "anchor": "event"}
    return Cadence.of(SimpleNamespace(opens=opens, closes=closes, **{**defaults, **keys}))


def window_of(step: Cadence, anchor: str, k: int = 0, *, calendar=OFFICIAL, zone=SHANGHAI, **facts) -> Window:
    found = window(step, anchor_at=at(anchor, zone), occurrence=k, zone=zone, calendar=calendar, **facts)
    assert found is not None
    return found


def assert_lasts(found: Window, opens: str, closes: str, zone: ZoneInfo = SHANGHAI) -> None:
    """Check both ends and a microsecond on either side of each."""
    assert found.opens_at == at(opens, zone)
    assert not found.contains(found.opens_at - MICROSECOND)
    assert found.contains(found.opens_at)
    if len(closes) == len("2024-05-08"):
        assert found.closes_on == date.fromisoformat(closes) and not found.closes_inclusive
        bound = at((found.closes_on + timedelta(1)).isoformat(), zone)
        assert found.closes_at == bound
        assert found.contains(bound - MICROSECOND) and not found.contains(bound) and found.is_past(bound)
    else:
        bound = at(closes, zone)
        assert (found.closes_at, found.closes_inclusive, found.closes_on) == (bound, True, None)
        assert found.contains(bound) and not found.contains(bound + MICROSECOND) and not found.is_past(bound)
    assert found.closing_date(zone) == date.fromisoformat(closes[:10])


CLAUSES = [
    # clause, opens, closes, anchor, opening, closing
    ("A-06", "0d", "1d", "2024-05-06T18:00", "2024-05-06", "2024-05-07"),
    ("A-06", "0d", "1d", "2024-05-31T23:59", "2024-05-31", "2024-06-01"),
    ("B-02", "1w", "1w", "2024-05-06T10:00", "2024-05-13", "2024-05-13"),
    ("B-02", "1m", "1m", "2024-01-31T10:00", "2024-02-29", "2024-02-29"),
    ("B-02", "3m", "3m", "2024-01-31T10:00", "2024-04-30", "2024-04-30"),
    ("B-02", "6m", "6m", "2024-08-31T10:00", "2025-02-28", "2025-02-28"),
    ("C-05", "0d", "7d", "2024-05-01T10:00", "2024-05-01", "2024-05-08"),
    ("H-06", "0d", "1m", "2024-05-15T09:00", "2024-05-15", "2024-06-15"),
    ("H-07", "0d", "3d", "2024-05-06T12:00", "2024-05-06", "2024-05-09"),
    ("K-02", "0d", "3d", "2024-05-06T23:59:59", "2024-05-06", "2024-05-09"),
    ("K-05", "0d", "1m", "2024-05-10T08:00", "2024-05-10", "2024-06-10"),
    ("L-07", "0h", "24h", "2024-05-06T16:30", "2024-05-06T16:30", "2024-05-07T16:30"),
    ("R-08", "7d", "7d", "2024-05-06T11:00", "2024-05-13", "2024-05-13"),
    ("R-09", "1d", "1d", "2024-05-06T11:00", "2024-05-07", "2024-05-07"),
    ("R-09", "1w", "1w", "2024-05-06T11:00", "2024-05-13", "2024-05-13"),
    ("R-09", "2w", "2w", "2024-05-06T11:00", "2024-05-20", "2024-05-20"),
    ("R-09", "3w", "3w", "2024-05-06T11:00", "2024-05-27", "2024-05-27"),
    ("R-09", "4w", "4w", "2024-05-06T11:00", "2024-06-03", "2024-06-03"),
    ("R-10", "1d", "1d", "2024-01-31T15:00", "2024-02-01", "2024-02-01"),
    ("R-10", "1w", "1w", "2024-01-31T15:00", "2024-02-07", "2024-02-07"),
    ("R-10", "1m", "1m", "2024-01-31T15:00", "2024-02-29", "2024-02-29"),
    ("R-10", "3m", "3m", "2024-01-31T15:00", "2024-04-30", "2024-04-30"),
    ("R-10", "6m", "6m", "2024-01-31T15:00", "2024-07-31", "2024-07-31"),
    ("R-11", "1m", "1m", "2024-05-06T12:00", "2024-06-06", "2024-06-06"),
    ("R-11", "14d", "14d", "2024-05-06T12:00", "2024-05-20", "2024-05-20"),
    ("R-12", "7d", "7d", "2024-05-06T12:00", "2024-05-13", "2024-05-13"),
    ("R-14", "1d", "1d", "2024-02-01T08:00", "2024-02-02", "2024-02-02"),
    ("R-14", "4w", "4w", "2024-02-01T08:00", "2024-02-29", "2024-02-29"),
    ("T-02", "0d", "3wd", "2024-05-06T10:00", "2024-05-06", "2024-05-09"),
    ("T-02", "0d", "3wd", "2024-04-30T10:00", "2024-04-30", "2024-05-08"),
    ("T-02", "0d", "3wd", "2024-05-09T10:00", "2024-05-09", "2024-05-13"),  # Saturday the 11th is worked
    ("T-03", "0h", "48h", "2024-05-06T10:20", "2024-05-06T10:20", "2024-05-08T10:20"),
    ("U-02", "3d", "7d", "2024-05-06T14:00", "2024-05-09", "2024-05-13"),
    ("U-02", "8d", "15d", "2024-05-06T14:00", "2024-05-14", "2024-05-21"),
    ("AI-08", "1w", "1w", "2024-05-06T14:00", "2024-05-13", "2024-05-13"),
    ("AI-08", "1m", "1m", "2024-05-06T14:00", "2024-06-06", "2024-06-06"),
    ("AI-08", "3m", "3m", "2024-05-06T14:00", "2024-08-06", "2024-08-06"),
    ("AI-08", "6m", "6m", "2024-05-06T14:00", "2024-11-06", "2024-11-06"),
    ("AI-08", "12m", "12m", "2024-05-06T14:00", "2025-05-06", "2025-05-06"),
    ("AI-09", "0d", "1d", "2024-05-06T23:00", "2024-05-06", "2024-05-07"),
]


@pytest.mark.parametrize(("clause", "opens", "closes", "anchor", "opening", "closing"), CLAUSES)
def test_the_examples_of_the_clauses(clause, opens, closes, anchor, opening, closing):
    assert_lasts(window_of(cadence(opens, closes), anchor), opening, closing)


LIMITS = [
    # opens, closes, anchor, opening, closing
    ("0d", "0d", "2024-02-29T00:00", "2024-02-29", "2024-02-29"),
    ("0d", "0d", "2024-02-28T23:59:59.999999", "2024-02-28", "2024-02-28"),
    ("0d", "1d", "2024-12-31T12:00", "2024-12-31", "2025-01-01"),
    ("0d", "1d", "2024-02-28T12:00", "2024-02-28", "2024-02-29"),
    ("0d", "1d", "2023-02-28T12:00", "2023-02-28", "2023-03-01"),
    ("1y", "1y", "2024-02-29T12:00", "2025-02-28", "2025-02-28"),
    ("4y", "4y", "2024-02-29T12:00", "2028-02-29", "2028-02-29"),
    ("0d", "1m", "2024-01-30T12:00", "2024-01-30", "2024-02-29"),
    ("0d", "1m", "2023-01-29T12:00", "2023-01-29", "2023-02-28"),
    ("1m", "2m", "2023-12-31T12:00", "2024-01-31", "2024-02-29"),
    ("0wd", "0wd", "2024-05-04T12:00", "2024-05-04", "2024-05-04"),  # a Saturday is 0wd after itself
    ("1wd", "1wd", "2024-05-04T12:00", "2024-05-06", "2024-05-06"),
    ("1wd", "1wd", "2024-05-03T12:00", "2024-05-06", "2024-05-06"),
    ("1wd", "2wd", "2024-04-30T12:00", "2024-05-06", "2024-05-07"),
    ("1wd", "1wd", "2024-04-27T12:00", "2024-04-28", "2024-04-28"),  # a made-up Sunday
    ("1wd", "1wd", "2024-05-10T12:00", "2024-05-11", "2024-05-11"),  # a made-up Saturday
    ("1wd", "1wd", "2026-02-13T12:00", "2026-02-14", "2026-02-14"),  # a made-up Saturday
    ("1wd", "1wd", "2026-02-14T12:00", "2026-02-24", "2026-02-24"),  # over the Spring Festival
    ("5wd", "5wd", "2026-09-30T12:00", "2026-10-13", "2026-10-13"),  # National Day and Saturday the 10th
    ("1wd", "1wd", "2023-12-29T12:00", "2024-01-02", "2024-01-02"),
    ("0h", "0h", "2024-05-06T12:00", "2024-05-06T12:00", "2024-05-06T12:00"),
    ("90min", "2h", "2024-05-06T23:00", "2024-05-07T00:30", "2024-05-07T01:00"),
    ("0min", "30min", "2024-12-31T23:45", "2024-12-31T23:45", "2025-01-01T00:15"),
    ("0d", "24h", "2024-05-06T16:30", "2024-05-06", "2024-05-07T16:30"),
    ("2h", "1d", "2024-05-06T16:30", "2024-05-06T18:30", "2024-05-07"),
    # mixed units that cross: the window ends with the day it opens
    ("12h", "0d", "2024-05-06T13:00", "2024-05-07T01:00", "2024-05-07"),
    ("12h", "0d", "2024-05-06T12:00", "2024-05-07T00:00", "2024-05-07"),
    ("12h", "0d", "2024-05-06T11:59:59", "2024-05-06T23:59:59", "2024-05-06"),
    ("1wd", "2d", "2024-04-30T12:00", "2024-05-06", "2024-05-06"),
    ("1wd", "2d", "2024-05-06T12:00", "2024-05-07", "2024-05-08"),
    ("30d", "1m", "2024-02-01T12:00", "2024-03-02", "2024-03-02"),
    ("30d", "1m", "2024-03-01T12:00", "2024-03-31", "2024-04-01"),
    ("2d", "30h", "2024-05-06T12:00", "2024-05-08", "2024-05-08"),
    ("2d", "36h", "2024-05-06T12:00", "2024-05-08T00:00", "2024-05-08T00:00"),  # one instant is a window
    ("1d", "24h", "2024-05-06T00:00", "2024-05-07T00:00", "2024-05-07T00:00"),
]


@pytest.mark.parametrize(("opens", "closes", "anchor", "opening", "closing"), LIMITS)
def test_limits_month_ends_and_days_off(opens, closes, anchor, opening, closing):
    assert_lasts(window_of(cadence(opens, closes), anchor), opening, closing)


SHIFTED = [
    # opens, closes, shift, anchor, opening, closing
    ("0d", "7d", "next", "2024-04-24T12:00", "2024-04-24", "2024-05-06"),
    ("0d", "7d", "previous", "2024-04-24T12:00", "2024-04-24", "2024-04-30"),
    ("0d", "7d", "none", "2024-04-24T12:00", "2024-04-24", "2024-05-01"),
    ("1d", "3d", "next", "2024-05-03T12:00", "2024-05-06", "2024-05-06"),
    ("1d", "3d", "previous", "2024-05-03T12:00", "2024-04-30", "2024-05-06"),
    ("5d", "5d", "next", "2024-05-06T12:00", "2024-05-11", "2024-05-11"),  # a made-up Saturday stays
    ("6d", "6d", "next", "2024-05-06T12:00", "2024-05-13", "2024-05-13"),
    ("6d", "6d", "previous", "2024-05-06T12:00", "2024-05-11", "2024-05-11"),
    ("1m", "1m", "next", "2024-04-01T12:00", "2024-05-06", "2024-05-06"),
    ("1m", "1m", "previous", "2024-01-10T12:00", "2024-02-09", "2024-02-09"),
    ("0h", "24h", "next", "2024-05-03T12:00", "2024-05-03T12:00", "2024-05-04T12:00"),  # instants are left alone
    ("0d", "24h", "next", "2024-05-04T12:00", "2024-05-06", "2024-05-06"),  # crossed by the shift
    ("0wd", "0wd", "next", "2024-05-04T12:00", "2024-05-06", "2024-05-06"),
    ("0d", "0d", "previous", "2024-01-01T12:00", "2023-12-29", "2023-12-29"),
]


@pytest.mark.parametrize(("opens", "closes", "shift", "anchor", "opening", "closing"), SHIFTED)
def test_dates_off_work_are_shifted(opens, closes, shift, anchor, opening, closing):
    assert_lasts(window_of(cadence(opens, closes, shift=shift), anchor), opening, closing)


def test_the_companys_own_days_move_windows():
    company = WorkCalendar({date(2024, 5, 7): False, date(2024, 5, 12): True})
    assert window_of(cadence("1wd", "1wd"), "2024-05-06T12:00", calendar=company).opens_on == date(2024, 5, 8)
    assert window_of(cadence("2wd", "2wd"), "2024-05-10T12:00", calendar=company).opens_on == date(2024, 5, 12)


@pytest.mark.parametrize(
    ("opens", "closes", "shift", "anchor", "provisional"),
    [
        ("0d", "3wd", "none", "2026-12-25T12:00", False),
        ("0d", "3wd", "none", "2026-12-30T12:00", True),
        ("0d", "30d", "none", "2026-12-30T12:00", False),  # calendar days do not ask the calendar
        ("0d", "30d", "next", "2026-12-30T12:00", True),
        ("0d", "1m", "previous", "2026-11-20T12:00", False),
        ("1wd", "300d", "none", "2026-11-20T12:00", False),
        ("0h", "9000h", "next", "2026-11-20T12:00", False),
    ],
)
def test_what_counts_days_of_an_unpublished_year_is_provisional(opens, closes, shift, anchor, provisional):
    assert window_of(cadence(opens, closes, shift=shift), anchor).provisional is provisional


ZONED = [
    # zone, opens, closes, anchor, opening, closing
    ("Asia/Shanghai", "0d", "0d", "1986-05-04T12:00", "1986-05-04", "1986-05-04"),
    ("Asia/Shanghai", "1d", "1d", "1986-09-13T12:00", "1986-09-14", "1986-09-14"),
    ("Asia/Shanghai", "0h", "24h", "1986-05-03T12:00", "1986-05-03T12:00", "1986-05-04T13:00"),
    ("Asia/Shanghai", "0d", "7d", "1940-05-30T12:00", "1940-05-30", "1940-06-06"),
    ("America/New_York", "0d", "7d", "2024-03-08T12:00", "2024-03-08", "2024-03-15"),
    ("America/New_York", "0h", "48h", "2024-11-02T12:00", "2024-11-02T12:00", "2024-11-04T11:00"),
    ("America/Sao_Paulo", "1d", "1d", "2018-11-02T12:00", "2018-11-03", "2018-11-03"),
    ("Asia/Kolkata", "0d", "1m", "2024-01-31T23:59", "2024-01-31", "2024-02-29"),
    ("Pacific/Kiritimati", "0d", "0d", "2024-01-31T00:30", "2024-01-31", "2024-01-31"),
    ("UTC", "0d", "3d", "2024-05-06T23:59:59.999999", "2024-05-06", "2024-05-09"),
]


@pytest.mark.parametrize(("zone", "opens", "closes", "anchor", "opening", "closing"), ZONED)
def test_days_are_those_of_the_policys_zone(zone, opens, closes, anchor, opening, closing):
    zone = ZoneInfo(zone)
    assert_lasts(window_of(cadence(opens, closes), anchor, zone=zone), opening, closing, zone)


def test_a_missing_midnight_opens_with_the_first_moment_of_the_day():
    zone = ZoneInfo("America/Sao_Paulo")
    found = window_of(cadence("1d", "1d"), "2018-11-03T12:00", zone=zone)
    assert found.opens_at == datetime(2018, 11, 4, 3, tzinfo=UTC)  # 01:00 of that day; 00:00 was skipped
    assert found.closes_at - found.opens_at == timedelta(hours=23)


def test_hours_count_from_the_second_of_two_equal_wall_times_too():
    second = datetime(1986, 9, 13, 17, 30, tzinfo=UTC)  # 01:30 comes twice that night; this is the later one
    found = window(cadence("0h", "1h"), anchor_at=second, occurrence=0, zone=SHANGHAI, calendar=OFFICIAL)
    assert found is not None and (found.opens_at, found.closes_at) == (second, second + timedelta(hours=1))


def test_the_anchor_counts_by_its_local_day_however_it_is_written():
    step = cadence("0d", "1d")
    late = datetime(2024, 5, 6, 16, 30, tzinfo=UTC)  # 00:30 of the 7th in Shanghai
    found = window(step, anchor_at=late, occurrence=0, zone=SHANGHAI, calendar=OFFICIAL)
    assert found is not None and found.opens_on == date(2024, 5, 7)
    assert found.opens_at.tzinfo is UTC and found.closes_at.tzinfo is UTC


GIVEN = [
    # the event's own due, closing
    (date(2024, 5, 10), "2024-05-10"),
    (date(2024, 5, 6), "2024-05-06"),
    (date(2024, 5, 5), "2024-05-06"),  # before the opening: the window ends with the day it opens
    (at("2024-05-10T15:00"), "2024-05-10T15:00"),
    (at("2024-05-06T00:00"), "2024-05-06T00:00"),
    (at("2024-05-05T23:59:59"), "2024-05-06"),
    (date(2024, 5, 12), "2024-05-12"),  # a Sunday: what was promised is not shifted
]


@pytest.mark.parametrize(("due", "closing"), GIVEN)
def test_a_given_due_closes_the_window(due, closing):
    found = window_of(cadence("0d", "given", shift="next"), "2024-05-06T12:00", given=due)
    assert_lasts(found, "2024-05-06", closing)


def test_a_given_due_moves_with_its_repetition():
    step = cadence("0d", "given", every="1m")
    assert_lasts(window_of(step, "2024-01-20T12:00", 1, given=date(2024, 1, 31)), "2024-02-20", "2024-02-29")
    moved = window_of(step, "2024-01-20T12:00", 1, given=at("2024-01-31T15:00"))
    assert_lasts(moved, "2024-02-20", "2024-02-29T15:00")


def test_without_the_due_that_closes_it_there_is_no_window():
    facts = {"anchor_at": at("2024-05-06T12:00"), "occurrence": 0, "zone": SHANGHAI, "calendar": OFFICIAL}
    assert window(cadence("0d", "given"), **facts) is None


@pytest.mark.parametrize(
    "keys",
    [
        {"every": "24h"}, {"every": "0d"}, {"every": "1m", "align": "month"},
        {"every": "1m", "anchor": "previous_visit"}, {"align": "month", "anchor": "previous_visit"},
    ],
)  # fmt: skip
def test_two_ways_of_coming_again_are_refused(keys):
    with pytest.raises(ValueError):
        cadence("0d", "1d", **keys)


def test_a_moment_without_its_offset_is_refused():
    naive_moment = datetime.fromisoformat("2024-05-06T12:00")
    with pytest.raises(ValueError):
        window(cadence("0d", "1d"), anchor_at=naive_moment, occurrence=0, zone=SHANGHAI, calendar=OFFICIAL)


def test_steps_whose_ends_are_dates_share_the_windows_of_a_day():
    assert cadence("0d", "3wd").is_day_based
    assert not cadence("0d", "24h").is_day_based
    assert not cadence("1h", "1d").is_day_based
    assert not cadence("0d", "given").is_day_based
