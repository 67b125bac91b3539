"""Whether conditions hold, judged a second time on plain dictionaries."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation

ORDERS = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}  # fmt: skip


def listed(value) -> list:
    """Return a list, whether one or several were written."""
    return value if isinstance(value, list) else [] if value is None else [value]


def holds(rule: dict, order: dict) -> bool:
    """Say whether the conditions of a rule or step hold."""
    met = [meets(each, order) for each in listed(rule.get("when"))]
    return not met or (any(met) if rule.get("match") == "any" else all(met))


def is_always(wanted, order: dict) -> bool:
    """Say whether a segment or condition takes the order whole."""
    return wanted in listed(order.get("segment")) if isinstance(wanted, str) else meets(wanted, order)


def meets(condition: dict, order: dict) -> bool:
    """Say whether one condition holds."""
    name, op, value = condition["field"], condition["op"], condition["value"]
    found = [each for each in listed(order.get(name, order.get("more", {}).get(name))) if each not in (None, "")]
    if op == "!=":
        return not any(equal(each, value) for each in found)
    if op in ("==", "in"):
        return any(equal(each, wanted) for each in found for wanted in (listed(value)))
    same = [alike(each, value) for each in found]
    return any(each is not None and ORDERS[op](each, alike(value, value)) for each in same)


def equal(found, value) -> bool:
    """Say whether a value is the one of a condition."""
    same = alike(found, value)
    return same is not None and same == alike(value, value)


def alike(found, value):
    """Return what was found as what it is compared with; None where it is nothing of the kind."""
    if isinstance(value, bool):
        return {True: True, False: False, "是": True, "否": False}.get(found)
    if isinstance(value, date):
        return found.date() if isinstance(found, datetime) else found if isinstance(found, date) else day_of(found)
    if isinstance(value, int | float | Decimal):
        try:
            return Decimal(str(found).replace(",", ""))
        except InvalidOperation:
            return None
    return found if isinstance(found, str) else str(found)


def day_of(text: str) -> date | None:
    """Return the day that a further column holds as text."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
