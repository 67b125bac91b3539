"""Working days, sums of durations and the ends of local days."""

import calendar as months_of
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.packs.duration import Offset
from staff.domain.calendar import (
    PUBLISHED_FROM,
    PUBLISHED_UNTIL,
    WorkCalendar,
    add_months,
    day_end,
    day_start,
    local_date,
    local_noon,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICIAL = WorkCalendar()
ANY_DAY = st.dates(date(1900, 1, 1), date(2100, 12, 31))
NEAR_DAY = st.dates(date(2023, 1, 1), date(2028, 12, 31))
OVERRIDES = st.dictionaries(NEAR_DAY, st.booleans(), max_size=30)


def on(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2024-05-06", True),  # a Monday
        ("2024-05-04", False),  # a Saturday
        ("2024-05-01", False),  # Labour Day
        ("2024-04-28", True),  # a Sunday, made up for Labour Day
        ("2024-05-11", True),  # a Saturday, made up for Labour Day
        ("2024-02-04", True),  # a Sunday, made up for the Spring Festival
        ("2024-02-16", False),  # a Friday inside the Spring Festival
        ("2024-02-18", True),  # a Sunday, made up
        ("2024-10-07", False),
        ("2024-10-12", True),  # a Saturday, made up for National Day
        ("2025-01-26", True),
        ("2025-10-08", False),
        ("2025-10-11", True),
        ("2026-01-02", False),  # a Friday off against the Sunday 4 January
        ("2026-01-04", True),
        ("2026-02-14", True),
        ("2026-02-28", True),
        ("2026-05-09", True),
        ("2026-09-20", True),
        ("2026-10-10", True),
        ("2026-12-31", True),
        ("2003-10-01", False),  # before the published years: statutory holidays
        ("1986-05-04", False),  # a Sunday
    ],
)
def test_the_official_calendar_says_what_is_worked(day, worked):
    assert OFFICIAL.is_workday(on(day)) is worked


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2027-01-01", False),  # New Year's Day is statutory
        ("2027-01-04", True),
        ("2027-02-05", False),  # Spring Festival's Eve
        ("2027-04-05", False),  # Tomb-Sweeping
        ("2027-06-09", False),  # Dragon Boat
        ("2027-10-01", False),
        ("2027-10-09", False),  # a Saturday: no make-up day is known
        ("2027-10-11", True),
    ],
)
def test_a_year_not_yet_published_has_its_statutory_holidays_and_is_provisional(day, worked):
    assert OFFICIAL.is_workday(on(day)) is worked
    assert OFFICIAL.is_provisional(on(day))
    assert not OFFICIAL.is_provisional(on("2026-12-31"))


def test_the_companys_own_days_win_and_are_not_provisional():
    company = WorkCalendar({on("2024-05-06"): False, on("2024-05-05"): True, on("2027-10-01"): True})
    assert not company.is_workday(on("2024-05-06"))
    assert company.is_workday(on("2024-05-05"))
    assert company.is_workday(on("2027-10-01")) and not company.is_provisional(on("2027-10-01"))
    assert company.is_provisional(on("2027-10-02"))


def test_a_span_is_provisional_if_any_of_its_days_is():
    assert not OFFICIAL.is_provisional_between(on("2026-12-01"), on("2026-12-31"))
    assert OFFICIAL.is_provisional_between(on("2026-12-31"), on("2027-01-01"))
    settled = WorkCalendar({on("2027-01-01"): False, on("2027-01-02"): False})
    assert not settled.is_provisional_between(on("2026-12-01"), on("2027-01-02"))
    assert settled.is_provisional_between(on("2027-01-01"), on("2027-01-03"))


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2024-05-06", 0, "2024-05-06"),
        ("2024-05-04", 0, "2024-05-04"),  # 0wd is the date, worked or not
        ("2024-05-06", 1, "2024-05-07"),
        ("2024-05-04", 1, "2024-05-06"),  # the next working day, whatever day the date is
        ("2024-05-03", 1, "2024-05-06"),  # 3 May is inside the holiday
        ("2024-04-30", 1, "2024-05-06"),
        ("2024-04-30", 3, "2024-05-08"),
        ("2024-05-10", 1, "2024-05-11"),  # a made-up Saturday counts
        ("2024-05-10", 2, "2024-05-13"),
        ("2024-02-09", 1, "2024-02-18"),  # a made-up Sunday after the Spring Festival
        ("2026-12-31", 1, "2027-01-04"),
        ("2023-12-29", 1, "2024-01-02"),
    ],
)
def test_working_days_are_counted_from_the_day_after(day, count, expected):
    assert OFFICIAL.add_workdays(on(day), count) == on(expected)


