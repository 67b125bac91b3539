"""A few events to look at one by one: those that a change touches first, the same ones each time."""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from visits.domain.rehearsing.happening import Happening
from visits.domain.rehearsing.replaying import Visit

SAMPLE: Final = 20
Key = tuple[str, str, int]


@dataclass(frozen=True)
class Sampled:
    """One event with its visits on both sides."""

    happening: Happening
    before: Mapping[Key, Visit]
    after: Mapping[Key, Visit]

    @property
    def differs(self) -> bool:
        """Say whether the two sides make other visits of it, or in other windows."""
        return _windows(self.before) != _windows(self.after)


@dataclass
class Sampler:
    """Keeps a few events, those that change before those that do not; the same ones each time."""

    kept: list[tuple[bool, str, int, Sampled]] = field(default_factory=list)
    changed: int = 0

    def add(self, one: Sampled) -> None:
        """Consider an event; only one with any visit at all is worth looking at."""
        if not one.before and not one.after:
            return
        self.changed += one.differs
        facts = one.happening.facts
        lot = sha256(f"{facts.order_no}/{facts.event_id}".encode()).hexdigest()
        heapq.heappush(self.kept, (one.differs, lot, facts.event_id, one))
        if len(self.kept) > SAMPLE:
            heapq.heappop(self.kept)

    def sample(self) -> list[Sampled]:
        """Return them, those that happened last at the front."""
        found = [one for _differs, _lot, _event, one in self.kept]
        return sorted(found, key=lambda one: one.happening.facts.happened_at, reverse=True)


def _windows(visits: Mapping[Key, Visit]) -> dict[Key, tuple[object, object]]:
    return {key: (visit.opens_on, visit.due_on) for key, visit in visits.items()}
