"""Targets: what the end of each period found of every `[[kpi]]`, once, and the event `kpi_missed` of whoever missed it.

A figure is judged when it can no longer ripen: coverage when the windows of its visits have closed, what inspections
feed when the drawn records are scored. That may be after the month was closed: then its rows are judged, not what the
closing froze of a figure that was still ripening. Rewards and penalties go by the same (`rewarding`).
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from config.packs.measuring import KpiSpec
from reports.domain.facts.ripening import is_ripe
from reports.domain.figures.measured import COUNTS, Measured, exact, together
from reports.domain.figures.measuring import of_people, sums_now
from reports.domain.figures.query import Query, query
from reports.models import KpiResult
from staff.domain.jobs import hand_over
from staff.domain.periods import Period
from staff.domain.policies import idle_in, spec_of
from staff.models import Release


def judge_targets(release: Release, period: Period, *, now: datetime, metric: str = "") -> Counter[str]:
    """Judge every target of a release over one period that has ended, unless it was judged before; of one `metric`
    alone where one is named."""
    counts: Counter[str] = Counter()
    for kpi in targets_of(release):
        wanted = kpi.per == period.per and metric in ("", kpi.metric)
        if wanted and not _is_judged(kpi, release, period):
            counts += _judge(query(kpi, release, period, now=now), release, now=now)
    return counts


def targets_of(release: Release) -> Iterator[KpiSpec]:
    """Yield the figures of a release with a target."""
    yield from (kpi for kpi in measured_of(release) if kpi.target is not None)


def measured_of(release: Release) -> Iterator[KpiSpec]:
    """Yield the figures of a release, those left out that wait for a figure (AE-13)."""
    idle = idle_in(release)
    for kpi in spec_of(release).kpi:
        if ("kpi", kpi.code, "") not in idle:
            yield kpi


def _is_judged(kpi: KpiSpec, release: Release, period: Period) -> bool:
    return KpiResult.objects.filter(policy=release.policy_id, kpi=kpi.code, period=period.key, employee=None).exists()


@transaction.atomic
def _judge(asked: Query, release: Release, *, now: datetime) -> Counter[str]:
    found = of_people(sums_now(asked, "who"), asked.kpi.metric)
    if not found or not is_ripe(asked):
        return Counter()
    whole = together(found.values())
    if asked.kpi.metric in COUNTS:
        whole = Measured(whole.numerator, 1)
    _keep(asked, release, None, whole, now=now)
    missed = 0
    for employee, figure in sorted(found.items()):
        result = _keep(asked, release, employee, figure, now=now)
        if not result.met:
            missed += 1
            hand_over("kpi_missed", result=result, on=asked.period.last, now=now)
    return Counter(judged=1, missed=missed)


def _keep(asked: Query, release: Release, employee: int | None, figure: Measured, *, now: datetime) -> KpiResult:
    return KpiResult.objects.create(
        policy_id=release.policy_id,
        release=release,
        kpi=asked.kpi.code,
        period=asked.period.key,
        employee_id=employee,
        numerator=exact(figure.numerator),
        denominator=figure.denominator,
        met=figure.meets(asked.kpi.op, asked.kpi.target),
        judged_at=now,
    )
