"""Calls that came in, as an own book tells them: how many rings until somebody answered (AE-03).

The call log is a book with a field ``rings``. A call belongs to the moment that its entry tells and to whoever wrote
it down first; a correction counts from the moment that it was made.
"""

from typing import Any, Final

from django.db.models import F, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from complaints.models import Entry
from reports.domain.figures.counted import Counted, Shown, day_of
from reports.domain.figures.query import Query
from staff.domain.conditions import as_number

RINGS: Final = "rings"
ROOT: Final = Coalesce(F("first"), F("pk"))


def ring_rate(asked: Query) -> tuple[Counted, ...]:
    """Return calls answered within `limit` rings / calls whose rings were written down; nothing without a limit."""
    limit = asked.kpi.limit
    if limit is None:
        return ()

    def weigh(values: dict[str, Any]) -> list[int]:
        rings = as_number(values[RINGS])
        return [] if rings is None else [int(rings <= limit)]

    shown = Shown(ROOT, "complaints:entry", ROOT, "#", value=KT(f"values__{RINGS}"), words=str)
    return (
        Counted(
            told_in_books(asked, RINGS), Coalesce("first__by", "by"), "branch", day_of("at", asked.zone), "at", shown,
            asked.zone, columns=("values",), tells=True, weigh=weigh,
        ),
    )  # fmt: skip


def told_in_books(asked: Query, field: str) -> QuerySet[Entry]:
    """Return the entries of the period with such a field, as they stood then; `of` limits them to books."""
    standing = Q(replaced_by=None) | Q(replaced_by__logged_at__gte=asked.until)
    found = Entry.objects.filter(
        standing, policy=asked.policy, at__gte=asked.since, at__lt=asked.stops, logged_at__lt=asked.until,
        values__has_key=field,
    )  # fmt: skip
    books = asked.codes("form")
    return found.filter(form__in=books) if books else found
