"""What somebody can earn this period, and how far it is: every reward and target with the figure of today."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from config.packs.asking import QuestionSpec
from config.packs.consequences import PenaltySpec, RewardSpec
from config.packs.measuring import KpiSpec
from config.packs.pack import Pack
from reports.domain.figures.attaining import VOTES, Attainment, group_of
from reports.domain.figures.earning import places_of, ranks
from reports.domain.figures.measured import COUNTS, NOTHING, UNOWNED, Measured, together
from reports.domain.figures.pacing import Pace, pace
from reports.domain.figures.query import query
from reports.domain.figures.rewarding import clauses_of
from reports.domain.figures.targets import targets_of
from reports.domain.figures.tasks import still_to_come
from staff.domain.conduct.rules import Rule, in_force
from staff.domain.periods import Period, period_of
from staff.domain.policies import spec_of
from staff.domain.workforce import Workforce, load_workforce
from staff.models import Employee, Release

BY_TASKS: Final = frozenset({"worked_rate", "completion_rate", "success_rate", "timely_rate"})
BY_VISITS: Final = frozenset({"css_average", "satisfaction_rate"})


@dataclass(frozen=True, slots=True)
class Goal:
    """One reward, penalty or target before one person.

    `amount` is what the pack names (yuan or points, by `unit`), None of a target and of an honour. `rank` counts from
    1 among `staff`, of whom `places` are honoured; 0 where nobody is ranked.
    """

    release: Release
    section: str
    code: str
    title: str
    clause: str
    metric: str
    period: Period
    figure: Measured
    colleagues: Measured
    op: str = ""
    threshold: Decimal | None = None
    amount: Decimal | None = None
    unit: str = ""
    also: tuple[str, ...] = ()
    pace: Pace = field(default_factory=lambda: Pace(False))
    rank: int = 0
    places: int = 0
    staff: int = 0


class Figures:
    """The figures of everybody under one release, each read once however many clauses look at it."""

    def __init__(self, release: Release, workforce: Workforce, *, now: datetime) -> None:
        self.release, self.workforce, self.now = release, workforce, now
        self._known: dict[tuple[str, str], dict[int, Measured]] = {}
        self._to_come: dict[tuple[str, str, int], int] = {}

    def of(self, looked_at: Attainment, period: Period) -> dict[int, Measured]:
        """Return everybody's figure."""
        key = (counted_as(looked_at.kpi) if looked_at.kpi else looked_at.reference, period.key)
        if key not in self._known:
            self._known[key] = looked_at.figures(period, self.workforce, now=self.now)
        return self._known[key]

    def to_come(self, kpi: KpiSpec, period: Period, employee: int) -> int:
        """Return how many more visits of somebody will fall due in the rest of the period."""
        key = (counted_as(kpi), period.key, employee)
        if key not in self._to_come:
            self._to_come[key] = still_to_come(query(kpi, self.release, period, now=self.now), employee)
        return self._to_come[key]


def counted_as(kpi: KpiSpec) -> str:
    """Return what a figure is counted from, as text: entries that differ in their bar alone share it."""
    return repr((kpi.metric, kpi.of, kpi.match, kpi.when, kpi.basis, kpi.limit, kpi.count))


def goals_of(employee: Employee, *, on: date, now: datetime) -> list[Goal]:
    """Return what the person can earn, must reach and may lose by figures in the periods of the day `on`."""
    workforce = load_workforce()
    department = workforce.post(employee.pk, on=on).department
    found: list[Goal] = []
    for release in in_force(on=on, department=department):
        figures = Figures(release, workforce, now=now)
        seen: set[str] = set()
        for rule, looked_at in clauses_of(release):
            if looked_at.metric == VOTES:
                continue  # an election is secret while it lasts
            seen |= {looked_at.reference}
            found += _of_clause(rule, looked_at, figures, employee.pk, on=on)
        found += [
            _of_target(release, kpi, figures, employee.pk, on=on)
            for kpi in targets_of(release)
            if kpi.code not in seen and kpi.metric not in UNOWNED
        ]
    return [goal for goal in found if goal.figure.denominator or goal.section != "penalty"]


