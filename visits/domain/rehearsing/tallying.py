"""Adding up the visits of one side of a rehearsal: by step, by person and day, by customer."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from visits.domain.rehearsing.replaying import Visit
from visits.domain.rehearsing.sharing import Pools, Sharing

NOBODY = 0


@dataclass
class Tally:
    """What one side makes. `loads` count by (person, last day in time), `others` those of the other regulations."""

    sharing: Sharing
    drawn: Pools = field(default_factory=Pools)
    drawn_of_others: Pools = field(default_factory=Pools)
    steps: Counter[tuple[str, str]] = field(default_factory=Counter)
    loads: Counter[tuple[int, date]] = field(default_factory=Counter)
    others: Counter[tuple[int, date]] = field(default_factory=Counter)
    opened: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, visits: Iterable[Visit], *, own: bool = True) -> None:
        """Count these visits; those of drawn steps wait for their draw."""
        pools = self.drawn if own else self.drawn_of_others
        for visit in visits:
            if not pools.keep(visit):
                self._count(visit, own=own)

    def draw(self) -> None:
        """Count what the draws leave, once every visit has been added."""
        for visit in self.drawn.drawn():
            self._count(visit, own=True)
        for visit in self.drawn_of_others.drawn():
            self._count(visit, own=False)

    def _count(self, visit: Visit, *, own: bool) -> None:
        person = self.sharing.person(visit) or NOBODY
        loads = self.loads if own else self.others
        loads[person, visit.due_on] += 1
        self.opened[visit.happening.facts.customer_id].append(visit.opens_on.toordinal())
        if own:
            rule, step, _turn = visit.key
            self.steps[rule, step] += 1

    @property
    def tasks(self) -> int:
        """Return how many visits there are, those of other regulations left out."""
        return sum(self.steps.values())

    def collisions(self, near_days: int) -> tuple[int, int]:
        """Return how many visits open within `near_days` days of the one before, and of how many customers."""
        pairs = customers = 0
        for days in self.opened.values():
            days.sort()
            close = sum(1 for before, after in zip(days, days[1:], strict=False) if after - before < near_days)
            pairs += close
            customers += bool(close)
        return pairs, customers
