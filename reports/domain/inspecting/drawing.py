"""Which records of a period are inspected: all of newcomers, few of the trusted, a share of the rest. Pure.

Inside its group a record's place is the lowest of its lots, HMAC(kept seed, policy and scorecard, record). A record has
one lot, and one more for each 100 % that its doubts add to its chance: what is doubtful is drawn more often, never
always, and a repetition draws the same (BEYOND A, 13 and 14). Sizes are those of visits (`visits.domain.planning`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from reports.choices import DrawCause
from visits.domain.planning.drawing import Size, quota, rank

LOT: Final = 100  # per cent of its chance for which a record has one lot more


@dataclass(frozen=True, slots=True)
class Drawable:
    """A record among those of its period, by the name that it keeps through corrections.

    `newcomer`: all of whose author are drawn; `trusted`: few are; `always`: it belongs to what is taken whole.
    """

    name: str
    newcomer: bool = False
    trusted: bool = False
    always: bool = False
    doubt: int = 0


@dataclass(frozen=True, slots=True)
class Draw:
    """What one draw has to go by: the kept seed, what is drawn, and how much of it. `few` is the trusted's share."""

    seed: str
    key: str
    size: Size | None
    few: Decimal | None = None


def drawn(pool: Iterable[Drawable], draw: Draw) -> dict[str, DrawCause]:
    """Return the names to inspect, each with its cause. A count includes what is taken whole; a rate is of the rest."""
    everyone = tuple(pool)
    whole = {
        one.name: DrawCause.NEWCOMER if one.newcomer else DrawCause.SAMPLE
        for one in everyone
        if one.newcomer or one.always
    }
    rest = [one for one in everyone if one.name not in whole]
    few = [one for one in rest if one.trusted and draw.few is not None]
    usual = [one for one in rest if one not in few]
    found = dict(whole)
    if draw.few is not None:
        found |= lowest(few, quota(draw.few, len(few)), draw)
    if draw.size is not None:
        found |= lowest(usual, _places(draw.size, len(usual), len(found)), draw)
    return found


def _places(size: Size, rest: int, whole: int) -> int:
    """Return how many of the rest are drawn; a count includes what was drawn before, never more than there are."""
    if size.count is not None:
        return max(0, min(rest, size.count - whole))
    return quota(size.rate or Decimal(0), rest, size.min)


def lowest(pool: Sequence[Drawable], places: int, draw: Draw) -> dict[str, DrawCause]:
    """Return the names of the lowest lots; by risk where only a lot that a doubt added was low enough."""
    lots = {one.name: lots_of(one, draw) for one in pool}
    first = sorted(lots, key=lambda name: min(lots[name]))[:places]
    without = set(sorted(lots, key=lambda name: lots[name][0])[:places])
    return {name: DrawCause.SAMPLE if name in without else DrawCause.RISK for name in first}


def lots_of(one: Drawable, draw: Draw) -> list[str]:
    """Return the lots of a record, the one that it has without any doubt first."""
    names = [one.name, *(f"{one.name}/{number}" for number in range(1, one.doubt // LOT + 1))]
    return [rank(draw.seed, draw.key, name) for name in names]


def second_scored(names: Iterable[str], rate: Decimal | None, *, seed: str, key: str) -> frozenset[str]:
    """Return which of the drawn are scored a second time, blindly: ⌈rate × n⌉ of them, by lots of their own."""
    if rate is None:
        return frozenset()
    ordered = sorted(names, key=lambda name: rank(seed, f"{key}/second", name))
    return frozenset(ordered[: quota(rate, len(ordered))])