@pytest.mark.parametrize(
    ("day", "following", "preceding"),
    [
        ("2024-05-06", "2024-05-06", "2024-05-06"),
        ("2024-05-01", "2024-05-06", "2024-04-30"),
        ("2024-05-05", "2024-05-06", "2024-04-30"),
        ("2024-05-11", "2024-05-11", "2024-05-11"),
        ("2024-01-01", "2024-01-02", "2023-12-29"),
        ("2026-02-18", "2026-02-24", "2026-02-14"),
    ],
)
def test_a_day_off_gives_way_to_the_next_or_the_previous_working_day(day, following, preceding):
    assert OFFICIAL.next_workday(on(day)) == OFFICIAL.shifted(on(day), "next") == on(following)
    assert OFFICIAL.previous_workday(on(day)) == OFFICIAL.shifted(on(day), "previous") == on(preceding)
    assert OFFICIAL.shifted(on(day), "none") == on(day)


def test_a_negative_number_of_working_days_is_refused():
    with pytest.raises(ValueError):
        OFFICIAL.add_workdays(on("2024-05-06"), -1)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2024-01-31", 1, "2024-02-29"), ("2023-01-31", 1, "2023-02-28"), ("2024-01-31", 2, "2024-03-31"),
        ("2024-01-31", 3, "2024-04-30"), ("2023-08-31", 6, "2024-02-29"), ("2023-08-31", 12, "2024-08-31"),
        ("2024-02-29", 12, "2025-02-28"), ("2024-02-29", 48, "2028-02-29"), ("2024-12-31", 2, "2025-02-28"),
        ("1900-01-31", 1, "1900-02-28"), ("2000-01-31", 1, "2000-02-29"), ("2024-05-15", 0, "2024-05-15"),
        ("2024-11-30", 3, "2025-02-28"), ("2024-11-30", 1, "2024-12-30"),
    ],
)  # fmt: skip
def test_a_month_ends_on_the_corresponding_day_or_the_last_of_a_shorter_month(day, months, expected):
    assert add_months(on(day), months) == on(expected)


def test_sums_add_months_first_then_days_then_working_days():
    assert OFFICIAL.after(on("2024-01-31"), Offset(months=1, days=1)) == on("2024-03-01")
    assert OFFICIAL.after(on("2024-03-31"), Offset(months=1, workdays=1)) == on("2024-05-06")
    assert OFFICIAL.after(on("2024-04-29"), Offset(days=1, workdays=1)) == on("2024-05-06")
    assert OFFICIAL.after(on("2024-04-29"), Offset(minutes=5000)) == on("2024-04-29")


@pytest.mark.parametrize("day", ["1900-01-01", "2003-12-31", "2027-10-01", "2101-05-05", "9998-06-01", "0001-01-02"])
def test_no_year_is_beyond_the_calendar(day):
    assert OFFICIAL.is_workday(on(day)) in (True, False)
    assert OFFICIAL.next_workday(on(day)) >= on(day)
    assert OFFICIAL.add_workdays(on(day), 5) > on(day)


def test_the_end_of_time_is_an_overflow():
    for offset in (Offset(months=1), Offset(days=31), Offset(workdays=31)):
        with pytest.raises(OverflowError):
            OFFICIAL.after(date(9999, 12, 15), offset)
    with pytest.raises(OverflowError):
        WorkCalendar({date(1, 1, 1): False}).previous_workday(date(1, 1, 1))


def test_both_libraries_agree_on_the_published_years():
    for year in range(PUBLISHED_UNTIL - 2, PUBLISHED_UNTIL + 1):
        statutory = holidays.country_holidays("CN", years=year)
        for n in range(365):
            day = date(year, 1, 1) + timedelta(n)
            expected = day in statutory.weekend_workdays or (day.weekday() < 5 and day not in statutory)
            assert OFFICIAL.is_workday(day) is expected, day


def test_every_published_day_is_as_published():
    for n in range((date(PUBLISHED_UNTIL, 12, 31) - date(PUBLISHED_FROM, 1, 1)).days + 1):
        day = date(PUBLISHED_FROM, 1, 1) + timedelta(n)
        rest = day in chinese_calendar.holidays or (day.weekday() > 4 and day not in chinese_calendar.workdays)
        assert OFFICIAL.is_workday(day) is not rest, day


