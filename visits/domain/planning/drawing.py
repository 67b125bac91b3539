"""Which events of a pool are visited: exact quotas, a lot that can be repeated, draws at the end or as events come in.

Inside its pool an event's place is HMAC(kept seed, step, order number) (DECISIONS 22). What is drawn stays drawn.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from staff.domain.periods import period_of

BY_EVENT: Final = "event"


class Size(Protocol):
    """How large a sample is: `config.packs.rule.SampleSpec` says it."""

    @property
    def rate(self) -> Decimal | None: ...
    @property
    def count(self) -> int | None: ...
    @property
    def min(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """An event in a pool. Exempt and merged cases are none.

    `always`: it belongs to what is taken whole; `drawn`: it was drawn already; `is_open`: its window is not over.
    """

    order_no: str
    always: bool = False
    drawn: bool = False
    is_open: bool = True


def quota(rate: Decimal, n: int, minimum: int = 0) -> int:
    """Return ⌈rate × n⌉, exactly (7 % of 100 is 7), at least `minimum` and at most `n`."""
    if isinstance(rate, float):
        raise TypeError(f"A rate is an exact decimal; {rate!r} is a float.")
    return min(n, max(minimum, ceil(Fraction(rate) * n)))


def rank(seed: str, step_key: str, order_no: str) -> str:
    """Return the place of an event in its pool: HMAC-SHA256 under the pool's kept seed, in hexadecimal digits."""
    return hmac.new(seed.encode(), f"{step_key}\n{order_no}".encode(), hashlib.sha256).hexdigest()


def draw_end(candidates: Iterable[Candidate], size: Size, *, seed: str, step_key: str) -> frozenset[str]:
    """Return the order numbers to visit of a complete pool: what is taken whole, and the lowest ranks of the rest.

    Drawn ones stay; so a pool drawn before, and grown since, is only topped up.
    """
    pool = tuple(candidates)
    kept = {one.order_no for one in pool if one.drawn or one.always}
    return frozenset(kept | _lowest(pool, places_left(pool, size), seed, step_key))


def draw_running(candidates: Iterable[Candidate], size: Size, *, seed: str, step_key: str) -> frozenset[str]:
    """Return the order numbers newly drawn after an intake: what is taken whole, and the rest up to its quota.

    The quota is that of the events so far; it is filled from undrawn events with open windows and never exceeded.
    """
    pool = tuple(candidates)
    whole = {one.order_no for one in pool if one.always and not one.drawn}
    open_ones = [one for one in pool if one.is_open]
    return frozenset(whole | _lowest(open_ones, places_left(pool, size), seed, step_key))


def places_left(pool: Iterable[Candidate], size: Size) -> int:
    """Return how many of the rest are still to be drawn: a rate is of the rest, a count includes the whole ones."""
    pool = tuple(pool)
    rest = [one for one in pool if not one.always]
    if size.count is not None:
        wanted = min(len(rest), size.count - (len(pool) - len(rest)))
    else:
        wanted = quota(size.rate or Decimal(0), len(rest), size.min)
    return max(0, wanted - sum(one.drawn for one in rest))


def _lowest(pool: Iterable[Candidate], places: int, seed: str, step_key: str) -> set[str]:
    """Return the order numbers of the `places` lowest ranks among what is neither drawn nor taken whole."""
    undrawn = (one.order_no for one in pool if not one.always and not one.drawn)
    return set(sorted(undrawn, key=lambda order_no: rank(seed, step_key, order_no))[:places])


def pool_key(per: str, on: date, *, order_no: str = "") -> str:
    """Return the name of the pool of an event (or opening) on `on`: 2026-03-02, 2026-W10, 2026-03, 2026-Q1, 2026.

    A pool `per` event is one event on many customers, named by its order number.
    """
    return f"event:{order_no}" if per == BY_EVENT else period_of(per, on).key


def pool_ends_at(per: str, on: date, zone: ZoneInfo) -> datetime | None:
    """Return when the pool that `on` is in is complete (UTC); None for one event, complete as soon as it is there."""
    return None if per == BY_EVENT else period_of(per, on).ends_at(zone)
