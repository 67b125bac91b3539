"""The one clock: fixed and shifted in demo and test mode, and nowhere else."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import clock

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def test_a_fixed_moment_is_the_time(settings):
    settings.APP_CLOCK = "2026-03-02T08:59:59+08:00"
    assert clock.now() == datetime(2026, 3, 2, 0, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("", datetime(2026, 3, 2, 4, tzinfo=UTC)),
        ("+3d", datetime(2026, 3, 5, 4, tzinfo=UTC)),
        ("-90min", datetime(2026, 3, 2, 2, 30, tzinfo=UTC)),
        ("+2h", datetime(2026, 3, 2, 6, tzinfo=UTC)),
    ],
)
def test_a_shift_moves_the_time(setting, expected):
    assert clock.adjusted(NOON, setting) == expected


def test_the_local_day_begins_at_midnight_in_shanghai():
    assert clock.local_day(datetime(2026, 3, 1, 16, tzinfo=UTC)).isoformat() == "2026-03-02"
    assert clock.local_day(datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC)).isoformat() == "2026-03-01"


def test_a_production_start_with_a_moved_clock_is_refused():
    with pytest.raises(ImproperlyConfigured, match="APP_MODE"):
        clock.check_setting("+3d", "production")


@pytest.mark.parametrize("setting", ["3d", "2026-03-02", "2026-03-02T08:59:59", "+3months", "soon"])
def test_an_unreadable_setting_is_named(setting):
    with pytest.raises(ImproperlyConfigured, match="APP_CLOCK"):
        clock.check_setting(setting, "demo")
