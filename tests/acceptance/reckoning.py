"""When a task is due, computed a second time: from the contract of the pack format, without any code of the program.

Dates are added with dateutil, working days asked of chinese_calendar; a rule is the dictionary that tomllib reads.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import holidays
from dateutil.relativedelta import relativedelta

LAST_OFFICIAL_YEAR = max(day.year for day in chinese_calendar.holidays)
NOON = time(12)
ALIGNED_MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


@dataclass(frozen=True)
class Window:
    """From when until when a task is in time; `inclusive`: the bound itself still is."""

    opens_at: datetime
    closes_at: datetime
    inclusive: bool

    def is_over(self, now: datetime) -> bool:
        """Say whether the bound has passed."""
        return now > self.closes_at if self.inclusive else now >= self.closes_at


def works(day: date) -> bool:
    """Say whether the mainland works on a day; of a year not yet published, statutory holidays are off."""
    if day.year <= LAST_OFFICIAL_YEAR:
        return chinese_calendar.is_workday(day)
    return day.weekday() < 5 and day not in holidays.country_holidays("CN", years=day.year)


def amount(text: str) -> tuple[int, str]:
    """Return number and unit of a duration."""
    number, unit = re.fullmatch(r"(\d+)(min|h|d|wd|w|m|y)", text).groups()
    return int(number), unit


def is_clocked(text: str) -> bool:
    """Say whether a duration is one of hours or minutes."""
    return amount(text)[1] in ("min", "h")


def day_after(anchor: date, *durations: tuple[int, str], shift: str = "none") -> date:
    """Add months in one step, then days, then working days; then move a day off."""
    total = dict.fromkeys(("m", "d", "wd"), 0)
    for number, unit in durations:
        factor, kind = {"y": (12, "m"), "m": (1, "m"), "w": (7, "d"), "d": (1, "d"), "wd": (1, "wd")}[unit]
        total[kind] += number * factor
    day = anchor + relativedelta(months=total["m"]) + timedelta(total["d"])
    for _ in range(total["wd"]):
        day += timedelta(1)
        while not works(day):
            day += timedelta(1)
    way = {"next": 1, "previous": -1, "none": 0}[shift]
    while way and not works(day):
        day += timedelta(way)
    return day


def moment(anchor: datetime, every: tuple[int, str], offset: str) -> datetime:
    """Return an instant `offset` after the anchor, whose date `every` has moved."""
    number, unit = amount(offset)
    moved = datetime.combine(day_after(anchor.date(), every), anchor.timetz())
    return moved.astimezone(UTC) + timedelta(minutes=number * (60 if unit == "h" else 1))


def period_after(day: date, align: str, k: int) -> tuple[date, date]:
    """Return first and last day of the (k+1)th whole calendar period after that of `day`."""
    months = ALIGNED_MONTHS[align]
    start = day.replace(day=1, month=(day.month - 1) // months * months + 1)
    first = start + relativedelta(months=months * (k + 1))
    return first, first + relativedelta(months=months) - timedelta(1)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the first moment of a day."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def window(step: dict, *, anchor: datetime, k: int, zone: ZoneInfo, given=None) -> Window | None:
    """Return the window of occurrence `k`; None without a given due, or behind the last occurrence."""
    align = step.get("align", "none")
    if step.get("times") and k >= step["times"]:
        return None
    first, last = anchor.astimezone(zone), anchor.astimezone(zone)
    if align != "none":
        ends = period_after(first.date(), align, k)
        first, last = (datetime.combine(day, time(), zone) for day in ends)
    every = amount(step["every"]) if "every" in step else (0, "d")
    every = (every[0] * k, every[1]) if align == "none" else (0, "d")
    shift = step.get("shift", "none")
    opens = step.get("opens", "0d")
    if is_clocked(opens):
        opens_at = moment(first, every, opens)
    else:
        opens_at = midnight(day_after(first.date(), every, amount(opens), shift=shift), zone)
    closes = step.get("closes", "0d")
    if closes == "given":
        if given is None:
            return None
        inclusive = isinstance(given, datetime)
        closes_at = given.astimezone(UTC) if inclusive else midnight(given + timedelta(1), zone)
    elif is_clocked(closes):
        inclusive, closes_at = True, moment(last, every, closes)
    else:
        inclusive = False
        closes_at = midnight(day_after(last.date(), every, amount(closes), shift=shift) + timedelta(1), zone)
    if closes_at < opens_at or (closes_at == opens_at and not inclusive):
        inclusive, closes_at = False, midnight(opens_at.astimezone(zone).date() + timedelta(1), zone)
    return Window(opens_at, closes_at, inclusive)
