"""How many of a pool are visited and which: exact quotas, lots that repeat themselves, running draws in bounds."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.packs.duration import Duration
from config.packs.rule import SampleSpec
from config.packs.timing import closes_too_soon
from staff.domain.calendar import WorkCalendar
from staff.domain.periods import period_of
from tests.visits.naive import SHANGHAI
from visits.domain.planning.drawing import (
    Candidate,
    draw_end,
    draw_running,
    places_left,
    pool_ends_at,
    pool_key,
    quota,
    rank,
)
from visits.domain.timing.recurrence import Timeline
from visits.domain.timing.windows import Cadence

SEED, STEP = "3f9c", "kept:complaint-visit/call"
LOT = {"seed": SEED, "step_key": STEP}


def size(rate: str | None = None, count: int | None = None, minimum: int = 0) -> SimpleNamespace:
    return SimpleNamespace(rate=Decimal(rate) if rate else None, count=count, min=minimum)


def orders(*names: str, **marks) -> list[Candidate]:
    return [Candidate(name, **marks) for name in names]


def numbered(n: int, start: int = 0, **marks) -> list[Candidate]:
    return orders(*(f"RO-{number:04}" for number in range(start, start + n)), **marks)


QUOTAS = [
    # clause, rate, events, at least, drawn
    ("K-03", "0.5", 7, 0, 4),
    ("K-03", "0.5", 8, 0, 4),
    ("K-05", "0.3", 10, 0, 3),
    ("K-05", "0.3", 11, 0, 4),
    ("K-06", "0.1", 45, 0, 5),
    ("U-06", "0.3", 15, 0, 5),
    ("R-15", "0.05", 200, 0, 10),
    ("—", "0.07", 100, 0, 7),  # in binary floats 8
    ("—", "0.07", 101, 0, 8),
    ("—", "0.14", 50, 0, 7),
    ("—", "0.55", 100, 0, 55),
    ("—", "0.1", 0, 3, 0),
    ("—", "0.1", 2, 3, 2),
    ("—", "0.1", 9, 3, 3),
    ("—", "0.1", 31, 3, 4),
    ("—", "1", 12, 0, 12),
    ("—", "0", 12, 0, 0),
    ("—", "0.000000000000000000000000000000000000001", 3, 0, 1),
    ("—", "0.333333333333333333333333333333333333333", 3, 0, 1),
    ("—", "0.3333333333333333333333333333333333333334", 3, 0, 2),
]


@pytest.mark.parametrize(("clause", "rate", "events", "at_least", "drawn"), QUOTAS)
def test_quotas_are_rounded_up_exactly(clause, rate, events, at_least, drawn):
    assert quota(Decimal(rate), events, at_least) == drawn
    assert len(draw_end(numbered(events), size(rate, minimum=at_least), **LOT)) == drawn
    assert len(draw_running(numbered(events), size(rate, minimum=at_least), **LOT)) == drawn


def test_a_rate_is_never_a_float():
    with pytest.raises(TypeError):
        quota(0.07, 100)


def test_key_customers_are_taken_whole_and_the_rate_is_of_the_rest():  # U-06
    pool = numbered(5, always=True) + numbered(15, start=5)
    drawn = draw_end(pool, size("0.3"), **LOT)
    assert {one.order_no for one in pool[:5]} <= drawn and len(drawn) == 5 + 5


@pytest.mark.parametrize(
    ("always", "rest", "expected"), [(5, 30, 20), (0, 30, 20), (20, 30, 20), (25, 30, 25), (5, 3, 8)]
)
def test_a_count_includes_what_is_taken_whole(always, rest, expected):
    pool = numbered(always, always=True) + numbered(rest, start=always)
    assert len(draw_end(pool, size(count=20), **LOT)) == expected
    assert len(draw_running(pool, size(count=20), **LOT)) == expected


def test_the_lowest_ranks_are_drawn_whatever_the_order_of_the_pool():
    pool = numbered(40)
    by_rank = sorted((one.order_no for one in pool), key=lambda order_no: rank(SEED, STEP, order_no))
    assert draw_end(pool, size("0.25"), **LOT) == draw_end(pool[::-1], size("0.25"), **LOT) == set(by_rank[:10])


def test_the_rank_depends_on_seed_step_and_order():
    places = {rank(seed, step, order) for seed in ("a", "b") for step in ("s", "t") for order in ("1", "2")}
    assert len(places) == 8
    assert rank("a", "s", "1") == rank("a", "s", "1")
    assert rank("3f9c", "call", "RO-0001").startswith("0cb88c214064bd5e")  # kept seeds must draw alike for ever


def test_every_event_has_the_same_chance():
    hits = dict.fromkeys((f"RO-{n:04}" for n in range(10)), 0)
    for seed in range(600):
        for order_no in draw_end(numbered(10), size("0.3"), seed=str(seed), step_key=STEP):
            hits[order_no] += 1
    assert sum(hits.values()) == 600 * 3
    assert all(120 < count < 240 for count in hits.values())  # 180 expected; five standard deviations are 57


def test_a_running_draw_tops_up_and_never_takes_back():
    pool, sizes = [], []
    for n in range(1, 11):  # ten repairs come in one by one at 30 %
        pool.append(Candidate(f"RO-{n:04}"))
        pool = taken(pool, draw_running(pool, size("0.3"), **LOT))
        sizes.append(sum(one.drawn for one in pool))
    assert sizes == [1, 1, 1, 2, 2, 2, 3, 3, 3, 3]


def test_a_running_draw_passes_over_closed_windows():
    closed = numbered(8, is_open=False)
    assert draw_running(closed, size("0.5"), **LOT) == frozenset()
    assert draw_running(closed + numbered(2, start=8), size("0.5"), **LOT) == {"RO-0008", "RO-0009"}
    assert len(draw_running(closed + numbered(9, start=8), size("0.5"), **LOT)) == 9


def test_a_shrunken_pool_takes_nothing_back_and_draws_nothing():
    pool = numbered(3, drawn=True) + numbered(2, start=3)  # was ten, exempt ones left
    assert draw_running(pool, size("0.3"), **LOT) == frozenset()
    assert draw_end(pool, size("0.3"), **LOT) == {"RO-0000", "RO-0001", "RO-0002"}
    assert places_left(pool, size("0.3")) == 0


def test_a_key_customer_that_comes_late_is_taken_although_the_count_is_full():
    pool = numbered(5, drawn=True) + numbered(5, start=5) + orders("KEY", always=True)
    assert draw_running(pool, size(count=5), **LOT) == {"KEY"}


def test_the_packs_own_sample_is_understood():
    sample = SampleSpec(rate=Decimal("0.07"), per="month", min=1)
    assert len(draw_end(numbered(100), sample, **LOT)) == 7


@pytest.mark.parametrize(
    ("per", "day", "key", "first", "last"),
    [
        ("day", "2024-05-06", "2024-05-06", "2024-05-06", "2024-05-06"),
        ("week", "2024-05-06", "2024-W19", "2024-05-06", "2024-05-12"),
        ("week", "2024-05-12", "2024-W19", "2024-05-06", "2024-05-12"),
        ("week", "2024-12-30", "2025-W01", "2024-12-30", "2025-01-05"),  # the ISO year
        ("week", "2027-01-03", "2026-W53", "2026-12-28", "2027-01-03"),
        ("month", "2024-02-29", "2024-02", "2024-02-01", "2024-02-29"),
        ("quarter", "2024-06-30", "2024-Q2", "2024-04-01", "2024-06-30"),
        ("half_year", "2024-07-01", "2024-H2", "2024-07-01", "2024-12-31"),
        ("year", "2024-12-31", "2024", "2024-01-01", "2024-12-31"),
    ],
)
def test_pools_have_names_and_ends(per, day, key, first, last):
    on = date.fromisoformat(day)
    assert pool_key(per, on) == key
    period = period_of(per, on)
    assert (period.first, period.last) == (date.fromisoformat(first), date.fromisoformat(last))
    end = datetime.combine(date.fromisoformat(last) + timedelta(1), datetime.min.time(), SHANGHAI)
    assert pool_ends_at(per, on, SHANGHAI) == end


def test_the_pool_of_a_list_is_the_list_and_complete_at_once():
    assert pool_key("event", date(2024, 9, 17), order_no="FEST-7") == "event:FEST-7"
    assert pool_ends_at("event", date(2024, 9, 17), SHANGHAI) is None


@given(
    st.dates(date(1990, 1, 1), date(2050, 1, 1)),
    st.sampled_from(("day", "week", "month", "quarter", "half_year", "year")),
)
def test_a_day_is_in_exactly_one_pool(day, per):
    period = period_of(per, day)
    first, last = period.first, period.last
    assert first <= day <= last
    assert pool_key(per, first) == pool_key(per, last) == pool_key(per, day)
    assert pool_key(per, first - timedelta(1)) != pool_key(per, day) != pool_key(per, last + timedelta(1))


def taken(pool: Iterable[Candidate], drawn: frozenset[str]) -> list[Candidate]:
    """Return the pool with what was drawn marked."""
    return [Candidate(one.order_no, one.always, one.drawn or one.order_no in drawn, one.is_open) for one in pool]


RATES = st.decimals(0, 1, places=3)


@given(RATES, st.integers(0, 500), st.integers(0, 9))
def test_quotas_agree_with_decimal_rounding(rate, n, minimum):
    exact = int((rate * n).to_integral_value(ROUND_CEILING))
    assert quota(rate, n, minimum) == min(n, max(exact, minimum))


MARKS = st.lists(st.tuples(st.booleans(), st.booleans()), max_size=40)


@given(MARKS, RATES, st.integers(0, 3), st.integers(1, 7))
def test_running_draws_never_exceed_and_repeats_change_nothing(marks, rate, minimum, batch):
    wanted, pool = size(str(rate), minimum=minimum), []
    for start in range(0, len(marks), batch):
        for number, (always, is_open) in enumerate(marks[start : start + batch], start):
            pool.append(Candidate(f"RO-{number}", always=always, is_open=is_open))
        before = {one.order_no for one in pool if one.drawn}
        drawn = draw_running(pool, wanted, **LOT)
        pool = taken(pool, drawn)
        assert drawn.isdisjoint(before) and draw_running(pool, wanted, **LOT) == frozenset()
        rest = [one for one in pool if not one.always]
        done = sum(one.drawn for one in rest)
        assert done <= quota(rate, len(rest), minimum)
        assert done == quota(rate, len(rest), minimum) or not any(one.is_open and not one.drawn for one in rest)
        assert all(one.drawn for one in pool if one.always)


@given(MARKS, RATES, st.integers(0, 3))
def test_a_draw_at_the_end_repeats_itself(marks, rate, minimum):
    pool = [Candidate(f"RO-{number}", always=always) for number, (always, _open) in enumerate(marks)]
    drawn = draw_end(pool, size(str(rate), minimum=minimum), **LOT)
    assert draw_end(taken(pool, drawn), size(str(rate), minimum=minimum), **LOT) == drawn
    assert len(drawn) == sum(a for a, _open in marks) + quota(rate, sum(not a for a, _open in marks), minimum)


LENGTHS = st.builds(Duration, st.integers(0, 40), st.sampled_from(("h", "d", "wd", "w", "m")))
PERS = st.sampled_from(("day", "week", "month", "quarter"))


@given(
    LENGTHS,
    PERS,
    st.sampled_from(("none", "next", "previous")),
    st.dates(date(2024, 1, 1), date(2026, 11, 1)),
    st.integers(0, 23),
)
def test_a_pack_that_loads_draws_before_its_windows_close(closes, per, shift, day, hour):
    if closes_too_soon(Duration(0, "d"), closes, "none", shift, per, False):
        return
    happened = datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI).astimezone(UTC)
    step = Cadence(Duration(0, "d"), closes, shift=shift)
    found = Timeline(step, happened, SHANGHAI, WorkCalendar()).window(0)
    assert not found.is_past(pool_ends_at(per, day, SHANGHAI))
