"""Whether the conditions of a pack hold for given facts, and which of them do not: the ground of every "why not".

A field that is lacking (absent, None, empty text, empty list) makes a condition false, but ``!=`` true.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from config.packs.condition import Condition

NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?")
WORDS: Final = {"true": True, "是": True, "false": False, "否": False}
ORDERS: Final = {"<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (1, 0)}

Facts = Mapping[str, Any]
"""Field → value or list of values: text, numbers, truth values, days; moments in the policy's local time."""


def holds(conditions: Sequence[Condition], match: str, facts: Facts) -> bool:
    """Say whether `conditions` hold together: ``all`` of them, or ``any``; none at all hold."""
    return not failing(conditions, match, facts)


def failing(conditions: Sequence[Condition], match: str, facts: Facts) -> list[Condition]:
    """Return the conditions that keep the whole from holding, in their order; empty where it holds."""
    failed = [condition for condition in conditions if not is_met(condition, facts)]
    return [] if match == "any" and len(failed) < len(conditions) else failed


def is_met(condition: Condition, facts: Facts) -> bool:
    """Say whether one condition holds; a field with several values equals each of them."""
    values = present(facts.get(condition.field))
    match condition.op:
        case "!=":
            return not any(equal(value, condition.value) for value in values)
        case "==":
            return any(equal(value, condition.value) for value in values)
        case "in":
            return any(equal(value, wanted) for value in values for wanted in condition.value)
        case _:
            return any(compare(value, condition.value) in ORDERS[condition.op] for value in values)


def present(fact: Any) -> list[Any]:
    """Return the values of a field, those that are empty left out."""
    values = fact if isinstance(fact, list | tuple | set | frozenset) else [fact]
    return [value for value in values if value is not None and value != ""]


def equal(fact: Any, wanted: Any) -> bool:
    """Say whether a fact is what a condition names: text exactly, numbers as numbers, days as days."""
    if isinstance(wanted, bool) or isinstance(fact, bool):
        return as_truth(fact) is not None and as_truth(fact) is as_truth(wanted)
    if isinstance(wanted, str):
        return as_text(fact) == wanted
    return compare(fact, wanted) == 0


def compare(fact: Any, wanted: Any) -> int | None:
    """Return -1, 0 or 1 as `fact` is below, at or above `wanted`; None where the two have no order."""
    if isinstance(wanted, bool) or isinstance(fact, bool):
        return None
    if isinstance(wanted, int | float | Decimal):
        return _order(as_number(fact), as_number(wanted))
    if isinstance(wanted, datetime) and isinstance(as_day(fact), datetime):
        return _order(_wall(as_day(fact)), _wall(wanted))
    if isinstance(wanted, date):
        return _order(_date(as_day(fact)), _date(wanted))
    if isinstance(wanted, time):
        return _order(as_time(fact), wanted)
    return None


def as_number(value: Any) -> Decimal | None:
    """Return a number, or the number that a text is (full-width digits and ``12,000`` too); None for anything else."""
    if isinstance(value, int | float | Decimal):
        number = Decimal(str(value))
        return number if number.is_finite() else None
    text = unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else ""
    return Decimal(text.replace(",", "")) if NUMBER.fullmatch(text) else None


def as_text(value: Any) -> str:
    """Return a value as a pack would write it in quotes: a number without trailing zeros, a day as 2026-03-02."""
    if isinstance(value, int | float | Decimal) and (number := as_number(value)) is not None:
        text = f"{number:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return value.isoformat() if isinstance(value, date | time) else str(value)


def as_truth(value: Any) -> bool | None:
    """Return a truth value, or the one that a text says (true, false, 是, 否); None for anything else."""
    return value if isinstance(value, bool) else WORDS.get(value.strip().lower()) if isinstance(value, str) else None


def as_day(value: Any) -> date | None:
    """Return a day or a moment, or the one that an ISO text says; None for anything else."""
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        return None
    try:
        return datetime.fromisoformat(value) if len(value) > len("2026-03-02") else date.fromisoformat(value)
    except ValueError:
        return None


def as_time(value: Any) -> time | None:
    """Return a time of day, that of a moment, or the one that an ISO text says; None for anything else."""
    if isinstance(value, datetime):
        return value.time()
    if isinstance(value, time):
        return value
    try:
        return time.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _order(left: Any, right: Any) -> int | None:
    """Return how two values of one kind stand to each other; None where one is missing."""
    return None if left is None or right is None else (left > right) - (left < right)


def _wall(moment: date | None) -> datetime | None:
    """Return a moment as local wall time, without its offset."""
    return moment.replace(tzinfo=None) if isinstance(moment, datetime) else None


def _date(day: date | None) -> date | None:
    """Return the day alone."""
    return day.date() if isinstance(day, datetime) else day
