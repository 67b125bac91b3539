"""Whose each rehearsed visit would be, and which of a drawn step's would be made at all."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from config.packs.rule import StepSpec
from staff.domain.workforce import Workforce
from visits.domain.assigning.choosing import Choice, Wanted, choose
from visits.domain.planning.drawing import Candidate, draw_end, pool_key
from visits.domain.planning.forecasting import BY_NAME
from visits.domain.rehearsing.happening import Happening
from visits.domain.rehearsing.replaying import Visit

NOT_YET: Final = -1
LOTS: Final = "rehearsal"  # the seed of a rehearsed draw: the same events give the same visits each time


@dataclass
class Sharing:
    """Gives visits to people as assigning would; a role's fall to whoever has had the fewest so far."""

    workforce: Workforce
    load: Counter[int] = field(default_factory=Counter)
    _known: dict[tuple[int, int | None, int | None, date], int | None] = field(default_factory=dict, repr=False)

    def person(self, visit: Visit) -> int | None:
        """Return whose the visit would be on the day it opens; None for a pool."""
        spec, one = visit.step.spec, visit.happening
        key = (id(spec), one.advisor, one.owner, visit.opens_on)
        found = self._known.get(key, NOT_YET)
        if found == NOT_YET:
            choice = self._choose(spec, one, visit.opens_on)
            found = choice.assignee
            if choice.by in BY_NAME and not spec.exclude:  # nobody's load or unit was asked: the same for all of them
                self._known[key] = found
        if found is not None:
            self.load[found] += 1
        return found

    def _choose(self, spec: StepSpec, one: Happening, on: date) -> Choice:
        wanted = Wanted(spec.assign, spec.exclude, spec.needs, one.advisor, one.owner, one.area, one.unit, one.written)
        return choose(wanted, self.workforce, load=self.load, on=on)


@dataclass
class Pools:
    """The visits of drawn steps, kept until all of their pools are known."""

    _pools: dict[tuple[str, str, str], list[Visit]] = field(default_factory=lambda: defaultdict(list))

    def keep(self, visit: Visit) -> bool:
        """Keep a visit that depends on a draw; False for one that does not."""
        sample = visit.step.spec.sample
        if sample is None:
            return False
        facts = visit.happening.facts
        on = visit.opens_on if visit.occurrence else facts.happened_on
        rule, step, _turn = visit.key
        self._pools[rule, step, pool_key(sample.per, on, order_no=facts.order_no)].append(visit)
        return True

    def drawn(self) -> Iterator[Visit]:
        """Yield the visits that a draw leaves, pool by pool."""
        for (rule, step, _key), visits in self._pools.items():
            sample = visits[0].step.spec.sample
            if sample is None:
                continue
            named = {_name(visit): visit for visit in visits}
            lots = [Candidate(name, always=visit.always) for name, visit in named.items()]
            for name in sorted(draw_end(lots, sample, seed=LOTS, step_key=f"{rule}/{step}")):
                yield named[name]


def _name(visit: Visit) -> str:
    facts = visit.happening.facts
    return f"{facts.order_no}/{facts.event_id}/{visit.occurrence}"
