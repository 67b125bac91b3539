"""Figures that can change after their period: coverage while windows are open, accuracy while records are scored.

What follows from a figure (target, reward, penalty, item of an assessment) waits until it is ripe. Where that is after
the month was closed, it goes by the rows, not by what the closing froze.
"""

from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from reports.choices import InspectionState
from reports.domain.facts.measures import key_of
from reports.domain.figures.query import Query
from reports.domain.figures.tasks import covering_tasks
from reports.models import FrozenRipeness, InspectionItem
from staff.domain.periods import period_of
from staff.models import MonthClose
from visits.choices import TaskStatus

COVERAGE: Final = "coverage_rate"  # the one metric whose visits may still be made in time when their period is over
INSPECTED: Final = ("accuracy_rate", "quality_score")
RIPENING: Final = (COVERAGE, *INSPECTED)
UNDER_WAY: Final = (TaskStatus.PLANNED, TaskStatus.OPEN, TaskStatus.INVALID_NUMBER)


def is_ripe(asked: Query) -> bool:
    """Say whether the period is over, and nothing that is still under way can change the figure.

    What was ripe when its month was closed stays so, though more of its records are drawn for inspection later.
    """
    if not asked.is_over:
        return False
    if _ripe_when_frozen(asked):
        return True
    if asked.kpi.metric == COVERAGE:
        return not covering_tasks(asked).filter(status__in=UNDER_WAY, closes_at__gte=asked.now).exists()
    if asked.kpi.metric in INSPECTED:
        return not _inspected(asked).filter(state=InspectionState.DRAWN).exists()
    return True


def is_ripening(asked: Query) -> bool:
    """Say whether the period is over and the figure is not ripe yet."""
    return asked.kpi.metric in RIPENING and asked.is_over and not is_ripe(asked)


def closed_unripe(asked: Query) -> datetime | None:
    """Return when the month of the period was closed, where the figure was still ripening then; else None."""
    if asked.kpi.metric not in RIPENING or asked.within:
        return None
    month = period_of("month", asked.period.last).key
    closed = MonthClose.objects.filter(period=month).values_list("closed_at", flat=True).first()
    if closed is None:
        return None
    was_ripe = _ripe_when_frozen(asked)
    return closed if (_was_under_way(asked, closed) if was_ripe is None else not was_ripe) else None


def ripeness(asked: Query) -> bool | None:
    """Return whether the figure is ripe, None of one that does not ripen."""
    return is_ripe(asked) if asked.kpi.metric in RIPENING else None


def _ripe_when_frozen(asked: Query) -> bool | None:
    """Return what the closing noted; None where it did not (other periods, and months that were closed long ago)."""
    if asked.kpi.metric not in RIPENING or asked.period.per != "month" or asked.within:
        return None
    noted = FrozenRipeness.objects.filter(measure__key=key_of(asked), period=asked.period.key)
    return noted.values_list("was_ripe", flat=True).first()


def _was_under_way(asked: Query, then: datetime) -> bool:
    if asked.kpi.metric == COVERAGE:
        open_then = covering_tasks(asked).filter(closes_at__gte=then)
        return open_then.exclude(completed_at__lt=then).exists()
    scored_later = Q(state=InspectionState.DRAWN) | Q(scored_at__gte=then)
    return _inspected(asked).filter(scored_later).exists()


def _inspected(asked: Query) -> QuerySet[InspectionItem]:
    """Return what was drawn of the records of the period, or for the inspections of it."""
    of_records = Q(record__logged_at__gte=asked.since, record__logged_at__lt=asked.until)
    drawn = InspectionItem.objects.filter(inspection__policy=asked.policy)
    return drawn.filter(of_records | Q(inspection__period=asked.period.key))
