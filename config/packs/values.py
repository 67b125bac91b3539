"""The values that the keys of a pack hold: codes, exact numbers, durations, hours, and lists of them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import BeforeValidator, StrictBool, StrictInt

from config.packs.duration import UNITS, Duration
from config.packs.errors import perhaps, refuse

CODE_LENGTH = 60
TITLE_LENGTH = 60  # what the whole company shows in lists
MOST_DIGITS, MOST_PLACES = 15, 10
MOST_TIMES = 1_000_000
MOST_AMOUNT = 100_000_000
CODE = re.compile(r"[^\s:/@?\[\]{}\"']+(?: [^\s:/@?\[\]{}\"']+)*")
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
CLOSING_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")


def read_code(value: Any) -> str:
    """Return a code: up to 60 characters without ``: / @ ?``, brackets and quotes."""
    if isinstance(value, str) and CODE.fullmatch(value) and len(value) <= CODE_LENGTH:
        return value
    raise refuse(_("this is no code"), allowed=_("up to 60 characters, none of : / @ ? and no brackets or quotes"))


def read_number(value: Any) -> Decimal:
    """Return an exact number of everyday size; TOML's floats were parsed as decimals."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool) and is_everyday(Decimal(value)):
        return Decimal(value)
    mend = _("write it without quotes") if isinstance(value, str) else ""
    raise refuse(_("this is no number"), allowed=_("a number such as 120 or 0.3"), mend=mend)


def is_everyday(number: Decimal) -> bool:
    """Return whether a number is finite, below 10^15 and has no more than ten decimal places."""
    if not number.is_finite() or (number and number.adjusted() >= MOST_DIGITS):
        return False
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -MOST_PLACES


def read_count(value: Any) -> int:
    """Return a whole number of at least 0."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < MOST_TIMES:
        return value
    mend = _("write it without quotes") if isinstance(value, str) else ""
    raise refuse(_("this is no count"), allowed=_("a whole number from 0 on"), mend=mend)


def read_positive(value: Any) -> int:
    """Return a whole number of at least 1."""
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value < MOST_TIMES:
        return value
    raise refuse(_("this is no count"), allowed=_("a whole number from 1 on"))


def read_amount(value: Any) -> Decimal:
    """Return a number of at least 0."""
    number = read_number(value)
    if number < 0:
        raise refuse(_("this number is below 0"), allowed=_("0 or more; whether one pays or gets it, the section says"))
    if number * 100 != (number * 100).to_integral_value():
        raise refuse(_("this is finer than a hundredth"), allowed=_("at most two places after the point"))
    if number > MOST_AMOUNT:
        raise refuse(_("this is beyond all measure"), allowed=_("at most %s") % f"{MOST_AMOUNT:,}")
    return number


def read_share(value: Any) -> Decimal:
    """Return a share above 0 and up to 1."""
    share = read_number(value)
    if not 0 < share <= 1:
        raise refuse(_("this is no share"), allowed=_("above 0 and up to 1: 0.3 is 30 %"))
    return share


def read_duration(value: Any) -> Duration:
    """Return a duration such as ``3wd``."""
    if isinstance(value, Duration):
        return value
    try:
        return Duration.parse(value)
    except (ValueError, TypeError) as error:
        allowed = _("a whole number and one of %s, such as 3wd or 24h") % " ".join(UNITS)
        raise refuse(_("this is no duration"), allowed=allowed) from error


def read_long_duration(value: Any) -> Duration:
    """Return a duration in days or longer, at least one."""
    duration = read_duration(value)
    if duration.is_instant or duration.count == 0:
        raise refuse(_("this is too short"), allowed=_("at least 1, in days or longer: d wd w m y"))
    return duration


def read_clock(value: Any) -> str:
    """Return a time of day as ``HH:MM``."""
    if isinstance(value, time) and not value.second and not value.microsecond:
        return f"{value:%H:%M}"
    if isinstance(value, str) and CLOCK.fullmatch(value):
        return value
    raise refuse(_("this is no time of day"), allowed=_("HH:MM from 00:00 to 23:59"))


def read_hours(value: Any) -> str:
    """Return a span of hours ``HH:MM-HH:MM``; its end is excluded, and one past midnight is allowed."""
    begin, dash, end = value.partition("-") if isinstance(value, str) else ("", "", "")
    if not (dash and CLOCK.fullmatch(begin) and CLOSING_CLOCK.fullmatch(end)) or begin == end:
        raise refuse(_("this is no span of hours"), allowed=_("HH:MM-HH:MM, such as 09:00-12:00, its end excluded"))
    return value


def up_to(length: int) -> BeforeValidator:
    """Return a reader that takes text of up to `length` characters."""

    def read(value: Any) -> Any:
        if isinstance(value, str) and len(value) > length:
            raise refuse(_("this text is too long"), allowed=_("up to %d characters") % length)
        return value

    return BeforeValidator(read)


def as_list(value: Any) -> Any:
    """Read a single value as a list of one."""
    return value if isinstance(value, list | tuple) else [value]


@dataclass(frozen=True)
class OneOf:
    """A reader that takes one of `names` and, for anything else, names them all and the nearest."""

    names: tuple[str, ...]

    def __call__(self, value: Any) -> str:
        if isinstance(value, str) and value in self.names:
            return value
        raise refuse(_("this value is not known"), allowed=" | ".join(self.names), mend=perhaps(value, self.names))


def one_of(names: Iterable[str]) -> OneOf:
    """Return a reader that takes one of `names`; forms ask it which they are."""
    return OneOf(tuple(names))


Code = Annotated[str, BeforeValidator(read_code)]
Number = Annotated[Decimal, BeforeValidator(read_number)]
Amount = Annotated[Decimal, BeforeValidator(read_amount)]
Share = Annotated[Decimal, BeforeValidator(read_share)]
Count = Annotated[int, BeforeValidator(read_count)]
Positive = Annotated[int, BeforeValidator(read_positive)]
Span = Annotated[Duration, BeforeValidator(read_duration)]
LongSpan = Annotated[Duration, BeforeValidator(read_long_duration)]
Clock = Annotated[str, BeforeValidator(read_clock)]
Hours = Annotated[str, BeforeValidator(read_hours)]
Flag = StrictBool
Whole = StrictInt
Title = Annotated[str, up_to(TITLE_LENGTH)]
AsList = BeforeValidator(as_list)
Texts = Annotated[tuple[str, ...], AsList]
Codes = Annotated[tuple[Code, ...], AsList]
