"""Whether the times of a step can be: which keys exclude each other, no closing before the opening, no draw too late.

A window that crosses for every anchor is refused; one that crosses for some ends, when it happens, with the day it
opens. Whether a draw comes too late is tried on every anchor day of four years.
"""

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from config.packs.base import is_blank
from config.packs.duration import UNKNOWN, Duration, always_crosses
from config.packs.errors import refuse

if TYPE_CHECKING:
    from config.packs.rule import StepSpec

FIRST, YEARS = date(2024, 1, 1), 4
MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
DAY = 1440
MINUTES = {"min": 1, "h": 60, "d": DAY, "wd": DAY, "w": 7 * DAY}
LONGEST_PERIOD = {"month": 31, "quarter": 92, "half_year": 184, "year": 366}
LONGEST_HOLIDAY = 10  # days without work in a row, at most
GIVEN = "given"


def check_timing(step: "StepSpec") -> None:
    """Refuse keys that exclude each other, and `closes` before `opens`; keys without a figure are passed over."""
    check_recurrence(step)
    if not any(is_blank(value) for value in (step.closes, step.opens, step.align)) and step.closes != GIVEN:
        check_order(step)


def check_recurrence(step: "StepSpec") -> None:
    """Refuse two ways of coming again at once."""
    chained, is_aligned = step.anchor == "previous_visit", step.align not in ("none", UNKNOWN)
    if step.every is not None and is_aligned:
        raise refuse(_("every and align exclude each other"), allowed=_("one of the two"))
    if step.every is not None and chained:
        raise refuse(_("a chain on the previous visit has no every"), allowed=_("opens and closes set its rhythm"))
    if chained and is_aligned:
        raise refuse(_("a chain on the previous visit is not aligned"), allowed=_("anchor or align, one of the two"))


def check_order(step: "StepSpec") -> None:
    """Refuse a window that closes before it opens whatever the day of the anchor."""
    if step.align == "none":
        crossed = always_crosses(step.opens, step.closes)
    else:
        most = step.closes.most_days
        crossed = most is not None and most + LONGEST_PERIOD[step.align] <= step.opens.least_days
    if crossed:
        raise refuse(
            _("closes (%(closes)s) lies before opens (%(opens)s)") % {"closes": step.closes, "opens": step.opens},
            allowed=_("a closing at or after the opening"),
        )


def draws_too_late(step: "StepSpec", *, by_opening: bool) -> bool:
    """Return whether ``draw = "end"`` could find a window closed before its pool is complete.

    The pool is that of the event's day, or (`by_opening`, rules on customers) of the day on which the window opens.
    """
    sample = step.sample
    if sample is None or step.blanks() or sample.draw != "end" or sample.per == "event":
        return False
    if step.anchor == "previous_visit":
        return False
    return step.closes == GIVEN or closes_too_soon(
        step.opens, step.closes, step.align, step.shift, sample.per, by_opening
    )


@cache
def closes_too_soon(opens: Duration, closes: Duration, align: str, shift: str, per: str, by_opening: bool) -> bool:
    """Return whether some window is over, or just ending, when the pool that it belongs to is complete."""
    earlier = timedelta(days=LONGEST_HOLIDAY if shift == "previous" else 0)
    for anchor, (first, last) in zip(anchor_days(), bases(align), strict=True):
        opening = moved(first, opens)
        bound = max(earliest_bound(last, closes) - earlier, opening + timedelta(days=1))
        if bound <= end_of(per, opening if by_opening else anchor):
            return True
    return False


def bases(align: str) -> Iterator[tuple[date, date]]:
    """Yield for each anchor day the days from which `opens` and `closes` count."""
    return (aligned(anchor, align) for anchor in anchor_days())


def anchor_days() -> Iterator[date]:
    """Yield every day of four years, a leap year among them."""
    return (FIRST + timedelta(days=n) for n in range(365 * YEARS + 1))


def aligned(anchor: date, align: str) -> tuple[date, date]:
    """Return the days from which `opens` and `closes` count: the anchor, or the next whole period's ends."""
    if align == "none":
        return anchor, anchor
    first = end_of(align, anchor)
    return first, end_of(align, first) - timedelta(days=1)


def moved(day: date, offset: Duration) -> date:
    """Return `day` moved by `offset`: hours count as the whole days in them, a working day as a calendar day."""
    if offset.unit in ("m", "y"):
        return later_month(day, offset.count * (12 if offset.unit == "y" else 1))
    return day + timedelta(minutes=offset.count * MINUTES[offset.unit])


def earliest_bound(day: date, offset: Duration) -> date:
    """Return the first day wholly after the closing of an event at 00:00 of `day`; an instant itself is in time."""
    if offset.is_instant:
        return day + timedelta(days=offset.count * MINUTES[offset.unit] // DAY + 1)
    return moved(day, offset) + timedelta(days=1)


def later_month(day: date, months: int) -> date:
    """Return the same day `months` later, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def end_of(period: str, day: date) -> date:
    """Return the first day after the day, week, month, … that `day` is in."""
    if period == "day":
        return day + timedelta(days=1)
    if period == "week":
        return day + timedelta(days=7 - day.weekday())
    length = MONTHS[period]
    return later_month(day.replace(month=(day.month - 1) // length * length + 1, day=1), length)
