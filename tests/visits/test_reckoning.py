"""Bounds of clocks against a count that knows nothing of the program: tick by tick, midnight by midnight.

The working days are those that the State Council has published for the winter of 2025/26, written down here by hand.
"""

import random
from datetime import date, timedelta
from functools import cache

import pytest

from config.packs.duration import Duration
from config.packs.duties import ObligationSpec
from staff.domain.calendar import WorkCalendar
from tests.visits.calls import SHANGHAI, at
from visits.domain.obliging.reckoning import Clock, SetBound, reckon
from visits.domain.timing.retrying import CallingHours

OFF = {date(2026, 1, 1) + timedelta(n) for n in range(3)} | {date(2026, 2, 15) + timedelta(n) for n in range(9)}
MADE_UP = {date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28)}
TWO_SPANS = ((8 * 60 + 30, 12 * 60), (13 * 60 + 30, 17 * 60 + 30))
TICK = timedelta(minutes=5)
FIRST = at("2025-12-24 00:00")


def clock(kind="office", spans=TWO_SPANS) -> Clock:
    return Clock(SHANGHAI, WorkCalendar(), CallingHours(spans), kind)


def is_worked(on) -> bool:
    return on in MADE_UP or (on.weekday() < 5 and on not in OFF)


@cache
def open_ticks(spans) -> list[bool]:
    """Return of every five minutes from the first moment on whether the office is open."""
    found = []
    for n in range(150 * 288):
        here = date(2025, 12, 24) + timedelta(n // 288)
        found.append(is_worked(here) and any(start <= n % 288 * 5 < stop for start, stop in spans))
    return found


def tick_by_tick(kind, anchor, minutes, stops, spans):
    now, left = (anchor - FIRST) // TICK, minutes // 5
    still = {n for start, stop in stops for n in range((start - FIRST) // TICK, (stop - FIRST) // TICK)}
    while left > 0:
        left -= now not in still and (kind == "wall" or open_ticks(spans)[now])
        now += 1
    return FIRST + TICK * now


def midnight_by_midnight(unit, anchor, count, stops):
    on, counted, moved = anchor.astimezone(SHANGHAI).date(), 0, False
    while True:
        midnight = at(f"{on + timedelta(1)} 00:00")
        if any(start < midnight <= stop for start, stop in stops):
            on, moved = on + timedelta(1), True
        elif counted == count and (unit == "d" or not moved or is_worked(on)):
            return midnight
        else:
            on += timedelta(1)
            counted += counted < count and (unit == "d" or is_worked(on))


def some_stops(chance, anchor, ticks):
    """Return up to three stops in order, each beginning while the clock can still run."""
    stops, begin = [], anchor
    for _each in range(chance.randint(0, 3)):
        start = begin + TICK * chance.randint(0, ticks)
        stop = start + TICK * chance.choice((0, 1, 7, 60, 300, 900))
        stops.append((start, stop))
        begin = stop
    return stops


def before_their_bound(stops, bound):
    """Keep the stops that began before the clock was over: only such a clock can be stopped."""
    kept = []
    for stop in stops:
        if stop[0] >= bound(kept):
            break
        kept.append(stop)
    return kept


@pytest.mark.parametrize("kind", ["wall", "office"])
def test_minutes_and_hours_are_those_of_a_count_tick_by_tick(kind):
    chance = random.Random(f"{kind}-39")
    for _each in range(60):
        spans = chance.choice((TWO_SPANS, ((9 * 60, 18 * 60),), ((0, 120), (22 * 60, 24 * 60))))
        anchor = FIRST + TICK * chance.randint(0, 60 * 288)
        minutes = 5 * chance.randint(1, 400)
        span, here = Duration(minutes, "min"), clock(kind, spans)
        wanted = some_stops(chance, anchor, 500)
        stops = before_their_bound(wanted, lambda kept, a=anchor, m=minutes, s=spans: tick_by_tick(kind, a, m, kept, s))
        expected = tick_by_tick(kind, anchor, minutes, stops, spans)
        assert here.after(anchor, span, stops) == (expected, True), (anchor, minutes, stops, spans)


@pytest.mark.parametrize("unit", ["d", "wd"])
def test_days_are_those_of_a_count_midnight_by_midnight(unit):
    chance = random.Random(f"{unit}-39")
    for _each in range(200):
        anchor, count = FIRST + TICK * chance.randint(0, 60 * 288), chance.randint(0, 9)
        wanted = some_stops(chance, anchor, 1500)
        stops = before_their_bound(wanted, lambda kept, a=anchor, c=count: midnight_by_midnight(unit, a, c, kept))
        expected = midnight_by_midnight(unit, anchor, count, stops)
        assert clock("wall").after(anchor, Duration(count, unit), stops) == (expected, False), (anchor, count, stops)


@pytest.mark.parametrize(
    ("kind", "anchor", "span", "stops", "expected"),
    [
        ("office", "2026-03-06 11:40", "1h", [], "2026-03-06 14:10"),  # over lunch
        ("office", "2026-03-06 17:00", "1h", [], "2026-03-09 09:00"),  # over a weekend
        ("office", "2025-12-31 17:00", "1h", [], "2026-01-04 09:00"),  # over New Year, into a Sunday that is made up
        ("office", "2026-02-13 17:00", "1h", [], "2026-02-14 09:00"),  # a Saturday that is made up
        ("office", "2026-02-14 17:00", "1h", [], "2026-02-24 09:00"),  # over the Spring Festival
        ("wall", "2026-03-06 23:30", "1h", [], "2026-03-07 00:30"),
        ("wall", "2026-03-06 09:00", "1h", [("2026-03-06 09:20", "2026-03-06 21:20")], "2026-03-06 22:00"),
        ("office", "2026-03-06 09:00", "1h", [("2026-03-06 09:20", "2026-03-06 12:50")], "2026-03-06 14:10"),
        ("office", "2026-03-06 16:30", "1h", [("2026-03-06 20:00", "2026-03-06 21:00")], "2026-03-06 17:30"),
        ("wall", "2026-03-02 09:00", "3d", [("2026-03-03 10:00", "2026-03-03 22:00")], "2026-03-06 00:00"),
        ("wall", "2026-03-02 09:00", "3d", [("2026-03-03 22:00", "2026-03-05 02:00")], "2026-03-08 00:00"),
        ("wall", "2026-03-04 09:00", "3wd", [("2026-03-06 10:00", "2026-03-09 10:00")], "2026-03-11 00:00"),
        ("wall", "2026-03-05 09:00", "1wd", [("2026-03-06 10:00", "2026-03-08 10:00")], "2026-03-10 00:00"),
    ],
)  # fmt: skip
def test_until_when_a_clock_runs(kind, anchor, span, stops, expected):
    told = [(at(start), at(stop)) for start, stop in stops]

    assert clock(kind).after(at(anchor), Duration.parse(span), told)[0] == at(expected)


def test_spans_that_overlap_count_once():
    assert clock(spans=((540, 720), (600, 840))).spans == ((540, 840),)


def test_warning_runs_on_the_same_clock_and_nobody_is_told_at_night():
    spec = ObligationSpec.model_validate({
        "code": "reply", "on": "complaint_registered", "deed": "resolve", "within": "4h", "clock": "office",
        "warn_before": "1h", "escalate": [{"after": "5h", "to": "line_manager"}, {"after": "1d", "to": "staff"}],
    })  # fmt: skip
    friday = at("2026-03-06 15:00")
    bounds = reckon(spec, clock(), anchor=friday)
    assert (bounds.due_at, bounds.warn_at) == (at("2026-03-09 10:00"), at("2026-03-09 09:00"))
    assert bounds.tell_at == at("2026-03-09 11:00")
    assert reckon(spec, clock(), anchor=friday, told=1).tell_at == at("2026-03-09 08:30")  # its midnight was Saturday's
    assert reckon(spec, clock(), anchor=friday, told=2).tell_at is None

    by_hand = SetBound(at("2026-03-09 16:00"), at("2026-03-06 16:00"))
    moved = reckon(spec, clock(), anchor=friday, by_hand=by_hand)
    assert (moved.due_at, moved.warn_at, moved.tell_at) == (by_hand.due_at, at("2026-03-09 15:00"), by_hand.due_at)
    stops = [(at("2026-03-06 15:30"), at("2026-03-06 15:40")), (at("2026-03-09 09:00"), at("2026-03-09 10:00"))]
    assert reckon(spec, clock(), anchor=friday, stops=stops, by_hand=by_hand).due_at == at("2026-03-09 17:00")
