"""Who earns a reward: by its bar, or by rank among the staff. Pure arithmetic, exact: no float comes near a bar.

The staff of a reward are those who have the figure: "—" earns nothing and is not counted among them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from config.packs.consequences import RewardSpec
from reports.domain.figures.measured import Measured


@dataclass(frozen=True, slots=True)
class Earner:
    """One who earns it. `rank` counts from 1, equals share it; 0 where nobody is ranked.

    `tied`: all who stand equal at the last of the `places` where the regulation leaves it to people to decide among
    them; empty for whoever has a place for sure. `staff`: among how many.
    """

    employee: int
    rank: int = 0
    places: int = 0
    staff: int = 0
    tied: tuple[int, ...] = ()


def earners(
    spec: RewardSpec, figures: Mapping[int, Measured], groups: Mapping[int, int | None], *, counts: bool = False
) -> list[Earner]:
    """Return who earns a reward, by unit and rank.

    `groups`: the unit of each person that the reward is given in; `counts`: the figure counts something, and nobody is
    the first of those who have nothing.
    """
    units: defaultdict[int | None, dict[int, Fraction]] = defaultdict(dict)
    for employee, figure in figures.items():
        if figure.value is not None:
            units[groups.get(employee)][employee] = figure.value
    found: list[Earner] = []
    for unit in sorted(units, key=lambda one: (one is not None, one)):
        if len(units[unit]) >= spec.min_staff:
            found += _of_unit(spec, units[unit], {who: figures[who] for who in units[unit]}, counts=counts)
    return found


def places_of(spec: RewardSpec, staff: int) -> int:
    """Return how many are honoured among so many: a share is rounded as the reward says, exactly."""
    if spec.top_n is not None:
        return spec.top_n
    share = Fraction(spec.top or 0) * staff
    return floor(share) if spec.round == "down" else ceil(share)


def ranks(values: Mapping[int, Fraction]) -> dict[int, int]:
    """Return the rank of each, the highest first; equals share one, and the next is as many behind (1, 1, 3)."""
    ordered = sorted(values.values(), reverse=True)
    return {who: ordered.index(value) + 1 for who, value in values.items()}


def _of_unit(
    spec: RewardSpec, values: Mapping[int, Fraction], figures: Mapping[int, Measured], *, counts: bool
) -> list[Earner]:
    passed = [who for who in values if figures[who].meets(spec.op, spec.threshold)]
    if spec.top is None and spec.top_n is None:
        return [Earner(who, staff=len(values)) for who in sorted(passed)]
    standing = ranks(values)
    if counts:
        passed = [who for who in passed if values[who] > 0]
    places = places_of(spec, len(values))
    return _placed(spec, {who: standing[who] for who in passed}, places, len(values))


def _placed(spec: RewardSpec, standing: Mapping[int, int], places: int, staff: int) -> list[Earner]:
    """Return who has a place: equals at the last one all get it (`ties = all`), or wait for a decision."""
    found: list[Earner] = []
    for rank in sorted(set(standing.values())):
        equals = tuple(sorted(who for who, one in standing.items() if one == rank))
        left = places - len(found)
        if left <= 0:
            break
        tied = equals if spec.ties == "decide" and len(equals) > left else ()
        found += [Earner(who, rank, left if tied else places, staff, tied) for who in equals]
    return found


def in_a_row(met: Iterable[bool], streak: int) -> bool:
    """Say whether the newest of the periods, given newest first, completes a streak; after each one counts anew."""
    run = 0
    for one in met:
        if not one:
            break
        run += 1
    return run > 0 and run % streak == 0
