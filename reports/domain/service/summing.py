"""What a general manager reads of a report first: its main figures, what moved most, the clauses broken most.

Made of the frozen content by the same words and changes as the tables below it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from reports.domain.service import cells
from reports.domain.service.cells import Cell
from reports.domain.service.content import Change, Content, Figure, changes
from reports.domain.service.measuring import STANDARD
from reports.domain.service.parting import by_whom, clause_name, why
from reports.domain.service.tables import Sight, against, name_of, target_of

MOST_FIGURES: Final = 8
MOST_CHANGES: Final = 3
MOST_CLAUSES: Final = 3
# After those with a target: what says most about a period.
FIRST: Final = ("visit_count", "satisfaction_rate", "timely_rate", "completion_rate", "complaint_count")


@dataclass(frozen=True, slots=True)
class Headline:
    """One main figure; `change` against `before`, `met` None without a target or over nothing."""

    name: str
    value: Cell
    before: Cell
    change: Cell
    target: str
    met: bool | None


@dataclass(frozen=True, slots=True)
class Broken:
    """One clause that was broken: how often, how often before; by whom and why for those who manage it."""

    name: str
    count: int
    before: int
    who: str
    why: str


@dataclass(frozen=True)
class Summary:
    """The first screen of a report; `aimed` figures have a target over something, `met` of them reach it."""

    headlines: Sequence[Headline]
    better: Sequence[Headline]
    worse: Sequence[Headline]
    n_better: int
    n_worse: int
    clauses: Sequence[Broken]
    broken: int
    met: int
    aimed: int

    @property
    def more_better(self) -> int:
        """Return how many figures got better beside those named."""
        return self.n_better - len(self.better)

    @property
    def more_worse(self) -> int:
        """Return how many figures got worse beside those named."""
        return self.n_worse - len(self.worse)


def summary(content: Content, sight: Sight) -> Summary:
    """Return what stands on the first screen; names only for those who may see them."""
    found = changes(content)
    better, worse = ([one for one in found if one.better is good] for good in (True, False))
    judged = [one.met for one in content.figures if one.met is not None]
    return Summary(
        [_headline(one) for one in sorted(content.figures, key=_order)[:MOST_FIGURES]],
        _moved(better), _moved(worse), len(better), len(worse),
        [_broken(one, sight) for one in content.clauses[:MOST_CLAUSES]],
        sum(one["count"] for one in content.clauses), sum(judged), len(judged),
    )  # fmt: skip


def _order(figure: Figure) -> tuple[bool, bool, int]:
    """Put those with a target first, what is over nothing last."""
    order = (*FIRST, *(one for one in STANDARD if one not in FIRST))
    place = order.index(figure.metric) if figure.metric in order else len(order)
    return figure.now.value is None, not figure.target, place


def _moved(found: Sequence[Change]) -> list[Headline]:
    return [_headline(one.figure) for one in found[:MOST_CHANGES]]


def _headline(figure: Figure) -> Headline:
    before, change = against(figure, figure.at(1))
    value = cells.value_of(figure.now, figure.metric)
    return Headline(name_of(figure), value, before, change, target_of(figure) if figure.target else "", figure.met)


def _broken(one: dict[str, Any], sight: Sight) -> Broken:
    told = (by_whom(one), why(one) if one["why"] else "") if sight.managed else ("", "")
    return Broken(clause_name(one), one["count"], one["before"], *told)
