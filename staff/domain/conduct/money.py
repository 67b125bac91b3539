"""Amounts as whole hundredths: fen, or hundredths of a point. Nothing here ever is a binary fraction."""

from decimal import Decimal, InvalidOperation
from typing import Any, Final

HUNDRED: Final = 100
MOST: Final = 100_000_000 * HUNDRED  # a figure above a hundred million is a slip of the keyboard


class NoAmount(ValueError):
    """The value is no amount: not a number, negative, finer than a hundredth, or beyond all measure."""


def hundredths(value: Any) -> int:
    """Return a number as whole hundredths. Raises `NoAmount`; binary fractions are refused, for they are not exact."""
    if isinstance(value, bool | float):
        raise NoAmount(str(value))
    try:
        number = Decimal(str(value).strip())
        whole = number * HUNDRED
        exact = number.is_finite() and whole == whole.to_integral_value() and 0 <= whole <= MOST
    except InvalidOperation:
        exact = False
    if not exact:
        raise NoAmount(str(value))
    return int(whole)


def plain(amount: int) -> str:
    """Return hundredths as people write the figure: ``50``, ``12.50``, ``-0.05``."""
    whole, rest = divmod(abs(amount), HUNDRED)
    return f"{'-' if amount < 0 else ''}{whole}" + (f".{rest:02d}" if rest else "")
