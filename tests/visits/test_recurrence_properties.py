"""What holds for every series: no drift, no way back, one search as good as a walk, each occurrence once."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from config.packs.duration import Duration
from staff.domain.calendar import WorkCalendar
from tests.visits.naive import SHANGHAI, plus_months
from visits.domain.timing.recurrence import Occurrence, Timeline, first_not_past, occurrences_due
from visits.domain.timing.windows import Cadence

OFFICIAL = WorkCalendar()
EVERY = st.builds(Duration, st.integers(1, 9), st.sampled_from(("d", "wd", "w", "m", "y")))
OFFSETS = st.builds(Duration, st.integers(0, 40), st.sampled_from(("h", "d", "wd", "w", "m")))
DAYS = OFFSETS.filter(lambda offset: not offset.is_instant)
ANCHORS = st.datetimes(
    datetime.fromisoformat("1985-01-01"), datetime.fromisoformat("2030-01-01"), timezones=st.just(UTC)
)
SHIFTS = st.sampled_from(("none", "next", "previous"))


@given(EVERY, OFFSETS, OFFSETS, ANCHORS, SHIFTS)
def test_windows_of_a_series_never_go_back(every, opens, closes, anchor, shift):
    line = Timeline(Cadence(opens, closes, every=every, shift=shift), anchor, SHANGHAI, OFFICIAL)
    windows = [line.window(k) for k in range(15)]
    assert all(sooner.opens_at <= later.opens_at for sooner, later in pairwise(windows))
    # A window that crosses gets the rest of its opening day, which an hour-based one after it need not have.
    alike = [
        (sooner, later) for sooner, later in pairwise(windows) if sooner.closes_inclusive == later.closes_inclusive
    ]
    assert all(sooner.closes_at <= later.closes_at for sooner, later in alike)


@given(st.integers(1, 9), ANCHORS, st.integers(0, 200))
def test_months_never_drift(months, anchor, k):
    step = Cadence(Duration(0, "d"), Duration(0, "d"), every=Duration(months, "m"))
    on = anchor.astimezone(SHANGHAI).date()
    assert Timeline(step, anchor, SHANGHAI, OFFICIAL).window(k).opens_on == plus_months(on, months * k)


@given(EVERY, DAYS, ANCHORS, st.integers(-400, 1500), st.none() | st.integers(1, 9), SHIFTS)
def test_searching_by_halves_finds_what_a_walk_finds(every, closes, anchor, days_later, times, shift):
    line = Timeline(
        Cadence(Duration(0, "d"), closes, every=every, times=times, shift=shift), anchor, SHANGHAI, OFFICIAL
    )
    moment, number = anchor + timedelta(days_later), 0
    while (found := line.window(number)) and found.is_past(moment):
        number += 1
    assert first_not_past(line, moment=moment) == (Occurrence(number, found) if found else None)


@given(EVERY, ANCHORS, st.lists(st.integers(0, 900), min_size=1, max_size=5))
def test_ticks_however_rare_make_every_occurrence_once(every, anchor, ticks):
    line = Timeline(Cadence(Duration(0, "d"), Duration(5, "d"), every=every), anchor, SHANGHAI, OFFICIAL)
    made: list[int] = []
    for tick in sorted(ticks):
        made += [one.number for one in occurrences_due(line, start=len(made), now=anchor + timedelta(tick))]
    at_once = [one.number for one in occurrences_due(line, start=0, now=anchor + timedelta(max(ticks)))]
    assert made == at_once == list(range(len(made)))
