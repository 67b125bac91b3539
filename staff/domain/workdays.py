"""The calendar of the company as people see and change it: official days, the company's own days above them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import chinese_calendar
import holidays
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language

from staff.domain.activity import log
from staff.domain.calendar import PUBLISHED_FROM, PUBLISHED_UNTIL, official_workdays
from staff.domain.company import kept_company
from staff.models import Employee, WorkdayOverride

SATURDAY, SUNDAY = 5, 6
NO_WEEKENDS, SATURDAYS, EVERY_OTHER, WEEKENDS = "none", "saturdays", "every_other", "both"
PATTERNS: Final = (NO_WEEKENDS, SATURDAYS, EVERY_OTHER, WEEKENDS)
# The note tells the days that a pattern made from those that somebody entered.
NOTES: Final = {SATURDAY: "周六上班", SUNDAY: "周日上班"}
FORTNIGHT: Final = 14


@dataclass(frozen=True)
class Span:
    """Days off of one holiday, from `first` up to and including `last`."""

    name: str
    first: date
    last: date


@dataclass(frozen=True)
class Year:
    """What the official calendar says of a year; one that is not published yet has statutory holidays only."""

    number: int
    is_published: bool
    off: tuple[Span, ...]
    made_up: tuple[date, ...]  # weekend days that are worked
    worked: int  # how many days, with the company's own


def year_told(number: int) -> Year:
    """Return a year of the official calendar, with the number of days on which this company works."""
    own = {day.on: day.is_workday for day in WorkdayOverride.objects.filter(on__year=number)}
    official = official_workdays(number)
    worked = {on for on in official if own.get(on, True)} | {on for on, is_workday in own.items() if is_workday}
    is_published = PUBLISHED_FROM <= number <= PUBLISHED_UNTIL
    made_up = tuple(sorted(on for on in official if on.weekday() >= SATURDAY))
    return Year(number, is_published, tuple(_spans(_named_days(number))), made_up, len(worked))


def _named_days(year: int) -> list[tuple[date, str]]:
    """Return the days off of a year in order, each with the name of its holiday."""
    if PUBLISHED_FROM <= year <= PUBLISHED_UNTIL:
        names = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday} if in_chinese() else {}
        return sorted((on, names.get(name, name)) for on, name in chinese_calendar.holidays.items() if on.year == year)
    statutory = holidays.country_holidays("CN", years=year, language="zh_CN" if in_chinese() else "en_US")
    return sorted((on, name) for on, name in statutory.items())


def in_chinese() -> bool:
    """Say whether the reader has chosen Chinese; the sources of the calendar have their own names in both languages."""
    return (get_language() or "").startswith("zh")


def _spans(days: Iterable[tuple[date, str]]) -> Iterator[Span]:
    """Join days that follow each other under one name."""
    open_span: Span | None = None
    for on, name in days:
        if open_span and on == open_span.last + timedelta(1) and name == open_span.name:
            open_span = Span(name, open_span.first, on)
            continue
        if open_span:
            yield open_span
        open_span = Span(name, on, on)
    if open_span:
        yield open_span


def pattern_in_force(*, on: date) -> str:
    """Return which weekends are worked, as the days from `on` that a pattern made tell."""
    days = set(_made_by_pattern(on=on).values_list("on", flat=True)[:40])
    if any(day.weekday() == SUNDAY for day in days):
        return WEEKENDS
    if any(day + timedelta(7) in days for day in days):
        return SATURDAYS
    return EVERY_OTHER if days else NO_WEEKENDS


def own_days(*, on: date) -> list[WorkdayOverride]:
    """Return the single days that somebody entered, from the first day of this year on, in order."""
    return list(WorkdayOverride.objects.filter(on__gte=date(on.year, 1, 1)).exclude(note__in=NOTES.values()))


@transaction.atomic
def work_weekends(pattern: str, *, first: date | None, actor: Employee | None, now: datetime, on: date) -> int:
    """Let the company work on weekends from `on` to the end of next year as the pattern says; return how many days.

    `first` is the first Saturday of those that are worked every other week. Official days off stay off, and so do days
    of which somebody has said something else. The same pattern again changes nothing.
    """
    kept_company()
    wanted = set(_weekend_days(pattern, first or on, on=on))
    _made_by_pattern(on=on).exclude(on__in=wanted).delete()
    wanted -= set(WorkdayOverride.objects.filter(on__in=wanted).values_list("on", flat=True))
    WorkdayOverride.objects.bulk_create(
        WorkdayOverride(on=day, is_workday=True, note=NOTES[day.weekday()]) for day in sorted(wanted)
    )
    log(now=now, actor=actor, verb="weekends_settled", pattern=pattern, made=len(wanted))
    return _made_by_pattern(on=on).count()


def _weekend_days(pattern: str, first: date, *, on: date) -> Iterator[date]:
    holiday = {day for year in (on.year, on.year + 1) for day, _name in _named_days(year)}
    day = on
    while day.year <= on.year + 1:
        fits = {
            SATURDAYS: day.weekday() == SATURDAY,
            EVERY_OTHER: day.weekday() == SATURDAY and (day - first).days % FORTNIGHT == 0,
            WEEKENDS: day.weekday() >= SATURDAY,
        }
        if fits.get(pattern) and day not in holiday:
            yield day
        day += timedelta(1)


@transaction.atomic
def set_day(on: date, *, is_workday: bool, note: str, actor: Employee | None, now: datetime) -> None:
    """Say of one day whether the company works on it, whatever the official calendar says."""
    WorkdayOverride.objects.update_or_create(on=on, defaults={"is_workday": is_workday, "note": note})
    log(now=now, actor=actor, verb="workday_set", on=str(on), is_workday=is_workday)


@transaction.atomic
def unset_day(day: WorkdayOverride, *, actor: Employee | None, now: datetime) -> None:
    """Let the official calendar decide about that day again."""
    log(now=now, actor=actor, verb="workday_unset", on=str(day.on))
    day.delete()


def _made_by_pattern(*, on: date) -> QuerySet[WorkdayOverride]:
    return WorkdayOverride.objects.filter(on__gte=on, is_workday=True, note__in=NOTES.values()).order_by("on")
