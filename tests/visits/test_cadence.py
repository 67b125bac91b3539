"""The drawing of a rule: its windows by the dates of an example, near ones wider than far ones."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from config.packs.read import check_entry
from config.packs.rule import RuleSpec
from staff.domain.calendar import WorkCalendar
from visits.domain.explaining.cadence import WIDTH, Drawing, drawn

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def drawing(*steps: dict) -> Drawing:
    rule = check_entry(RuleSpec, {"code": "r", "trigger": "deal", "step": list(steps)})
    return drawn(rule, now=NOW, zone=ZoneInfo("Asia/Shanghai"), calendar=WorkCalendar())


def test_windows_are_told_by_dates_and_lie_in_their_order():
    found = drawing(
        {"code": "soon", "opens": "3d", "closes": "5d"},
        {"code": "later", "opens": "6m", "closes": "28w"},
        {"code": "call", "opens": "0d", "closes": "24h"},
    )
    assert found.event == "2026-11-20"
    soon, later, call = (line.turns[0] for line in found.lines)
    assert (soon.opens, soon.closes) == ("2026-11-23", "2026-11-25")
    assert (later.opens, later.closes) == ("2027-05-20", "2027-06-04")
    assert call.closes == "2026-11-21 10:00"
    assert call.x < soon.x < later.x < later.x + later.width <= WIDTH
    assert soon.width > later.width / 4
    assert [line.goes_on for line in found.lines] == [False, False, False]


def test_what_comes_again_is_drawn_some_times_and_goes_on():
    again = drawing({"code": "s", "closes": "7d", "every": "3m"}).lines[0]
    assert len(again.turns) == 4
    assert again.goes_on
    assert [turn.opens for turn in again.turns] == ["2026-11-20", "2027-02-20", "2027-05-20", "2027-08-20"]
    twice = drawing({"code": "s", "closes": "7d", "every": "3m", "times": 2}).lines[0]
    assert (len(twice.turns), twice.goes_on) == (2, False)
    chain = drawing({"code": "s", "closes": "7d", "anchor": "previous_visit"}).lines[0]
    assert (len(chain.turns), chain.goes_on) == (1, True)


def test_a_window_without_dates_says_why():
    found = drawing({"code": "a", "closes": "?"}, {"code": "b", "closes": "given"})
    assert [(line.turns, line.why) for line in found.lines] == [((), "figure"), ((), "given")]
