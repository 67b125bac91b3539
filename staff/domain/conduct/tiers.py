"""Which tier a violation is in, from those confirmed before it: pure arithmetic (POLICY_PACK, `tiers`, `from_count`).

A period is a calendar month, or the days up to the violation's own, that one included. `from_count = n` lets every n-th
in the period act and counts anew after it; the others have tier 0: they stand, and cost nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from config.packs.duration import Duration
from staff.domain.calendar import add_months

CALENDAR_MONTH = "month"
NO_EFFECT = 0


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Say whether the day lies in it."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Placed:
    """A violation that counts: the day that places it, and its tier."""

    day: date
    tier: int | None


@dataclass(frozen=True, slots=True)
class Open:
    """A proposal to be ranked; `order` sorts those of one day."""

    id: int
    day: date
    order: tuple[Any, ...] = ()


def period_of(day: date, tier_period: str) -> Span:
    """Return the days whose violations count together with one of that day."""
    if tier_period == CALENDAR_MONTH:
        first = day.replace(day=1)
        return Span(first, add_months(first, 1) - timedelta(1))
    offset = Duration.parse(tier_period).offset
    before = add_months(day, -offset.months) - timedelta(offset.days)
    return Span(before + timedelta(1), day)


def next_tier(before: Iterable[int | None], from_count: int) -> int:
    """Return the tier of one that comes after those, given in the order in which they were confirmed."""
    acted, since = 0, 0
    for tier in before:
        acted, since = (acted, since + 1) if tier == NO_EFFECT else (acted + 1, 0)
    return acted + 1 if since + 1 >= from_count else NO_EFFECT


def tier_of(day: date, standing: Sequence[Placed], *, tier_period: str, from_count: int) -> int:
    """Return the tier of one on that day, `standing` being confirmed before it, in that order."""
    period = period_of(day, tier_period)
    return next_tier([one.tier for one in standing if period.holds(one.day)], from_count)


def ranked(waiting: Iterable[Open], standing: Sequence[Placed], *, tier_period: str, from_count: int) -> dict[int, int]:
    """Return the tier that each proposal would get if they were confirmed in the order of their days."""
    counted, found = list(standing), {}
    for one in sorted(waiting, key=lambda one: (one.day, one.order, one.id)):
        found[one.id] = tier_of(one.day, counted, tier_period=tier_period, from_count=from_count)
        counted.append(Placed(one.day, found[one.id]))
    return found


def amount_at(tiers: Sequence[Decimal], tier: int) -> Decimal:
    """Return what a tier costs: the last figure is that of every later one, tier 0 costs nothing."""
    return tiers[min(tier, len(tiers)) - 1] if tier > NO_EFFECT else Decimal(0)