def _of_clause(rule: Rule, looked_at: Attainment, figures: Figures, who: int, *, on: date) -> Iterator[Goal]:
    spec = rule.spec
    period = period_of(looked_at.per, on)
    everybody = figures.of(looked_at, period)
    standing = _standing(spec, everybody, who, figures, period) if isinstance(spec, RewardSpec) else {}
    yield Goal(
        rule.release, "reward" if isinstance(spec, RewardSpec) else "penalty", spec.code,
        spec.title or looked_at.title, spec.clause, looked_at.metric, period, everybody.get(who, NOTHING),
        _all(everybody, looked_at.metric), spec.op or "", spec.threshold, _amount(spec.amount), rule.unit,
        tuple(one.what for one in spec.also), _pace(spec, looked_at, figures, period, everybody, who), **standing,
    )  # fmt: skip


def _amount(amount: Any) -> Decimal | None:
    return amount if isinstance(amount, Decimal) else None


def _of_target(release: Release, kpi: KpiSpec, figures: Figures, who: int, *, on: date) -> Goal:
    looked_at = Attainment(release, kpi.per, kpi.title, kpi)
    period = period_of(kpi.per, on)
    everybody = figures.of(looked_at, period)
    return Goal(
        release, "kpi", kpi.code, kpi.title, "", kpi.metric, period, everybody.get(who, NOTHING),
        _all(everybody, kpi.metric), kpi.op or "", kpi.target,
        pace=_pace(kpi, looked_at, figures, period, everybody, who),
    )  # fmt: skip


def _all(everybody: Mapping[int, Measured], metric: str) -> Measured:
    """Return the figure of all together; of a count what one has on average."""
    whole = together(everybody.values())
    return Measured(whole.numerator, len(everybody)) if metric in COUNTS else whole


def _standing(
    spec: RewardSpec, everybody: Mapping[int, Measured], who: int, figures: Figures, period: Period
) -> dict[str, int]:
    """Return rank, places and staff of somebody in a reward by rank; nothing elsewhere."""
    if (spec.top is None and spec.top_n is None) or who not in everybody:
        return {}
    on = period.last
    unit = group_of(who, spec.within, figures.workforce, on=on)
    values = {
        one: figure.value
        for one, figure in everybody.items()
        if figure.value is not None and group_of(one, spec.within, figures.workforce, on=on) == unit
    }
    return {"rank": ranks(values).get(who, 0), "places": places_of(spec, len(values)), "staff": len(values)}


def _pace(
    spec: RewardSpec | PenaltySpec | KpiSpec, looked_at: Attainment, figures: Figures, period: Period,
    everybody: Mapping[int, Measured], who: int,
) -> Pace:  # fmt: skip
    bar = spec.target if isinstance(spec, KpiSpec) else spec.threshold
    mine, kpi = everybody.get(who, NOTHING), looked_at.kpi
    remaining = 0
    if kpi and (kpi.metric in BY_TASKS or (kpi.metric in BY_VISITS and kpi.basis != "events")):
        remaining = figures.to_come(kpi, period, who) if kpi.count == "visits" else 0
    return pace(looked_at.metric, mine, spec.op, bar, remaining, _best(looked_at, spec_of(figures.release)))


def _best(looked_at: Attainment, pack: Pack) -> Fraction | None:
    """Return the highest score that a visit can bring, None where the questionnaires do not say."""
    if looked_at.metric != "css_average":
        return None
    asked: list[QuestionSpec] = [one for form in pack.questionnaire for one in form.question if one.metric == "css"]
    tops = [Fraction(one.max) for one in asked if isinstance(one.max, Decimal)]
    return max(tops, default=None)
