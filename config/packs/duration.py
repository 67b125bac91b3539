"""Durations of the pack format: ``3wd``, ``24h``, ``6m``; what may be written and what it stands for."""

import re
from dataclasses import dataclass
from typing import Annotated, Final, Self

from django.utils.translation import gettext as _
from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

UNKNOWN: Final = "?"
"""Stands where a regulation leaves a figure blank; what holds it stays inactive."""

UNITS: Final = ("min", "h", "d", "wd", "w", "m", "y")
INSTANT_UNITS: Final = ("min", "h")
WRITTEN = re.compile(r"(?P<count>[0-9]{1,8})(?P<unit>min|wd|h|d|w|m|y)")
LONGEST: Final = {"min": 52_704_000, "h": 878_400, "d": 36_600, "wd": 36_600, "w": 5_229, "m": 1_200, "y": 100}
MINUTES_A_DAY: Final = 24 * 60
FEWEST_DAYS: Final = (0, 28, 59, 89, 120, 150, 181, 212, 242, 273, 303, 334)
MOST_DAYS: Final = (0, 31, 62, 92, 123, 153, 184, 215, 245, 276, 306, 337)


@dataclass(frozen=True, slots=True)
class Offset:
    """A sum of durations by kind; what is added to a date in this order: months, days, working days, minutes."""

    months: int = 0
    days: int = 0
    workdays: int = 0
    minutes: int = 0

    def __add__(self, other: "Offset") -> "Offset":
        return Offset(
            self.months + other.months,
            self.days + other.days,
            self.workdays + other.workdays,
            self.minutes + other.minutes,
        )

    def __mul__(self, factor: int) -> "Offset":
        return Offset(self.months * factor, self.days * factor, self.workdays * factor, self.minutes * factor)


@dataclass(frozen=True, slots=True)
class Duration:
    """A whole number of one unit: ``min``, ``h``, ``d``, ``wd`` (working days), ``w``, ``m`` (months) or ``y``.

    No duration is negative or longer than a hundred years; ValueError says which text is refused and what is allowed.
    """

    count: int
    unit: str

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise ValueError(
                _("“%(unit)s” is no unit of time; allowed are %(units)s.")
                % {"unit": self.unit, "units": ", ".join(UNITS)}
            )
        if not 0 <= self.count <= LONGEST[self.unit]:
            raise ValueError(_("“%(text)s” does not lie between 0 and 100 years.") % {"text": self})

    @classmethod
    def parse(cls, text: object) -> Self:
        """Read ``<integer><unit>``, as ``3wd``; refuse anything else by saying what is allowed."""
        if not isinstance(text, str) or not (found := WRITTEN.fullmatch(text)):
            raise ValueError(
                _("“%(text)s” is no duration: a whole number and a unit without a space, as 3d (units: %(units)s).")
                % {"text": text, "units": ", ".join(UNITS)}
            )
        return cls(int(found["count"]), found["unit"])

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"

    @property
    def is_instant(self) -> bool:
        """Whether it leads to a moment (``min``, ``h``) and not to a date."""
        return self.unit in INSTANT_UNITS

    @property
    def offset(self) -> Offset:
        """Return what it adds, by kind: a year is 12 months, a week 7 days, an hour 60 minutes."""
        match self.unit:
            case "m" | "y":
                return Offset(months=self.count * (12 if self.unit == "y" else 1))
            case "d" | "w":
                return Offset(days=self.count * (7 if self.unit == "w" else 1))
            case "wd":
                return Offset(workdays=self.count)
            case _:
                return Offset(minutes=self.count * (60 if self.unit == "h" else 1))

    @property
    def least_days(self) -> int:
        """Return the fewest whole days that it lasts, whatever the calendar says (1m: 28, 3wd: 3, 36h: 1)."""
        offset = self.offset
        return fewest_days(offset.months) + offset.days + offset.workdays + offset.minutes // MINUTES_A_DAY

    @property
    def most_days(self) -> int | None:
        """Return the most days that it lasts, begun ones included (1m: 31, 36h: 2); None: working days, unbounded."""
        offset = self.offset
        if offset.workdays:
            return None
        return most_days(offset.months) + offset.days - (-offset.minutes // MINUTES_A_DAY)


def fewest_days(months: int) -> int:
    """Return a lower bound of the days in `months` calendar months in a row (1: 28, 12: 365)."""
    years, rest = divmod(months, 12)
    return years * 365 + years // 8 + FEWEST_DAYS[rest]


def most_days(months: int) -> int:
    """Return an upper bound of the days in `months` calendar months in a row (1: 31, 12: 366)."""
    years, rest = divmod(months, 12)
    return years * 365 - (-years // 4) + MOST_DAYS[rest]


def always_crosses(opens: Duration, closes: Duration) -> bool:
    """Say whether a window from `opens` to `closes` ends before it begins whatever the anchor: a pack is refused.

    Where mixed units cross for some anchors only, the pack stands and such a window ends with the day it opens.
    """
    first, last = opens.offset, closes.offset
    for kind in ("minutes", "months", "workdays"):
        if getattr(first, kind) and getattr(last, kind):
            return bool(getattr(last, kind) < getattr(first, kind))
    if closes.is_instant and not opens.is_instant:
        return last.minutes + MINUTES_A_DAY <= opens.least_days * MINUTES_A_DAY
    if closes.most_days is None:
        return False
    if opens.is_instant and not closes.is_instant:
        return first.minutes >= (closes.most_days + 1) * MINUTES_A_DAY
    return closes.most_days < opens.least_days if not closes.is_instant else last.minutes < first.minutes


def as_duration(value: object) -> Duration:
    """Return a duration or its text as a duration; ValueError for anything else."""
    return value if isinstance(value, Duration) else Duration.parse(value)


DurationText = Annotated[
    Duration, PlainValidator(as_duration), PlainSerializer(str, return_type=str), WithJsonSchema({"type": "string"})
]
"""A duration as a pack writes it: read from its text, written back as its text."""
