"""Releases as the audit reads them: the text of the pack as plain tables, without the program's own reading of it."""

import tomllib
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Final

UNITS: Final = {"d": 1, "w": 7}
DEFAULTS: Final[dict[str, Any]] = {"stacking": "all", "count_by": "occurred", "cap": None}

Table = dict[str, Any]


@cache
def tables(content: str) -> Table:
    """Return the sections of a release."""
    return tomllib.loads(content, parse_float=Decimal)


def ledger_of(content: str) -> Table:
    """Return how a release counts its entries."""
    return DEFAULTS | tables(content).get("ledger", {})


def rule_of(content: str, kind: str, code: str) -> Table:
    """Return a penalty or reward of a release, empty where it lacks that code."""
    section = "penalty" if kind == "penalty" else "reward"
    return next((one for one in tables(content).get(section, []) if one.get("code") == code), {})


def as_list(value: Any) -> list[Any]:
    """Return what a key holds as a list: a single value stands for a list of one."""
    return list(value) if isinstance(value, list) else [] if value in (None, "") else [value]


def hundredths(figure: Any) -> int:
    """Return a figure of a pack in hundredths."""
    return int(Decimal(str(figure)) * 100)


def counts_together(one: date, other: date, tier_period: str) -> bool:
    """Say whether a violation on the day `other` counts for the tier of one on the day `one`."""
    if tier_period == "month":
        return (one.year, one.month) == (other.year, other.month)
    return first_day(one, tier_period) <= other <= one


def first_day(one: date, tier_period: str) -> date:
    """Return the first of the days up to `one` that a rolling period such as ``30d`` or ``3M`` holds."""
    number, unit = int(tier_period[:-1]), tier_period[-1]
    if unit in UNITS:
        return one - timedelta(number * UNITS[unit] - 1)
    months = one.year * 12 + one.month - 1 - number * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    last = [31, 29 if year % 4 == 0 and (year % 100 or year % 400 == 0) else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return date(year, month + 1, min(one.day, last[month])) + timedelta(1)
