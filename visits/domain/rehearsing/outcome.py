"""What came of a rehearsal, as it is shown and as a row keeps it. Order numbers and names of staff only."""

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Self


@dataclass(frozen=True)
class Side:
    """One side: its visits, those that open too near to another one of their customer, and of how many customers."""

    tasks: int
    near: int
    customers: int


@dataclass(frozen=True)
class StepLine:
    """One step: how many visits before and after. `why` says what keeps it from any (see `reasons`)."""

    rule: str
    step: str
    before: int
    after: int
    why: str = ""
    events: int = 0

    @property
    def more(self) -> int:
        """Return how many visits more there are."""
        return self.after - self.before


@dataclass(frozen=True)
class PersonLine:
    """One person, or the pool: visits in all, and the heaviest day; `days` count from the first day of the axis.

    Loads are those of all regulations in force together, `before` and `after` those of this one alone.
    """

    name: str
    unit: str
    capacity: int
    before: int
    after: int
    peak_before: int
    peak_after: int
    peak_on: str
    days_before: list[int]
    days_after: list[int]

    @property
    def is_too_much(self) -> bool:
        """Say whether the heaviest day is more than the person can do."""
        return 0 < self.capacity < self.peak_after


@dataclass(frozen=True)
class WindowLine:
    """One visit of a sampled event: its window before and after, empty where there is none."""

    rule: str
    step: str
    old: str
    new: str


@dataclass(frozen=True)
class SampleLine:
    """One event by its order number, with its visits."""

    order_no: str
    kind: str
    on: str
    windows: list[WindowLine]

    @property
    def shown(self) -> list[WindowLine]:
        """Return the visits that change; all of them where none does."""
        return [one for one in self.windows if one.old != one.new] or self.windows

    @property
    def alike(self) -> int:
        """Return how many visits are not shown because nothing changes for them."""
        return len(self.windows) - len(self.shown)


@dataclass(frozen=True)
class Outcome:
    """All of it. Days are ISO texts; `moved`: the days end where events end; `milliseconds`: what it took."""

    first: str
    last: str
    days: int
    moved: bool
    near_days: int
    events: int
    before: Side
    after: Side
    changed: int
    axis: str
    workdays: int
    steps: list[StepLine] = field(default_factory=list)
    people: list[PersonLine] = field(default_factory=list)
    sample: list[SampleLine] = field(default_factory=list)
    milliseconds: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return it as a row keeps it."""
        return asdict(self)

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        sample = [
            SampleLine(**{**line, "windows": [WindowLine(**one) for one in line["windows"]]}) for line in body["sample"]
        ]
        told = {
            "before": Side(**body["before"]),
            "after": Side(**body["after"]),
            "steps": [StepLine(**line) for line in body["steps"]],
            "people": [PersonLine(**line) for line in body["people"]],
            "sample": sample,
        }
        return cls(**{**body, **told})

    @property
    def silent(self) -> list[StepLine]:
        """Return the steps that made nothing."""
        return [line for line in self.steps if line.after == 0 and line.why]

    @property
    def peak(self) -> PersonLine | None:
        """Return the person with the heaviest day; the pool is nobody."""
        named = [line for line in self.people if line.name]
        return max(named, key=lambda line: line.peak_after, default=None)

    @property
    def first_day(self) -> date:
        """Return the first day whose events were rehearsed."""
        return date.fromisoformat(self.first)

    @property
    def last_day(self) -> date:
        """Return the last one."""
        return date.fromisoformat(self.last)
