"""Calendar periods: names that lead back to their days, one after the other without a gap."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.packs.codes import PERIODS
from staff.domain.periods import ended_between, period_named, period_of

SHANGHAI = ZoneInfo("Asia/Shanghai")


@given(st.dates(date(1990, 1, 1), date(2050, 1, 1)), st.sampled_from(PERIODS))
def test_a_name_leads_back_and_periods_follow_each_other(on, per):
    period = period_of(per, on)
    assert period.holds(on)
    assert period_named(period.key) == period
    assert period.after().first == period.last + timedelta(1)
    assert period.after().before() == period


@pytest.mark.parametrize("key", ["", "2026-13", "2026-W54", "2026-Q5", "26", "2026-02-30", "2026-11/daily"])
def test_what_names_no_period_is_refused(key):
    with pytest.raises(ValueError):
        period_named(key)


def test_bounds_are_midnights_of_the_zone():
    month = period_named("2026-11")
    assert month.starts_at(SHANGHAI).isoformat() == "2026-10-31T16:00:00+00:00"
    assert month.ends_at(SHANGHAI).isoformat() == "2026-11-30T16:00:00+00:00"


@pytest.mark.parametrize(
    ("after", "until", "keys"),
    [
        ("2026-01-30", "2026-01-30", []),
        ("2026-01-30", "2026-01-31", ["2026-01"]),
        ("2026-01-31", "2026-02-27", []),
        ("2025-12-30", "2026-02-28", ["2025-12", "2026-01", "2026-02"]),
    ],
)
def test_the_periods_that_ended_meanwhile(after, until, keys):
    found = ended_between("month", date.fromisoformat(after), date.fromisoformat(until))
    assert [period.key for period in found] == keys
