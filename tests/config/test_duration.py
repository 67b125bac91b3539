"""Durations as a pack writes them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from config.packs.duration import (
    LONGEST,
    UNITS,
    Duration,
    DurationText,
    Offset,
    always_crosses,
    fewest_days,
    most_days,
)
from staff.domain.calendar import add_months


@pytest.mark.parametrize(
    ("text", "offset", "is_instant"),
    [
        ("0d", Offset(), False),
        ("0wd", Offset(), False),
        ("0min", Offset(), True),
        ("45min", Offset(minutes=45), True),
        ("24h", Offset(minutes=1440), True),
        ("7d", Offset(days=7), False),
        ("3wd", Offset(workdays=3), False),
        ("2w", Offset(days=14), False),
        ("1m", Offset(months=1), False),
        ("1y", Offset(months=12), False),
    ],
)
def test_a_duration_adds_by_its_kind(text, offset, is_instant):
    duration = Duration.parse(text)
    assert (duration.offset, duration.is_instant, str(duration)) == (offset, is_instant, text)


@pytest.mark.parametrize(
    "text",
    [
        "", "3", "d", "wd", "3 d", " 3d", "3d ", "3D", "-1d", "+1d", "1.5h", "1,5h", "3x", "3dd", "3wdd", "3d12h",
        "٣d", "\uff13d", "3天", "?", "given", "999999999d", "101y", "1201m", "5230w", "36601d", "1e3d", "3d\n",
    ],
)  # fmt: skip
def test_anything_else_is_refused_in_words(text):
    with pytest.raises(ValueError, match="“"):
        Duration.parse(text)


@pytest.mark.parametrize("value", [3, 3.5, None, True, b"3d", ["3d"], timedelta(3)])
def test_only_text_is_a_duration(value):
    with pytest.raises(ValueError):
        Duration.parse(value)


@pytest.mark.parametrize(("count", "unit"), [(1, "mo"), (1, ""), (-1, "d"), (101, "y")])
def test_no_duration_is_made_of_a_wrong_unit_or_count(count, unit):
    with pytest.raises(ValueError):
        Duration(count, unit)


def test_a_hundred_years_is_the_longest_of_each_unit():
    for unit, count in LONGEST.items():
        assert str(Duration.parse(f"{count}{unit}")) == f"{count}{unit}"
        with pytest.raises(ValueError):
            Duration.parse(f"{count + 1}{unit}")


def test_schemas_read_and_write_the_text():
    adapter = TypeAdapter(DurationText)
    assert adapter.validate_python("3wd") == Duration(3, "wd")
    assert adapter.validate_python(Duration(3, "wd")) == Duration(3, "wd")
    assert adapter.dump_json(Duration(3, "wd")) == b'"3wd"'
    with pytest.raises(ValidationError):
        adapter.validate_python("3 wd")


@given(st.sampled_from(UNITS), st.integers(0, 100))
def test_text_and_duration_are_the_same_thing(unit, count):
    assert Duration.parse(f"{count}{unit}") == Duration(count, unit) == Duration.parse(str(Duration(count, unit)))


@given(st.builds(Offset, *[st.integers(0, 50)] * 4), st.integers(0, 20))
def test_k_times_an_offset_is_k_of_them_added(offset, factor):
    added = Offset()
    for _turn in range(factor):
        added += offset
    assert offset * factor == added


@given(st.dates(date(1900, 1, 1), date(2080, 12, 31)), st.integers(0, 130))
def test_months_last_between_their_fewest_and_most_days(on, months):
    assert fewest_days(months) <= (add_months(on, months) - on).days <= most_days(months)


@pytest.mark.parametrize(
    ("months", "fewest", "most"), [(0, 0, 0), (1, 28, 31), (2, 59, 62), (3, 89, 92), (12, 365, 366)]
)
def test_bounds_of_months_are_reached(months, fewest, most):
    lengths = {(add_months(on, months) - on).days for on in (date(2023, 1, 1) + timedelta(n) for n in range(3 * 366))}
    assert (min(lengths), max(lengths)) == (fewest, most)
    assert (fewest_days(months), most_days(months)) == (fewest, most)


@pytest.mark.parametrize(
    ("opens", "closes", "refused"),
    [
        ("0d", "0d", False), ("3d", "3d", False), ("3d", "2d", True), ("1w", "7d", False), ("8d", "1w", True),
        ("1m", "1m", False), ("2m", "1m", True), ("12m", "1y", False), ("13m", "1y", True),
        ("3wd", "3wd", False), ("3wd", "2wd", True), ("24h", "1440min", False), ("25h", "24h", True),
        ("1m", "28d", False), ("1m", "27d", True), ("31d", "1m", False), ("32d", "1m", True),
        ("3wd", "3d", False), ("3wd", "2d", True), ("30d", "1wd", False), ("2d", "24h", True), ("2d", "25h", False),
        ("1d", "1h", False), ("24h", "0d", True), ("23h", "0d", False), ("48h", "1d", True), ("47h", "1d", False),
        ("0d", "0h", False), ("1wd", "24h", False), ("2wd", "24h", True), ("0wd", "0d", False), ("1y", "11m", True),
    ],
)  # fmt: skip
def test_a_window_that_always_ends_before_it_begins_is_refused(opens, closes, refused):
    assert always_crosses(Duration.parse(opens), Duration.parse(closes)) is refused
