"""What of the hours to staff is staffed: plain arithmetic on moments, without the database.

Everything is judged on the calendar day on which it lies, so that the days of a month add up to it: of hours past
midnight (``20:00-07:00``) each day has what begins on it and what the day before left.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
MIDNIGHT = ("00:00", "24:00")


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """A stretch of time, its end excluded."""

    begins: datetime
    ends: datetime

    @property
    def minutes(self) -> int:
        """Return how many whole minutes it lasts; where clocks change, not those that the wall tells."""
        return (self.ends.astimezone(UTC) - self.begins.astimezone(UTC)) // MINUTE

    @property
    def words(self) -> str:
        """Return ``07:00–08:00``; midnight at the end is 24:00."""
        ends = f"{self.ends:%H:%M}"
        return f"{self.begins:%H:%M}–{MIDNIGHT[1] if ends == MIDNIGHT[0] else ends}"

    def within(self, other: "Hours") -> "Hours | None":
        """Return what of it lies in the other one."""
        begins, ends = max(self.begins, other.begins), min(self.ends, other.ends)
        return Hours(begins, ends) if begins < ends else None

    def without(self, other: "Hours") -> "list[Hours]":
        """Return what of it lies before and after the other one."""
        parts = ((self.begins, min(self.ends, other.begins)), (max(self.begins, other.ends), self.ends))
        return [Hours(begins, ends) for begins, ends in parts if begins < ends]


@dataclass(frozen=True, slots=True)
class Turn:
    """Hours for which somebody is on duty."""

    who: int
    hours: Hours


@dataclass(frozen=True, slots=True)
class Cover:
    """How the hours to staff are staffed: in minutes of people, and where one is missing."""

    asked: int = 0
    given: int = 0
    gaps: list[Hours] = field(default_factory=list)


def hours_of_day(cover: Iterable[str], on: date, zone: ZoneInfo) -> list[Hours]:
    """Return the hours to staff that lie on a day, in order; overlapping spans are one."""
    found: list[Hours] = []
    for span in cover:
        begin, _dash, end = span.partition("-")
        parts = [(begin, end)] if begin < end else [(MIDNIGHT[0], end), (begin, MIDNIGHT[1])]
        found += [Hours(_moment(on, first, zone), _moment(on, last, zone)) for first, last in parts if first != last]
    return joined(found)


def whole_day(on: date, zone: ZoneInfo) -> Hours:
    """Return the day from midnight to midnight."""
    return Hours(_moment(on, MIDNIGHT[0], zone), _moment(on, MIDNIGHT[1], zone))


def joined(found: Iterable[Hours]) -> list[Hours]:
    """Return the same time without overlaps, in order; what touches is one stretch."""
    merged: list[Hours] = []
    for one in sorted(found):
        if merged and one.begins <= merged[-1].ends:
            merged[-1] = Hours(merged[-1].begins, max(merged[-1].ends, one.ends))
        else:
            merged.append(one)
    return merged


def covered(asked: Sequence[Hours], turns: Iterable[Turn], at_least: int) -> Cover:
    """Return how far `at_least` people at each moment of the hours asked for are on duty; somebody twice is one."""
    turns = list(turns)
    total, given, gaps = 0, 0, []
    for window in asked:
        total += window.minutes * at_least
        here = [(one.who, part) for one in turns if (part := one.hours.within(window))]
        marks = {window.begins, window.ends} | {moment for _who, part in here for moment in (part.begins, part.ends)}
        for begins, ends in pairwise(sorted(marks)):
            stretch = Hours(begins, ends)
            there = len({who for who, part in here if part.begins <= begins and part.ends >= ends})
            given += stretch.minutes * min(there, at_least)
            if there < at_least:
                gaps.append(stretch)
    return Cover(total, given, joined(gaps))


def _moment(on: date, clock: str, zone: ZoneInfo) -> datetime:
    """Return a time of a day on the wall; 24:00 is the midnight that ends it."""
    if clock == MIDNIGHT[1]:
        return datetime.combine(on + timedelta(1), time(), zone)
    return datetime.combine(on, time.fromisoformat(clock), zone)