@given(NEAR_DAY, st.integers(0, 400), OVERRIDES)
def test_counting_one_by_one_gives_the_same(day, count, overrides):
    company = WorkCalendar(overrides)
    counted, at = 0, day
    while counted < count:
        at += timedelta(1)
        counted += company.is_workday(at)
    assert company.add_workdays(day, count) == at
    assert company.workdays_between(day + timedelta(1), at) == count


@given(ANY_DAY, OVERRIDES)
def test_a_shift_lands_on_the_nearest_working_day(day, overrides):
    company = WorkCalendar(overrides)
    following, preceding = company.next_workday(day), company.previous_workday(day)
    assert company.is_workday(following) and company.is_workday(preceding) and preceding <= day <= following
    between = [day + timedelta(n) for n in range((following - day).days)]
    between += [day - timedelta(n) for n in range((day - preceding).days)]
    assert not any(company.is_workday(one) for one in between)


@given(ANY_DAY, st.integers(0, 1200))
def test_months_never_leave_their_month(day, months):
    later = add_months(day, months)
    assert later.year * 12 + later.month == day.year * 12 + day.month + months
    assert later.day == min(day.day, months_of.monthrange(later.year, later.month)[1])


@given(st.dates(date(1930, 1, 1), date(2100, 1, 1)), st.integers(0, 1000), st.integers(0, 1000))
def test_a_longer_sum_never_ends_earlier(day, fewer, more):
    fewer, more = sorted((fewer, more))
    assert OFFICIAL.after(day, Offset(workdays=fewer)) <= OFFICIAL.after(day, Offset(workdays=more))
    assert OFFICIAL.after(day, Offset(months=fewer)) <= OFFICIAL.after(day, Offset(months=more))


@pytest.mark.parametrize(
    ("zone", "day", "first"),
    [
        ("Asia/Shanghai", "2024-05-06", "2024-05-05T16:00:00+00:00"),
        ("Asia/Shanghai", "1986-05-04", "1986-05-03T16:00:00+00:00"),  # summer time begins at 02:00
        ("Asia/Shanghai", "1986-05-05", "1986-05-04T15:00:00+00:00"),
        ("Asia/Shanghai", "1986-09-14", "1986-09-13T15:00:00+00:00"),
        ("Asia/Shanghai", "1986-09-15", "1986-09-14T16:00:00+00:00"),
        ("Asia/Shanghai", "1940-06-01", "1940-05-31T16:00:00+00:00"),  # 00:00 does not exist: 01:00 is first
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00+00:00"),  # 00:00 does not exist
        ("America/Havana", "2024-11-03", "2024-11-03T04:00:00+00:00"),  # 00:00 comes twice: the first
        ("America/Toronto", "1919-03-31", "1919-03-31T04:30:00+00:00"),  # 23:30 jumps to 00:30
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00+00:00"),  # a day that does not exist
        ("America/New_York", "2024-03-10", "2024-03-10T05:00:00+00:00"),
        ("Asia/Kolkata", "2024-05-06", "2024-05-05T18:30:00+00:00"),
    ],
)
def test_a_day_begins_with_its_first_moment(zone, day, first):
    zone, moment = ZoneInfo(zone), datetime.fromisoformat(first)
    assert day_start(on(day), zone) == moment
    assert local_date(moment - timedelta(microseconds=1), zone) < on(day) <= local_date(moment, zone)


@pytest.mark.parametrize(("day", "hours"), [("1986-05-04", 23), ("1986-09-14", 25), ("1986-09-15", 24)])
def test_days_of_the_change_of_clocks_are_shorter_and_longer(day, hours):
    assert day_end(on(day), SHANGHAI) - day_start(on(day), SHANGHAI) == timedelta(hours=hours)


@given(
    st.dates(date(1901, 1, 2), date(2100, 12, 31)),
    st.sampled_from(
        ["Asia/Shanghai", "America/Sao_Paulo", "Europe/Lisbon", "Asia/Kathmandu", "Pacific/Kiritimati", "UTC"]
    ),
)
def test_days_follow_each_other_without_a_gap(day, zone):
    zone = ZoneInfo(zone)
    start, end = day_start(day, zone), day_end(day, zone)
    assert start < end == day_start(day + timedelta(1), zone) and start.tzinfo is UTC
    assert local_date(end - timedelta(microseconds=1), zone) == day or end - start != timedelta(hours=24)
    assert start <= local_noon(day, zone) < end


def test_a_moment_without_its_offset_has_no_day():
    with pytest.raises(ValueError):
        local_date(datetime.fromisoformat("2024-05-06T09:00"), SHANGHAI)
