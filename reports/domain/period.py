"""Which days a data set is asked for, what a data set is, and how its rows come from one moment and one zone."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from staff.domain.calendar import day_start

Row = tuple[Any, ...]
ROWS_AT_ONCE: Final = 2_000


@dataclass(frozen=True)
class Period:
    """The local days from `first` to `last`, both included; an open end is None. `now`: as of when it is asked."""

    first: date | None = None
    last: date | None = None
    now: datetime | None = None

    def as_of(self) -> datetime:
        """Return as of when figures are asked: the moment that is said, else the end of the last day.

        ValueError where neither is said.
        """
        if self.now is not None:
            return self.now
        if self.last is None:
            raise ValueError("Say as of when.")
        return day_start(date.fromordinal(self.last.toordinal() + 1), zone())

    def of_days(self, field: str) -> Q:
        """Return the condition that a date lies in the period."""
        limits = {f"{field}__gte": self.first, f"{field}__lte": self.last}
        return Q(**{name: day for name, day in limits.items() if day})

    def of_moments(self, field: str) -> Q:
        """Return the condition that a moment lies in the period."""
        after = self.last and date.fromordinal(self.last.toordinal() + 1)
        limits = {f"{field}__gte": self.first, f"{field}__lt": after}
        return Q(**{name: day_start(day, zone()) for name, day in limits.items() if day})

    def of_bounds(self, field: str, inclusive: str) -> Q:
        """Return the condition that a bound falls due in the period: the midnight after a day is that day's own."""
        found = Q()
        if self.first:
            begin = day_start(self.first, zone())
            found &= Q(**{f"{field}__gte": begin}) & ~Q(**{field: begin, inclusive: False})
        if self.last:
            end = day_start(date.fromordinal(self.last.toordinal() + 1), zone())
            found &= Q(**{f"{field}__lte": end}) & ~Q(**{field: end, inclusive: True})
        return found


@dataclass(frozen=True)
class Dataset:
    """One data set: its fields in order, and what reads its rows for a period."""

    name: str
    fields: tuple[str, ...]
    read: Callable[[Period], Iterator[Row]]


def zone() -> ZoneInfo:
    """Return the zone in which moments go out."""
    return ZoneInfo(settings.TIME_ZONE)


def snapshot() -> AbstractContextManager[Any]:
    """Return what makes the rows of one query come from one moment; on SQLite a query is that by itself."""
    return transaction.atomic() if connection.vendor == "postgresql" else nullcontext()


@contextmanager
def one_moment() -> Iterator[None]:
    """Let every query that is made meanwhile see the database as it stands at the first of them.

    On SQLite they do while the rows of one are still being read. Within a transaction that has begun, nothing changes.
    """
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def in_zone(moment: datetime | None, here: ZoneInfo) -> datetime | None:
    """Return a moment on the clock of that zone; nothing for none."""
    return moment and moment.astimezone(here)


def plain_rows(found: QuerySet[Any], *columns: str) -> Iterator[Row]:
    """Yield the columns of the rows in the order in which they were made, moments on the clock of the installation."""
    here = zone()
    moments = {place for place, name in enumerate(columns) if name.endswith("_at") or name == "at"}
    with snapshot():
        for row in found.order_by("pk").values_list(*columns).iterator(chunk_size=ROWS_AT_ONCE):
            yield tuple(in_zone(one, here) if place in moments else one for place, one in enumerate(row))
