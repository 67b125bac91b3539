"""Which figures people ask of a regulation: each metric as such, its targets, and what it rewards and punishes."""

from collections.abc import Iterator
from datetime import datetime

from config.packs.measuring import KpiSpec
from reports.domain.facts.measures import HEADLINES
from reports.domain.figures.attaining import VOTES
from reports.domain.figures.query import Query, query
from reports.domain.figures.rewarding import clauses_of
from reports.domain.figures.targets import measured_of
from staff.domain.periods import Period
from staff.models import Release


def asked_of(release: Release, period: Period, *, now: datetime) -> Iterator[Query]:
    """Yield what people ask of a regulation: each metric as such, its targets, its rewards and penalties on figures."""
    for metric in HEADLINES:
        yield query(KpiSpec(code=metric, metric=metric), release, period, now=now)
    for kpi in measured_of(release):
        yield query(kpi, release, period, now=now)
    for _rule, looked_at in clauses_of(release):
        if looked_at.kpi is not None and looked_at.metric != VOTES:
            yield query(looked_at.kpi, looked_at.release, period, now=now)
