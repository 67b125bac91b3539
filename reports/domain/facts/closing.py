"""Freezing the figures of a month when it is closed, and finding what differs from them afterwards."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from reports.domain.facts.asking import asked_of
from reports.domain.facts.frozen import Sums, freeze, known_of, restate
from reports.domain.facts.measures import key_of
from reports.domain.facts.ripening import ripeness
from reports.domain.figures.measuring import tallied
from reports.domain.figures.query import Query
from staff.domain.periods import period_named
from staff.domain.policies import release_in_force
from staff.models import MonthClose, Policy

FOLLOWED: Final = 13  # closed months, the last ones, of which a later difference is told


def freeze_month(*, period: str, now: datetime) -> None:
    """Keep every figure of the month as it stands now, by branch and employee (a month that is about to close)."""
    for asked in _asked(period, now=now):
        freeze(asked, sums_of(asked), now=now, was_ripe=ripeness(asked))


def restate_months(*, now: datetime, on: date) -> Counter[str]:
    """Tell what has become another of the months that are closed: late and corrected rows (a daily job)."""
    counts: Counter[str] = Counter()
    for period in MonthClose.objects.order_by("-period").values_list("period", flat=True)[:FOLLOWED]:
        for asked in _asked(period, now=now):
            known = known_of(asked)
            if known is not None:
                counts["restated"] += restate(asked, known, sums_of(asked), now=now)
    return +counts


def sums_of(asked: Query) -> Sums:
    """Return both sides of a figure by branch and employee, as its rows are now."""
    return tallied(asked, "where", "who")


def _asked(period: str, *, now: datetime) -> Iterator[Query]:
    """Yield what is asked of the month of every regulation that ruled its end, each question once."""
    month, seen = period_named(period), set()
    for policy in Policy.objects.order_by("pk"):
        release = release_in_force(policy, month.last)
        for asked in asked_of(release, month, now=now) if release else ():
            if key_of(asked) not in seen:
                seen.add(key_of(asked))
                yield asked
