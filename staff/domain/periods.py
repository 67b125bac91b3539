"""Calendar periods: the day, week, month, quarter, half-year or year that a day lies in, and their names.

A period is named as POLICY_PACK and the ledger name it: 2026-11-20, 2026-W47, 2026-11, 2026-Q4, 2026-H2, 2026.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from staff.domain.calendar import add_months, day_start

EARLIEST: Final = date(1980, 1, 1)  # what people may ask for
LATEST: Final = date(2999, 12, 31)
MONTHS: Final = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
NAMES: Final = {
    "day": re.compile(r"(\d{4})-(\d\d)-(\d\d)"),
    "week": re.compile(r"(\d{4})-W(\d\d)"),
    "month": re.compile(r"(\d{4})-(\d\d)"),
    "quarter": re.compile(r"(\d{4})-Q([1-4])"),
    "half_year": re.compile(r"(\d{4})-H([12])"),
    "year": re.compile(r"(\d{4})"),
}


@dataclass(frozen=True, slots=True)
class Period:
    """One calendar period by its kind (`config.packs.codes.PERIODS`) and its first and last day."""

    per: str
    first: date
    last: date

    @property
    def key(self) -> str:
        """Return the name by which the period is kept."""
        year, month = self.first.year, self.first.month
        match self.per:
            case "day":
                return self.first.isoformat()
            case "week":
                iso = self.first.isocalendar()
                return f"{iso.year}-W{iso.week:02}"
            case "month":
                return f"{year}-{month:02}"
            case "quarter":
                return f"{year}-Q{(month + 2) // 3}"
            case "half_year":
                return f"{year}-H{(month + 5) // 6}"
            case _:
                return f"{year}"

    def starts_at(self, zone: ZoneInfo) -> datetime:
        """Return its first moment (UTC)."""
        return day_start(self.first, zone)

    def ends_at(self, zone: ZoneInfo) -> datetime:
        """Return its end (UTC), which it does not hold any more."""
        return day_start(self.last + timedelta(1), zone)

    def holds(self, on: date) -> bool:
        """Say whether the day lies in it."""
        return self.first <= on <= self.last

    def before(self) -> "Period":
        """Return the period that ended as this one began."""
        return period_of(self.per, self.first - timedelta(1))

    def after(self) -> "Period":
        """Return the period that begins as this one ends."""
        return period_of(self.per, self.last + timedelta(1))


def period_of(per: str, on: date) -> Period:
    """Return the period of that kind in which `on` lies; a week is Monday to Sunday."""
    if per in MONTHS:
        months = MONTHS[per]
        first = date(on.year, (on.month - 1) // months * months + 1, 1)
        return Period(per, first, add_months(first, months) - timedelta(1))
    if per == "week":
        monday = on - timedelta(on.weekday())
        return Period(per, monday, monday + timedelta(6))
    if per == "day":
        return Period(per, on, on)
    raise ValueError(f"{per}: no such period.")


def period_named(key: str) -> Period:
    """Return the period of that name; ValueError for what names none, or one in which nobody keeps a calendar."""
    for per, name in NAMES.items():
        if (found := name.fullmatch(key)) and EARLIEST.year <= int(found[1]) <= LATEST.year:
            return period_of(per, _first_day(per, [int(part) for part in found.groups()]))
    raise ValueError(f"{key}: names no period.")


def _first_day(per: str, parts: list[int]) -> date:
    year = parts[0]
    if per == "day":
        return date(*parts)
    if per == "week":
        return date.fromisocalendar(year, parts[1], 1)
    months = MONTHS[per]
    return date(year, (parts[1] - 1) * months + 1 if len(parts) > 1 else 1, 1)


def ended_between(per: str, after: date, until: date) -> list[Period]:
    """Return the periods of that kind whose last day lies in (`after`, `until`], oldest first."""
    found = []
    period = period_of(per, after + timedelta(1))
    while period.last <= until:
        found.append(period)
        period = period.after()
    return found
