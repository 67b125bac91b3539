"""When something falls due: at the last moment that is still in time, so that a bound of days lies on its last day.

A bound of days is the midnight after its date and is not in time itself; a bound to the minute may be.
"""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Case, DateTimeField, ExpressionWrapper, F, Q, When
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncDate

MOMENT: Final = timedelta(microseconds=1)


def falls_due(since: datetime, until: datetime, at: str = "due_at", inclusive: str = "inclusive") -> Q:
    """Return the condition that a bound falls due from one moment until before another.

    Said as one span first, which an index serves, and then of its two ends which of them belongs to it.
    """
    first, last = Q(**{inclusive: False, at: since}), Q(**{inclusive: True, at: until})
    return Q(**{f"{at}__gte": since, f"{at}__lte": until}) & ~first & ~last


def due_day(zone: ZoneInfo, at: str = "due_at", inclusive: str = "inclusive") -> Combinable:
    """Return the day on which a bound falls due."""
    before = ExpressionWrapper(F(at) - MOMENT, output_field=DateTimeField())
    last = Case(When(**{inclusive: True}, then=F(at)), default=before, output_field=DateTimeField())
    return TruncDate(last, tzinfo=zone)
