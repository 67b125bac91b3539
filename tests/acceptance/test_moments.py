"""Every task at the right moment: packs that the repository does not ship, against the second computation."""

from datetime import date

import pytest

from tests.acceptance.packs import pack, rule
from tests.acceptance.people import STAFF, orders
from tests.acceptance.story import Story, at

pytestmark = pytest.mark.django_db(transaction=True)

OFFSETS = (
    ("0d", "1d"), ("0wd", "0wd"), ("1wd", "3wd"), ("2w", "1m"), ("1m", "2m"), ("3m", "1y"), ("30min", "24h"),
    ("24h", "48h"), ("0d", "24h"), ("1wd", "24h"), ("12h", "0d"), ("5d", "120h"), ("1m", "31d"), ("1h", "1wd"),
)  # fmt: skip
MOMENTS = (
    "2026-01-30 10:00", "2026-01-31 23:59", "2026-02-13 16:30", "2026-02-15 00:01", "2026-02-28 08:15",
    "2026-04-30 18:00", "2026-05-09 12:00", "2026-09-30 23:30", "2026-12-30 13:00", "2026-12-31 23:59",
)  # fmt: skip


def test_offsets_in_every_unit_mixed_and_shifted(tmp_path):
    steps = [
        f'opens = "{opens}"; closes = "{closes}"; shift = "{shift}"'
        for opens, closes in OFFSETS
        for shift in ("none", "next", "previous")
    ]
    story = Story(tmp_path, pack(rule("after", *steps)), staff=STAFF)
    story.take_in(orders("service_completed", *map(at, MOMENTS)), "2027-01-01 09:00", ending="csv")
    assert story.differences() == []
    story.tick("2027-03-01 09:00")
    assert story.differences() == []


@pytest.mark.any_database  # half a year of ticks, of which test_series and test_planning ask every database
def test_what_comes_again_comes_with_the_first_tick_after_its_opening(tmp_path):
    steps = (
        'every = "1m"; closes = "3d"', 'every = "3m"; opens = "1w"; closes = "2w"; times = 3',
        'every = "2w"; closes = "0d"; shift = "next"', 'every = "1m"; opens = "2h"; closes = "26h"',
        'every = "1m"; closes = "5wd"; shift = "previous"', 'every = "10wd"; closes = "2d"', 'align = "month"',
        'align = "quarter"; opens = "1w"; closes = "0d"', 'align = "month"; closes = "3wd"; shift = "next"; times = 2',
        'align = "half_year"', 'align = "year"', 'align = "month"; opens = "10h"; closes = "2h"',
        'anchor = "previous_visit"; opens = "1m"; closes = "5w"',
        'anchor = "previous_visit"; closes = "2d"; times = 4',
        'anchor = "previous_visit"; opens = "3d"; closes = "1w"; shift = "next"',
    )  # fmt: skip
    story = Story(tmp_path, pack(rule("again", *steps)), staff=STAFF)
    story.take_in(
        orders("service_completed", at("2026-01-31 10:00"), at("2026-01-15 23:59"), at("2025-12-31 23:59")),
        "2026-01-31 11:00",
    )
    for moment in ("2026-02-01 00:00", "2026-02-28 12:30", "2026-03-01 09:00", "2026-04-15 09:00", "2026-08-01 00:00"):
        story.tick(moment, moment)
        assert story.differences() == []


def test_given_dues_and_orders_that_come_late(tmp_path):
    steps = 'closes = "given"', 'opens = "2d"; closes = "given"; shift = "next"', 'every = "1m"; closes = "3d"'
    story = Story(tmp_path, pack(rule("given", *steps)), staff=STAFF)
    due = orders("service_completed", *[at("2026-03-06 10:00")] * 4)
    for order, bound in zip(due, (date(2026, 3, 14), at("2026-03-10 15:30"), date(2026, 3, 7)), strict=False):
        order["due"] = bound
    story.take_in(due, "2026-03-06 11:00")
    story.take_in(orders("service_completed", at("2026-01-05 10:00"), prefix="LATE"), "2026-04-06 11:00")
    story.tick("2026-04-06 11:01")
    assert story.differences() == []


def test_three_days_of_standstill_over_a_month_s_end(tmp_path):
    again = rule("again", 'every = "1d"; closes = "0d"', 'closes = "1d"; sample = { rate = 0.5 }', 'align = "month"')
    story = Story(tmp_path, pack(again), staff=STAFF)
    story.take_in(orders("service_completed", *[at("2026-02-27 10:00")] * 6), "2026-02-27 11:00")
    story.tick("2026-02-27 11:01", "2026-03-02 11:01")
    assert story.differences() == []
    rows = story.rows()
    story.tick("2026-02-27 11:01", "2026-03-02 11:01")
    assert story.rows() == rows


def test_a_customer_s_first_visit_survives_a_standstill_that_outlasts_its_window(tmp_path):
    story = Story(tmp_path, pack(rule("welcome", 'closes = "1d"', trigger='"customer"')), staff=STAFF)
    story.tick("2026-02-27 01:00")
    story.world.packs, story.world.releases = [], {}
    story.take_in(orders("service_completed", at("2026-02-27 10:00")), "2026-02-27 11:00")
    story.tick("2026-03-02 11:00")
    (row,) = story.rows()
    assert (row["opens_at"], row["closes_at"], row["status"]) == (
        "2026-02-27T00:00:00+08:00", "2026-03-01T00:00:00+08:00", "open",
    )  # fmt: skip
