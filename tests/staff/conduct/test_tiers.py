"""The arithmetic of tiers and amounts: tables, and a recount that knows nothing of how it is done."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staff.domain.conduct.money import MOST, NoAmount, hundredths, plain
from staff.domain.conduct.tiers import Open, Placed, amount_at, next_tier, period_of, ranked, tier_of

MAY = date(2026, 5, 10)


@pytest.mark.parametrize(
    ("day", "period", "first", "last"),
    [
        ("2026-02-01", "month", "2026-02-01", "2026-02-28"),
        ("2028-02-29", "month", "2028-02-01", "2028-02-29"),
        ("2026-12-31", "month", "2026-12-01", "2026-12-31"),
        ("2026-05-30", "30d", "2026-05-01", "2026-05-30"),
        ("2026-05-31", "1m", "2026-05-01", "2026-05-31"),
        ("2026-03-31", "1m", "2026-03-01", "2026-03-31"),
        ("2026-05-15", "3m", "2026-02-16", "2026-05-15"),
        ("2026-05-15", "2w", "2026-05-02", "2026-05-15"),
        ("2026-05-15", "1y", "2025-05-16", "2026-05-15"),
    ],
)
def test_the_days_that_count_together(day, period, first, last):
    span = period_of(date.fromisoformat(day), period)
    assert (span.first.isoformat(), span.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    ("before", "from_count", "tier"),
    [
        ([], 1, 1),
        ([1], 1, 2),
        ([1, 2, 3], 1, 4),
        ([], 3, 0),
        ([0], 3, 0),
        ([0, 0], 3, 1),
        ([0, 0, 1], 3, 0),
        ([0, 0, 1, 0, 0], 3, 2),
        ([0, 1, 0], 3, 0),  # the window has dropped one that was used up: it counts anew after what acted
        ([None, None], 1, 3),
    ],
)
def test_the_tier_after_those_before(before, from_count, tier):
    assert next_tier(before, from_count) == tier


@pytest.mark.parametrize(("tier", "amount"), [(0, 0), (1, 10), (2, 20), (3, 50), (4, 50), (9, 50)])
def test_the_last_figure_is_that_of_every_later_tier(tier, amount):
    assert amount_at((Decimal(10), Decimal(20), Decimal(50)), tier) == amount


def test_a_calendar_month_begins_anew_and_a_window_does_not():
    last = [Placed(date(2026, 5, 30), 1), Placed(date(2026, 5, 31), 2)]
    assert tier_of(date(2026, 6, 1), last, tier_period="month", from_count=1) == 1
    assert tier_of(date(2026, 6, 1), last, tier_period="30d", from_count=1) == 3
    assert tier_of(date(2026, 6, 29), last, tier_period="30d", from_count=1) == 2  # 31 May to 29 June
    assert tier_of(date(2026, 6, 30), last, tier_period="30d", from_count=1) == 1


def test_open_ones_rank_by_their_day_after_what_stands():
    standing = [Placed(MAY + timedelta(5), 1)]
    waiting = [Open(1, MAY + timedelta(9)), Open(2, MAY), Open(3, MAY, (1,))]
    assert ranked(waiting, standing, tier_period="month", from_count=1) == {2: 2, 3: 3, 1: 4}


@given(st.lists(st.integers(0, 80), max_size=12), st.integers(1, 4), st.integers(1, 40))
def test_a_rolling_window_agrees_with_a_recount(offsets, from_count, length):
    """Each day is judged by a loop over all earlier ones that keeps its own count since the last that acted."""
    days = [MAY + timedelta(offset) for offset in sorted(offsets)]
    waiting = [Open(number, day) for number, day in enumerate(days)]
    found = ranked(waiting, [], tier_period=f"{length}d", from_count=from_count)
    acted: list[bool] = []
    for number, day in enumerate(days):
        seen = [acted[other] for other in range(number) if (day - days[other]).days < length]
        idle = seen[::-1].index(True) if True in seen else len(seen)
        acted.append(idle + 1 >= from_count)
        assert found[number] == ((sum(seen) + 1) if acted[-1] else 0)


@pytest.mark.parametrize(
    ("given_as", "fen"), [("0.05", 5), (50, 5000), ("12.5", 1250), (Decimal("0.01"), 1), (" 7 ", 700), ("1e2", 10_000)]
)
def test_amounts_are_whole_hundredths(given_as, fen):
    assert hundredths(given_as) == fen


@pytest.mark.parametrize("given_as", ["0.005", "-1", "NaN", "Infinity", "", "1e20", None, True, 0.1, "五十", MOST])
def test_what_is_no_amount_is_refused(given_as):
    with pytest.raises(NoAmount):
        hundredths(given_as)


@given(st.integers(-MOST, MOST))
def test_hundredths_are_written_exactly(fen):
    assert Decimal(plain(fen)) * 100 == fen
