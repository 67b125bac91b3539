"""What has become known of closed months after their closing, for those who may see the figures of these people."""

from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final

from django.db.models import Q, QuerySet

from config.packs.measuring import KpiSpec
from reports.domain.facts.asking import asked_of
from reports.domain.facts.measures import key_of, spec_of_measure
from reports.domain.facts.ripening import RIPENING, closed_unripe
from reports.domain.figures.measured import Measured
from reports.domain.figures.query import query
from reports.models import Measure, Restatement
from staff.domain.access import scope_of
from staff.domain.metric_words import metric_words
from staff.domain.oversight import overseen_by
from staff.domain.periods import Period, period_named
from staff.domain.policies import release_in_force, spec_of
from staff.models import Employee, Release
from visits.domain.finding.browsing import PAGE, Page

LATEST_FIRST: Final = "-pk"


def found(actor: Employee, *, month: str = "", on: date) -> QuerySet[Restatement]:
    """Return the restatements of whom one looks after, and of nobody in the branches that one sees."""
    scope = scope_of(actor, on=on)
    seen = Restatement.objects.all()
    if not scope.everything:
        people = overseen_by(actor, on=on).order_by().values("pk")
        seen = seen.filter(Q(employee__in=people) | Q(employee=None, branch__in=scope.branches))
    return seen.filter(period=month) if month else seen


def page_of(actor: Employee, wanted: Mapping[str, Any], *, on: date, now: datetime) -> Page:
    """Return one page of restatements in words, the latest first."""
    number = wanted["page"]
    restated = found(actor, month=wanted["month"], on=on).select_related("measure__policy", "employee", "branch")
    some = list(restated.order_by(LATEST_FIRST)[(number - 1) * PAGE : number * PAGE + 1])
    titles = {one.measure_id: title_of(one.measure, one.period, found_at=one.found_at) for one in some[:PAGE]}
    unripe = {key for key in {(one.measure, one.period) for one in some[:PAGE]} if was_unripe(*key, now=now)}
    rows = [_told(one, titles[one.measure_id], (one.measure, one.period) in unripe) for one in some[:PAGE]]
    return Page(rows, number, len(some) > PAGE)


def months_of(actor: Employee, *, on: date) -> list[str]:
    """Return the closed months of which something has become known, the last one first."""
    return list(found(actor, on=on).order_by("-period").values_list("period", flat=True).distinct())


def title_of(measure: Measure, period: str, *, found_at: datetime) -> str:
    """Return what a frozen figure is called: as its entry in the regulation of that month, else as its metric."""
    month = period_named(period)
    release = release_in_force(measure.policy, month.last)
    for kpi in spec_of(release).kpi if release else ():
        if release and kpi.metric == measure.metric and kpi.title and _is(measure, kpi, release, month, found_at):
            return kpi.title
    return metric_words(measure.metric)


def _is(measure: Measure, kpi: KpiSpec, release: Release, month: Period, measured_at: datetime) -> bool:
    asked = query(kpi, release, month, now=measured_at)
    return spec_of_measure(asked) == measure.spec


def was_unripe(measure: Measure, period: str, *, now: datetime) -> bool:
    """Say whether a frozen figure was still ripening when its month was closed."""
    month = period_named(period)
    release = release_in_force(measure.policy, month.last) if measure.metric in RIPENING else None
    asked = asked_of(release, month, now=now) if release else ()
    return any(key_of(one) == measure.key and closed_unripe(one) for one in asked)


def _told(one: Restatement, title: str, unripe: bool) -> dict[str, Any]:
    was = Measured(Fraction(one.was_numerator), one.was_denominator)
    is_now = Measured(Fraction(one.numerator), one.denominator)
    return {
        "row": one, "title": title, "policy": one.measure.policy, "metric": one.measure.metric, "was": was,
        "is_now": is_now, "unripe": unripe,
    }  # fmt: skip
