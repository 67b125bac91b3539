"""What of the hours to staff is staffed: the arithmetic, beside a count of every single minute."""

from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from staff.domain.duty.covering import Hours, Turn, covered, hours_of_day, joined, whole_day

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
ON = date(2026, 3, 2)
MIDNIGHT = datetime(2026, 3, 2, tzinfo=SHANGHAI)


def span(begin: int, end: int) -> Hours:
    """Return the hours between two minutes of the day."""
    return Hours(MIDNIGHT + timedelta(minutes=begin), MIDNIGHT + timedelta(minutes=end))


def words(found):
    return [one.words for one in found]


def test_a_gap_between_two_shifts_is_found_and_gone_when_one_is_extended():
    asked = hours_of_day(["00:00-24:00"], ON, SHANGHAI)
    night, day = Turn(2, span(0, 7 * 60)), Turn(1, span(8 * 60, 20 * 60))
    evening = Turn(2, span(20 * 60, 24 * 60))
    found = covered(asked, [night, day, evening], 1)
    assert (words(found.gaps), found.given, found.asked) == (["07:00–08:00"], 23 * 60, 24 * 60)
    longer = covered(asked, [Turn(2, span(0, 8 * 60)), day, evening], 1)
    assert (longer.gaps, longer.given) == ([], 24 * 60)


@pytest.mark.parametrize(
    ("cover", "told"),
    [
        (["09:00-12:00", "14:00-18:00"], ["09:00–12:00", "14:00–18:00"]),
        (["20:00-07:00"], ["00:00–07:00", "20:00–24:00"]),
        (["20:00-00:00"], ["20:00–24:00"]),
        (["09:00-12:00", "11:00-13:00", "13:00-14:00"], ["09:00–14:00"]),
        ([], []),
    ],
)
def test_hours_are_those_that_lie_on_the_day(cover, told):
    assert words(hours_of_day(cover, ON, SHANGHAI)) == told


def test_the_days_of_a_change_of_clocks_have_as_many_hours_as_they_have():
    for on, length in ((date(2026, 3, 29), 23), (date(2026, 10, 25), 25)):
        day = whole_day(on, BERLIN)
        assert (day.ends.timestamp() - day.begins.timestamp()) / 3600 == length
        assert covered([day], [Turn(1, day)], 1).asked == length * 60


@pytest.mark.parametrize("seed", range(30))
def test_random_shifts_are_counted_as_minute_by_minute(seed):
    random = Random(seed)
    at_least = random.randint(1, 3)

    def some(most):
        return [sorted(random.sample(range(0, 1441, 15), 2)) for _one in range(random.randint(0, most))]

    asked = joined(span(*one) for one in some(3))
    turns = [(random.randint(1, 4), begin, end) for begin, end in some(8)]
    found = covered(asked, [Turn(who, span(begin, end)) for who, begin, end in turns], at_least)
    wanted = [
        minute for minute in range(1440) for one in asked
        if one.begins <= MIDNIGHT + timedelta(minutes=minute) < one.ends
    ]  # fmt: skip
    there = {minute: len({who for who, begin, end in turns if begin <= minute < end}) for minute in wanted}
    assert found.asked == len(wanted) * at_least
    assert found.given == sum(min(count, at_least) for count in there.values())
    lacking = {minute for minute, count in there.items() if count < at_least}
    assert {minute for minute in wanted if any(
        one.begins <= MIDNIGHT + timedelta(minutes=minute) < one.ends for one in found.gaps
    )} == lacking  # fmt: skip
    assert sum(gap.minutes for gap in found.gaps) == len(lacking)
