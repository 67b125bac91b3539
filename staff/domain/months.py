"""A year of the company's calendar, day by day: worked or free, by whom it was said, under which name."""

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from staff.domain import workdays
from staff.domain.calendar import PUBLISHED_UNTIL, official_workdays
from staff.models import Employee, WorkdayOverride

SATURDAY = 5


@dataclass(frozen=True)
class Day:
    """One day. `own` is the row by which the company decided itself; `name` a holiday, or the note of the company."""

    on: date
    is_workday: bool
    name: str = ""
    own: int | None = None

    @property
    def is_special(self) -> bool:
        """Whether it is not what its weekday alone would make of it."""
        return self.is_workday != (self.on.weekday() < SATURDAY)


@dataclass(frozen=True)
class Month:
    """One month as weeks of seven days, Monday first; days of other months are None."""

    first: date
    weeks: list[list[Day | None]]

    @property
    def worked(self) -> int:
        """How many days are worked."""
        return sum(day.is_workday for week in self.weeks for day in week if day)


def year_of(number: int) -> list[Month]:
    """Return the twelve months of a year as the company works."""
    own = {row.on: row for row in WorkdayOverride.objects.filter(on__year=number)}
    names = {
        day: span.name
        for span in workdays.year_told(number).off
        for day in (date.fromordinal(n) for n in range(span.first.toordinal(), span.last.toordinal() + 1))
    }
    official = official_workdays(number)

    def told(on: date) -> Day | None:
        row = own.get(on)
        if row is not None:
            return Day(on, row.is_workday, row.note, row.pk)
        return Day(on, on in official, names.get(on, ""))

    weeks = Calendar()
    return [
        Month(
            date(number, month, 1),
            [
                [told(on) if on.month == month else None for on in week]
                for week in weeks.monthdatescalendar(number, month)
            ],
        )
        for month in range(1, 13)
    ]


def is_published(number: int) -> bool:
    """Say whether the official calendar of a year is known."""
    return number <= PUBLISHED_UNTIL


@transaction.atomic
def take_days(rows: Iterable[Any], *, actor: Employee, now: datetime) -> tuple[int, int, list[Any]]:
    """Take in a list of days; return how many were set, how many said nothing new, and the rows that cannot be read."""
    known = {row.on: (row.is_workday, row.note) for row in WorkdayOverride.objects.all()}
    done = same = 0
    refused = []
    for row in rows:
        if row.wrong:
            refused.append(row)
            continue
        on, said = date.fromisoformat(row.facts["on"]), (row.facts["is_workday"] == "worked", row.facts.get("note", ""))
        if known.get(on) == said:
            same += 1
            continue
        workdays.set_day(on, is_workday=said[0], note=said[1], actor=actor, now=now)
        known[on] = said
        done += 1
    return done, same, refused
