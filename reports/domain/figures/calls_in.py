"""Calls that came in, as an own book tells them: how many rings until somebody answered (AE-03).

The call log is a book with a field ``rings``, written by hand or by a telephone system. A call belongs to the moment that
its entry tells and to whoever wrote it down first; a correction counts from the moment that it was made.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from complaints.models import Entry
from reports.domain.figures.query import Query, Row

RINGS: Final = "rings"


def ring_rate(asked: Query) -> Iterator[Row]:
    """Yield calls answered within `limit` rings / calls whose rings were written down; nothing without a limit."""
    for who, where, values in rung(asked).values_list("writer", "branch", "values"):
        yield who, where, int(in_time(asked, values[RINGS])), 1


def in_time(asked: Query, rings: int | str) -> bool:
    """Say whether a call was answered within the limit; the limit itself is in time."""
    return asked.kpi.limit is not None and Decimal(str(rings)) <= asked.kpi.limit


def rung(asked: Query) -> QuerySet[Entry]:
    """Return the entries of the period that tell of rings, each as it stood then; `of` limits them to books."""
    standing = Q(replaced_by=None) | Q(replaced_by__logged_at__gte=asked.until)
    found = Entry.objects.filter(
        standing, policy=asked.policy, at__gte=asked.since, at__lt=asked.until, logged_at__lt=asked.until,
        values__has_key=RINGS,
    )  # fmt: skip
    if asked.kpi.limit is None:
        return found.none()
    books = asked.codes("form")
    named = found.filter(form__in=books) if books else found
    return named.annotate(writer=Coalesce("first__by", "by"))
