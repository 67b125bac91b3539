"""What holds for every window: compared with a walk day by day, in order, never going back, never failing."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from config.packs.duration import Duration
from staff.domain.calendar import WorkCalendar
from tests.visits import naive
from visits.domain.timing.windows import Cadence, window

OFFICIAL = WorkCalendar()
DAY_UNITS = ("d", "wd", "w", "m", "y")
DAY_OFFSETS = st.tuples(st.integers(0, 40), st.sampled_from(DAY_UNITS[:4])) | st.tuples(st.integers(0, 3), st.just("y"))
OFFSETS = DAY_OFFSETS | st.tuples(st.integers(0, 2000), st.sampled_from(("h", "min")))
MOMENTS = st.datetimes(
    datetime.fromisoformat("1980-01-01"), datetime.fromisoformat("2035-12-31"), timezones=st.just(UTC)
)
ZONES = st.sampled_from(["Asia/Shanghai", "America/New_York", "Europe/Berlin", "Asia/Kathmandu"]).map(ZoneInfo)
EVERY = st.none() | st.tuples(st.integers(1, 8), st.sampled_from(DAY_UNITS))
OVERRIDES = st.dictionaries(st.dates(date(2024, 1, 1), date(2025, 12, 31)), st.booleans(), max_size=20)


def written(offset) -> Duration | None:
    return Duration(*offset) if offset else None


@given(
    OFFSETS,
    OFFSETS,
    MOMENTS,
    ZONES,
    EVERY,
    st.integers(0, 12),
    st.sampled_from(("none", "next", "previous")),
    OVERRIDES,
)
def test_every_window_is_what_walking_day_by_day_gives(opens, closes, anchor, zone, every, k, shift, overrides):
    company = WorkCalendar(overrides)
    step = Cadence(written(opens), written(closes), every=written(every), shift=shift)
    found = window(step, anchor_at=anchor, occurrence=k if every else 0, zone=zone, calendar=company)
    expected = naive.window(
        opens, closes, anchor, zone, company.is_workday, every=every, k=k if every else 0, shift=shift
    )
    assert found is not None
    assert (found.opens_at, found.closes_at, found.closes_inclusive) == expected


@given(OFFSETS, OFFSETS, MOMENTS, ZONES, st.sampled_from(("none", "next", "previous")))
def test_windows_are_in_order_and_hold_their_opening(opens, closes, anchor, zone, shift):
    step = Cadence(written(opens), written(closes), shift=shift)
    found = window(step, anchor_at=anchor, occurrence=0, zone=zone, calendar=OFFICIAL)
    assert found is not None and found.opens_at <= found.closes_at and found.contains(found.opens_at)
    if shift != "none":
        dates = [day for day in (found.opens_on, found.closes_on) if day and not step.opens.is_instant]
        crossed = not step.closes.is_instant
        assert all(OFFICIAL.is_workday(day) for day in dates if crossed)


@given(OFFSETS, MOMENTS, ZONES, st.integers(0, 10**9), st.sampled_from(("none", "next", "previous")))
def test_a_later_event_never_closes_earlier(closes, anchor, zone, seconds, shift):
    step = Cadence(Duration(0, "d"), written(closes), shift=shift)
    facts = {"occurrence": 0, "zone": zone, "calendar": OFFICIAL}
    sooner = window(step, anchor_at=anchor, **facts)
    later = window(step, anchor_at=anchor + timedelta(seconds=seconds), **facts)
    assert sooner is not None and later is not None
    assert sooner.opens_at <= later.opens_at
    # A window that crosses gets the rest of its opening day, which an hour-based one after it need not have.
    assert sooner.closes_at <= later.closes_at or sooner.closes_inclusive < later.closes_inclusive


@given(st.dates(date(1900, 1, 1), date(9999, 12, 31)), OFFSETS, OFFSETS, EVERY, st.integers(0, 5000))
def test_no_date_makes_it_fail(day, opens, closes, every, k):
    step = Cadence(written(opens), written(closes), every=written(every), shift="next")
    anchor = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    window(step, anchor_at=anchor, occurrence=k, zone=naive.SHANGHAI, calendar=OFFICIAL)
