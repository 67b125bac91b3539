"""Cut-offs of reports to the second: days, working days of one's own, hours, both sides of every bound."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from config.packs.duties import ReportSpec
from reports.domain.daily.cutoff import Cutoff, OwnDays, cutoff
from staff.domain.calendar import WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
FRIDAY, SATURDAY, SUNDAY, MONDAY, TUESDAY = (date(2026, 11, 20) + timedelta(days) for days in range(5))
DAILY = {"code": "daily", "due": "1wd", "at": "09:00"}


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def bound(spec: dict, covers_to: date, *, away: tuple[date, ...] = (), ended: str | None = None) -> Cutoff:
    own = OwnDays(WorkCalendar(), lambda on: on in away)
    ended_at = moment(ended) if ended else None
    return cutoff(ReportSpec.model_validate(spec), covers_to=covers_to, ended_at=ended_at, days=own, zone=SHANGHAI)


@pytest.mark.parametrize(
    ("spec", "covers_to", "away", "due", "day_ends"),
    [
        (DAILY, MONDAY, (), "2026-11-24 09:00", "2026-11-25 00:00"),
        (DAILY, FRIDAY, (), "2026-11-23 09:00", "2026-11-24 00:00"),  # over a weekend
        (DAILY, FRIDAY, (MONDAY, TUESDAY), "2026-11-25 09:00", "2026-11-26 00:00"),  # and over two days of leave
        (DAILY, date(2026, 9, 30), (), "2026-10-08 09:00", "2026-10-09 00:00"),  # over the national holiday
        (DAILY | {"due": "0d", "at": "23:30"}, FRIDAY, (), "2026-11-20 23:30", "2026-11-21 00:00"),
        (DAILY | {"due": "1d"}, FRIDAY, (), "2026-11-21 09:00", "2026-11-22 00:00"),  # a calendar day is no working day
        ({"code": "w", "due": "2d"}, SUNDAY, (), "2026-11-25 00:00", "2026-11-25 00:00"),  # no `at`: that day's end
        ({"code": "m", "per": "month", "due": "3wd"}, date(2026, 11, 30), (), "2026-12-04 00:00", "2026-12-04 00:00"),
        ({"code": "m", "due": "1m", "at": "08:00"}, date(2026, 1, 31), (), "2026-02-28 08:00", "2026-03-01 00:00"),
        ({"code": "h", "due": "36h"}, FRIDAY, (), "2026-11-22 12:00", "2026-11-23 00:00"),  # from the end of the day
    ],
)
def test_the_bound_lies_where_the_regulation_says(spec, covers_to, away, due, day_ends):
    found = bound(spec, covers_to, away=away)
    assert (found.due_at, found.day_ends_at) == (moment(due), moment(day_ends))


def test_hours_of_a_visit_count_from_its_end():
    found = bound({"code": "v", "per": "visit", "due": "24h"}, FRIDAY, ended="2026-11-20 16:30:20")
    assert (found.due_at, found.day_ends_at) == (moment("2026-11-21 16:30:20"), moment("2026-11-22 00:00"))


def test_without_a_bound_nothing_is_ever_late():
    found = bound({"code": "v", "per": "visit"}, FRIDAY)
    assert found == Cutoff()
    assert found.fate(None, now=moment("2036-01-01 00:00")) == ""
    assert found.fate(moment("2036-01-01 00:00"), now=moment("2036-01-01 00:00")) == "in_time"


@pytest.mark.parametrize(
    ("spec", "handed_in", "fate"),
    [
        (DAILY, "2026-11-24 08:59:59", "in_time"),
        (DAILY, "2026-11-24 09:00:00", "in_time"),
        (DAILY, "2026-11-24 09:00:00.999999", "in_time"),  # the screen says 09:00:00, so it is
        (DAILY, "2026-11-24 09:00:01", "late"),
        (DAILY | {"inclusive": False}, "2026-11-24 08:59:59.999999", "in_time"),
        (DAILY | {"inclusive": False}, "2026-11-24 09:00:00", "late"),
        (DAILY, "2026-11-24 23:59:59.999999", "late"),
        (DAILY, "2026-11-25 00:00:00", "missing"),
        ({"code": "d", "due": "1wd"}, "2026-11-24 23:59:59.999999", "in_time"),
        ({"code": "d", "due": "1wd"}, "2026-11-25 00:00:00", "missing"),  # the day's own end is nobody's, never late
        (DAILY, None, ""),
    ],
)
def test_the_second_decides(spec, handed_in, fate):
    found = bound(spec, MONDAY)
    at = moment(handed_in) if handed_in else None
    assert found.fate(at, now=moment("2026-11-24 12:00")) == fate
    if at is not None:  # a job that comes a week late finds the same
        assert found.fate(at, now=moment("2026-12-01 12:00")) == fate


@pytest.mark.parametrize(("now", "fate"), [("2026-11-24 23:59:59", ""), ("2026-11-25 00:00:00", "missing")])
def test_what_has_not_come_is_missing_when_the_day_of_the_bound_ends(now, fate):
    assert bound(DAILY, MONDAY).fate(None, now=moment(now)) == fate


def test_somebody_away_for_years_is_judged_by_the_companys_days():
    own = OwnDays(WorkCalendar(), lambda _on: True)
    found = cutoff(ReportSpec.model_validate(DAILY), covers_to=FRIDAY, ended_at=None, days=own, zone=SHANGHAI)
    assert found.due_at == moment("2026-11-23 09:00")
