"""What rewards and penalties look at: a metric, a `[[kpi]]` or a `[[scorecard]]`, of everybody over one period."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from config.packs.consequences import PenaltySpec, RewardSpec
from config.packs.measuring import KpiSpec, ScorecardSpec
from config.packs.pack import Pack
from reports.domain.facts.ripening import closed_unripe, is_ripe
from reports.domain.figures.measured import COUNTS, Measured
from reports.domain.figures.measuring import figures_of
from reports.domain.figures.query import Query, query
from reports.domain.inspecting.standing import attained
from staff.choices import BaseRole
from staff.domain.periods import Period
from staff.domain.policies import spec_of
from staff.domain.workforce import Workforce
from staff.models import Branch, Department, Release

USUAL = "month"
VOTES = "votes"


@dataclass(frozen=True)
class Attainment:
    """One figure as a reward or a penalty refers to it. `metric` is empty for the result of a scorecard (0 to 100)."""

    release: Release
    per: str
    title: str
    kpi: KpiSpec | None = None
    scorecard: str = ""

    @property
    def metric(self) -> str:
        """Return the metric of the catalogue."""
        return self.kpi.metric if self.kpi else ""

    @property
    def reference(self) -> str:
        """Return how packs name it."""
        return f"scorecard:{self.scorecard}" if self.kpi is None else self.kpi.code

    def asked(self, period: Period, *, now: datetime) -> Query | None:
        """Return the question for the figure over a period; None for the result of a scorecard."""
        return query(self.kpi, self.release, period, now=now) if self.kpi else None

    def figures(self, period: Period, workforce: Workforce, *, now: datetime) -> dict[int, Measured]:
        """Return the figure of everybody who has one; of a count also of who has none to count."""
        asked = self.asked(period, now=now)
        if asked is None:
            return results_of(self.release.policy_id, self.scorecard, period)
        return self.with_idle(figures_of(asked), period, workforce)

    def is_due(self, period: Period, *, closed: bool, now: datetime) -> bool:
        """Say whether a clause on it is judged now: once it is ripe, in a closed month what was not ripe before.

        The result of a scorecard is final when it is published, which may be later: it is the same ever after.
        """
        asked = self.asked(period, now=now)
        return asked is None or (is_ripe(asked) and (not closed or closed_unripe(asked) is not None))

    def with_idle(self, found: dict[int, Measured], period: Period, workforce: Workforce) -> dict[int, Measured]:
        """Return these figures, of a count with those who have none to count."""
        if self.metric not in COUNTS:
            return found
        return {who: Measured(Fraction(0), 1) for who in staff_of(spec_of(self.release), workforce, period)} | found


def attainment(spec: RewardSpec | PenaltySpec, release: Release) -> Attainment:
    """Return what a reward, or a penalty on a metric, looks at. What refers to an entry is over that entry's period,
    unless it names a longer one itself."""
    name, pack = str(spec.metric), spec_of(release)
    section, colon, code = name.partition(":")
    own = spec.per or USUAL
    if not colon:
        of = (spec.code,) if name == VOTES else ()
        return Attainment(release, own, "", KpiSpec(code=name, metric=name, of=of))
    entry = pack.entry(section, code)
    title = entry.title if entry else ""
    if isinstance(entry, KpiSpec):
        return Attainment(release, own if own != USUAL else entry.per, title, entry)
    per = USUAL
    if isinstance(entry, ScorecardSpec):
        per = entry.sample.per if entry.sample else entry.per or USUAL
    return Attainment(release, own if own != USUAL else per, title, None, code)


def results_of(policy: int, scorecard: str, period: Period) -> dict[int, Measured]:
    """Return the exact result of each person under a scorecard, in points of 100, once it is final (E-07)."""
    found = attained(policy, scorecard, period.key)
    return {who: Measured(result, 1) for who, result in found.items()}


def staff_of(pack: Pack, workforce: Workforce, period: Period, *, anybody: bool = False) -> set[int]:
    """Return who makes visits under a policy: advisors of its departments at the period's end, at work in it at all.

    `anybody`: whoever is on leave all the time too.
    """
    on = period.last
    names = pack.policy.departments
    departments = set(Department.objects.filter(name__in=names).values_list("pk", flat=True))
    branches = set(Branch.objects.filter(name__in=names).values_list("pk", flat=True))
    found = set()
    for who in workforce.holders_like([BaseRole.SERVICE_ADVISOR], on=on):
        post = workforce.post(who, on=on)
        ruled = not names or post.department in departments or post.branch in branches
        if ruled and not workforce.is_gone(who, on=on) and (anybody or _was_here(workforce, who, period)):
            found.add(who)
    return found


def _was_here(workforce: Workforce, who: int, period: Period) -> bool:
    days = (date.fromordinal(one) for one in range(period.first.toordinal(), period.last.toordinal() + 1))
    return any(workforce.at_work(who, on=on) for on in days)


def group_of(who: int, within: str, workforce: Workforce, *, on: date) -> int | None:
    """Return the unit in which somebody competes for a reward; None in a reward of the whole company."""
    post = workforce.post(who, on=on)
    return {"branch": post.branch, "department": post.department}.get(within)
