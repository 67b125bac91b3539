"""Whether the conditions of a pack hold for given facts, and which of them do not: the ground of every "why not".

A field that is lacking (absent, None, empty text, empty list) makes a condition false, but ``!=`` true.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from config.packs.condition import Condition

MOST_DIGITS: Final = 15  # what a database's float holds exactly; longer digits are an identification, no number
NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.[0-9]+)?")
DAY: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T].*)?", re.DOTALL)
CLOCK: Final = re.compile(r"[0-2][0-9]:[0-5][0-9](?::[0-5][0-9])?")
WORDS: Final = {"true": True, "yes": True, "1": True, "是": True, "false": False, "no": False, "0": False, "否": False}
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
        if isinstance(fact, str) and len(Decimal(str(wanted)).as_tuple().digits) > MOST_DIGITS:
            return None
        return _order(as_number(fact), as_number(wanted))
    if isinstance(wanted, datetime) and isinstance(fact, datetime):
        return _order(fact, wanted if wanted.tzinfo else wanted.replace(tzinfo=fact.tzinfo))
    if isinstance(wanted, datetime) and isinstance(fact, str):
        return None
    if isinstance(wanted, date):
        return _order(_date_text(as_day(fact)), _date_text(wanted))
    if isinstance(wanted, time):
        return _order(as_clock(fact), wanted.strftime("%H:%M:%S"))
    return None


def as_number(value: Any) -> Decimal | None:
    """Return a number, or the number that a text is (``12,000`` too); None for anything else."""
    if isinstance(value, int | float | Decimal):
        number = Decimal(str(value))
        return number if number.is_finite() else None
    text = value.strip(" ") if isinstance(value, str) else ""
    if not NUMBER.fullmatch(text) or sum(map(str.isdigit, text)) > MOST_DIGITS:
        return None
    return Decimal(text.replace(",", ""))


def as_text(value: Any) -> str:
    """Return a value as a pack would write it in quotes: a number without trailing zeros, a day as 2026-03-02."""
    if isinstance(value, int | float | Decimal) and (number := as_number(value)) is not None:
        text = f"{number + 0:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def as_truth(value: Any) -> bool | None:
    """Return a truth value, or the one that a text says (true, yes, 1, 是 and their opposites); else None."""
    return value if isinstance(value, bool) else WORDS.get(value.lower()) if isinstance(value, str) else None


def as_day(value: Any) -> date | str | None:
    """Return a day or a moment, or the ISO text of the day that a text begins with; None for anything else."""
    if isinstance(value, date):
        return value
    found = DAY.fullmatch(value) if isinstance(value, str) else None
    return found[1] if found else None


def as_clock(value: Any) -> str | None:
    """Return a text that is a time of day with its seconds; such times sort as text. None for anything else."""
    found = CLOCK.fullmatch(value) if isinstance(value, str) else None
    return f"{value}:00"[:8] if found else None


def _order(left: Any, right: Any) -> int | None:
    """Return how two values of one kind stand to each other; None where one is missing."""
    return None if left is None or right is None else (left > right) - (left < right)


def _date_text(day: date | str | None) -> str | None:
    """Return the day alone, as the ISO text that sorts as days do."""
    if isinstance(day, datetime):
        return day.date().isoformat()
    return day.isoformat() if isinstance(day, date) else day
