"""The one clock: fixed and shifted for a rehearsal, never in production."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import clock

MOMENT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def test_a_fixed_clock_stands_still(clock_at):
    clock_at("2026-03-02T08:59:59+08:00")

    assert clock.now() == datetime(2026, 3, 2, 0, 59, 59, tzinfo=UTC)


def test_today_is_the_local_day_of_the_installation(clock_at):
    clock_at("2026-03-01T16:00:00+00:00")

    assert clock.today() == date(2026, 3, 2)
    assert clock.today("UTC") == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("text", "shift"),
    [
        ("+3d", timedelta(days=3)),
        ("-90min", timedelta(minutes=-90)),
        ("+2h", timedelta(hours=2)),
        ("+1w", timedelta(weeks=1)),
        ("", timedelta(0)),
    ],
)
def test_a_shift_moves_the_moment(text, shift):
    assert clock.adjusted(MOMENT, text) == MOMENT + shift


@pytest.mark.parametrize("text", ["tomorrow", "2026-03-02T09:00:00", "+3", "3d", "+3m"])
def test_an_unreadable_clock_stops_the_start_and_says_what_is_allowed(text):
    with pytest.raises(ImproperlyConfigured, match="APP_CLOCK"):
        clock.check_setting(text, "demo")


def test_the_clock_cannot_be_moved_in_production():
    with pytest.raises(ImproperlyConfigured, match="demo and test mode only"):
        clock.check_setting("+3d", "production")
