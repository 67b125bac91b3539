"""What the figures of an ended period earn and cost: proposed once, and followed until somebody has decided.

A period is looked at again each day until its month is closed, for awards of it may be confirmed after its end; what
still ripens (`facts.ripening`) is judged once it is ripe, which may be later. A proposal that the figures no longer
bear is taken back; what people decided stays (F72).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import islice
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_noop

from config.clock import local_day
from config.packs.codes import PERIODS
from config.packs.consequences import PenaltySpec, RewardSpec
from reports.domain.facts.ripening import COVERAGE, closed_unripe
from reports.domain.figures.attaining import VOTES, Attainment, attainment, group_of
from reports.domain.figures.earning import Earner, earners, in_a_row
from reports.domain.figures.measured import COUNTS, Measured, plain, shown
from reports.domain.figures.targets import judge_targets
from staff.choices import ConductKind, Liability, ViolationDeed, ViolationState
from staff.domain.conduct.figure_words import figure_facts
from staff.domain.conduct.proposing import propose_figure
from staff.domain.conduct.releasing import let_go
from staff.domain.conduct.rules import Rule, entries_of, rule_of
from staff.domain.notifying import notify
from staff.domain.periods import Period, ended_between, period_named, period_of
from staff.domain.policies import release_in_force, releases_of, ruling, spec_of
from staff.domain.workforce import Workforce, load_workforce
from staff.models import Employee, MonthClose, Policy, Release, Violation

LOOK_BACK: Final[Mapping[str, int]] = {"day": 10, "week": 35}
LONGEST_BACK: Final = 62  # days: an ended period is followed so long, unless its month is closed before
RIPENS_WITHIN: Final = 400  # days: so long coverage is waited for; the visit half a year after may be its last
MOST_IN_A_ROW: Final = 60  # periods that a streak is followed back
PERSONNEL: Final = "hr"
CHANGED: Final = "figure"  # why a proposal was taken back: the figures no longer bear it


@dataclass(frozen=True)
class Earned:
    """What one person earned, or owes, and the figure that says so."""

    figure: Measured
    earner: Earner


def judge_periods(*, now: datetime, on: date) -> Counter[str]:
    """Judge targets, rewards and penalties on figures of all periods that ended of late (a daily job)."""
    counts: Counter[str] = Counter()
    workforce = load_workforce()
    for policy in Policy.objects.order_by("pk"):
        releases = releases_of(policy)
        for per in PERIODS:
            since = on - timedelta(LOOK_BACK.get(per, LONGEST_BACK) + 1)
            for period in ended_between(per, since, on - timedelta(1)):
                counts += _judge(ruling(releases, period.last), period, workforce, now=now)
            for period in ended_between(per, on - timedelta(RIPENS_WITHIN), since):
                counts += _judge(ruling(releases, period.last), period, workforce, metric=COVERAGE, now=now)
    return +counts


def judge_month(*, period: str, now: datetime) -> None:
    """Judge what ended in a month once more, before the month is closed."""
    month = period_named(period)
    workforce = load_workforce()
    for policy in Policy.objects.order_by("pk"):
        for per in PERIODS:
            for ended in ended_between(per, month.first - timedelta(1), month.last):
                judge_period(policy, ended, workforce, now=now)


def judge_period(policy: Policy, period: Period, workforce: Workforce, *, now: datetime) -> Counter[str]:
    """Judge one period under the release that ruled its last day; nothing before its end."""
    return _judge(release_in_force(policy, period.last), period, workforce, now=now)


def _judge(
    release: Release | None, period: Period, workforce: Workforce, *, now: datetime, metric: str = ""
) -> Counter[str]:
    """Judge what ended with a period, of one `metric` alone where one is named."""
    if release is None or now < period.ends_at(ZoneInfo(spec_of(release).policy.timezone)):
        return Counter()
    counts = judge_targets(release, period, metric=metric, now=now)
    closed = MonthClose.objects.filter(period=period_of("month", period.last).key).exists()
    for rule, looked_at in clauses_of(release):
        wanted = looked_at.per == period.per and metric in ("", looked_at.metric)
        if wanted and looked_at.is_due(period, closed=closed, now=now):
            counts += judge_clause(rule, looked_at, period, workforce, now=now)
    return counts


def clauses_of(release: Release) -> Iterator[tuple[Rule, Attainment]]:
    """Yield the rewards, and the penalties on figures, of a release that wait for nothing."""
    for spec in entries_of(release).values():
        if spec.metric is not None:
            yield Rule(release, spec), attainment(spec, release)


@transaction.atomic
def judge_clause(
    rule: Rule, looked_at: Attainment, period: Period, workforce: Workforce, *, now: datetime
) -> Counter[str]:
    """Propose what a clause says of a period, and take back the proposals that its figures no longer bear."""
    found = earned_by(rule.spec, looked_at, period, workforce, now=now)
    late = _late(looked_at, period, now=now)
    counts: Counter[str] = Counter()
    for who, earned in sorted(found.items()):
        facts = facts_of(rule.spec, looked_at, period, earned) | late
        made, new = propose_figure(
            rule, who, period.key, kind=kind_of(rule.spec), facts=facts, on=period.last, now=now,
            evidence=[{"kind": "figure", "id": made_of(rule, period, who)}], workforce=workforce,
        )  # fmt: skip
        counts["proposed"] += new
        if new and looked_at.metric == VOTES:
            announce(made, now=now)
        if not new and made.state == ViolationState.PROPOSED and made.facts != facts:
            Violation.objects.filter(pk=made.pk, state=ViolationState.PROPOSED).update(facts=facts)
    counts["taken_back"] += _take_back(rule, period, found, now=now)
    return +counts


def earned_by(
    spec: RewardSpec | PenaltySpec, looked_at: Attainment, period: Period, workforce: Workforce, *, now: datetime
) -> dict[int, Earned]:
    """Return who earns a reward in a period, or owes a penalty on its figure; of a streak whoever completes it."""
    found = _of_one(spec, looked_at, period, workforce, now=now)
    streak = spec.streak if isinstance(spec, RewardSpec) else 1
    if streak == 1 or not found:
        return found
    runs: dict[int, list[bool]] = {who: [True] for who in found}
    for earlier in islice(_before(period), MOST_IN_A_ROW):
        going = {who for who, run in runs.items() if run[-1]}
        if not going or not _ruled(looked_at.release.policy, earlier):
            break
        there = _of_one(spec, looked_at, earlier, workforce, now=now)
        for who in going:
            runs[who].append(who in there)
    return {who: one for who, one in found.items() if in_a_row(runs[who], streak)}


def _of_one(
    spec: RewardSpec | PenaltySpec, looked_at: Attainment, period: Period, workforce: Workforce, *, now: datetime
) -> dict[int, Earned]:
    figures = looked_at.figures(period, workforce, now=now)
    if isinstance(spec, PenaltySpec):
        owing = {who: one for who, one in figures.items() if one.meets(spec.op, spec.threshold)}
        return {who: Earned(one, Earner(who)) for who, one in owing.items()}
    groups = {who: group_of(who, spec.within, workforce, on=period.last) for who in figures}
    found = earners(spec, figures, groups, counts=looked_at.metric in COUNTS)
    return {one.employee: Earned(figures[one.employee], one) for one in found}


def _before(period: Period) -> Iterator[Period]:
    while True:
        period = period.before()
        yield period


def _ruled(policy: Policy, period: Period) -> bool:
    return release_in_force(policy, period.last) is not None


def kind_of(spec: RewardSpec | PenaltySpec) -> str:
    """Return what it brings: a penalty costs, a reward pays, an award honours without a figure."""
    if isinstance(spec, PenaltySpec):
        return ConductKind.PENALTY
    return ConductKind.AWARD if spec.amount is None else ConductKind.REWARD


def facts_of(spec: RewardSpec | PenaltySpec, looked_at: Attainment, period: Period, earned: Earned) -> dict[str, Any]:
    """Return what the explanation is made of: the figure exactly, its bar, and the rank among whom."""
    figure, earner = earned.figure, earned.earner
    facts: dict[str, Any] = figure_facts(
        looked_at.metric or looked_at.reference, period=period.key, numerator=plain(figure.numerator),
        denominator=str(figure.denominator), value=shown(figure.value, looked_at.metric), op=spec.op or "",
        threshold="" if spec.threshold is None else shown(Fraction(spec.threshold), looked_at.metric),
        title=looked_at.title,
    )  # fmt: skip
    if earner.rank:
        facts |= {"rank": earner.rank, "places": earner.places, "staff": earner.staff}
    if earner.tied:
        facts["tied"] = list(earner.tied)
    if isinstance(spec, RewardSpec) and spec.streak > 1:
        facts["streak"] = spec.streak
    return facts


def _late(looked_at: Attainment, period: Period, *, now: datetime) -> dict[str, str]:
    """Return what else is told of a figure that was still ripening when its month was closed: when that was."""
    asked = looked_at.asked(period, now=now)
    closed = closed_unripe(asked) if asked is not None else None
    return {"closed_on": local_day(closed).isoformat()} if closed is not None else {}


def announce(elected: Violation, *, now: datetime) -> None:
    """Tell personnel whom staff and customers elected (AE-19); who stands equal is told as such by the proposal."""
    workforce, on = load_workforce(), elected.occurred_on
    notify(
        Employee.objects.filter(pk__in=workforce.holders(PERSONNEL, on=on)),
        kind="elected",
        message=gettext_noop("%(person)s was elected: %(prize)s, %(period)s"),
        facts={
            "person": str(elected.employee),
            "prize": rule_of(elected).spec.title or elected.rule,
            "period": elected.facts.get("period", ""),
        },
        url="/votes/",
        key=f"elected-{elected.pk}",
        now=now,
    )


def made_of(rule: Rule, period: Period, who: int) -> str:
    """Return by what the page of a figure is found: policy, section, code, period and employee."""
    section = "penalty" if rule.is_penalty else "reward"
    return f"{rule.release.policy_id}/{section}:{rule.spec.code}/{period.key}/{who}"


def _take_back(rule: Rule, period: Period, found: Mapping[int, Earned], *, now: datetime) -> int:
    open_ones = Violation.objects.filter(
        policy=rule.release.policy_id, rule=rule.spec.code, subject=f"period:{period.key}",
        state=ViolationState.PROPOSED, kind=kind_of(rule.spec), proposed_by=None, liability=Liability.PRIMARY,
    )  # fmt: skip
    gone = open_ones.exclude(employee__in=list(found)).select_related("release__policy", "employee")
    return sum(let_go(one, CHANGED, now=now, deed=ViolationDeed.MENDED) for one in gone)
