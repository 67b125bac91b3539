"""Calls that came in, as an own book tells them: how many rings until somebody answered (AE-03).

The call log is a book with a field ``rings``. A call belongs to the moment that its entry tells and to whoever wrote
it down first; a correction counts from the moment that it was made.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from django.db.models import Q

from complaints.models import Entry
from reports.domain.figures.query import Query, Row

RINGS: Final = "rings"


def ring_rate(asked: Query) -> Iterator[Row]:
    """Yield calls answered within `limit` rings / calls whose rings were written down; nothing without a limit."""
    for entry, who in rung(asked):
        yield who, entry.branch_id, int(in_time(asked, entry)), 1


def in_time(asked: Query, entry: Entry) -> bool:
    """Say whether a call was answered within the limit; the limit itself is in time."""
    return asked.kpi.limit is not None and Decimal(str(entry.values[RINGS])) <= asked.kpi.limit


def rung(asked: Query) -> Iterator[tuple[Entry, int]]:
    """Yield the entries of the period that tell of rings, as they stood then, with who wrote them down first.

    `of` limits them to books.
    """
    if asked.kpi.limit is None:
        return
    standing = Q(replaced_by=None) | Q(replaced_by__logged_at__gte=asked.until)
    found = Entry.objects.filter(
        standing, policy=asked.policy, at__gte=asked.since, at__lt=asked.until, logged_at__lt=asked.until,
        values__has_key=RINGS,
    )  # fmt: skip
    books = asked.codes("form")
    named = found.filter(form__in=books) if books else found
    for entry in named.select_related("first").order_by("at", "pk").iterator(chunk_size=500):
        yield entry, (entry.first or entry).by_id
