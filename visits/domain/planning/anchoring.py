"""Where the windows of tasks come from: small tables (anchor → window) that Python computes and SQL joins.

All events of a local day share the windows of a day-based step; of any other step each event has its own.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import connection

from config.packs.duration import Duration
from staff.domain.calendar import WorkCalendar, local_noon
from visits.domain.timing.recurrence import Timeline
from visits.domain.timing.windows import GIVEN, Cadence, Window

CELLS: Final = ("k", "n", "opens_at", "closes_at", "inclusive", "pool_id")


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What a window may depend on of one event."""

    event_id: int
    customer_id: int
    happened_at: datetime
    happened_on: date
    due_at: datetime | None
    due_has_time: bool
    interval: str
    order_no: str


@dataclass(frozen=True, slots=True)
class Slot:
    """One row of the small table: what it is joined on, the occurrence, its window, its pool, the next opening."""

    key: int | date
    occurrence: int
    window: Window
    pool_id: int | None = None
    not_before: datetime | None = None


def timeline(
    cadence: Cadence,
    facts: EventFacts,
    *,
    anchor_at: datetime,
    zone: ZoneInfo,
    calendar: WorkCalendar,
    anchor_occurrence: int = 0,
) -> Timeline:
    """Return the windows of one step for one event, counted from `anchor_at`."""
    return Timeline(
        cadence,
        anchor_at=anchor_at,
        zone=zone,
        calendar=calendar,
        given=given_bound(facts, zone) if cadence.closes == GIVEN else None,
        interval=Duration.parse(facts.interval) if facts.interval else None,
        anchor_occurrence=anchor_occurrence,
    )


def given_bound(facts: EventFacts, zone: ZoneInfo) -> datetime | date | None:
    """Return the event's own due: a moment where it has a time of day, else its local date."""
    if facts.due_at is None:
        return None
    return facts.due_at if facts.due_has_time else facts.due_at.astimezone(zone).date()


def shares_days(cadence: Cadence, *, same_zone: bool) -> bool:
    """Say whether all events of a day have the same window of occurrence 0."""
    return cadence.is_day_based and not cadence.is_chain and same_zone


def day_windows(
    cadence: Cadence, days: Iterable[date], *, zone: ZoneInfo, calendar: WorkCalendar
) -> dict[date, Window]:
    """Return the window of occurrence 0 for each day on which an event may have happened."""
    made = ((on, _of_day(cadence, on, zone, calendar)) for on in set(days))
    return {on: window for on, window in made if window is not None}


def _of_day(cadence: Cadence, on: date, zone: ZoneInfo, calendar: WorkCalendar) -> Window | None:
    return Timeline(cadence, anchor_at=local_noon(on, zone), zone=zone, calendar=calendar).window(0)


def as_table(slots: Sequence[Slot]) -> str:
    """Return the slots as the JSON text that `table_sql` unfolds, moments in the engine's own spelling."""
    return json.dumps([dict(zip(CELLS, _row(slot), strict=True)) for slot in slots])


def _row(slot: Slot) -> list[Any]:
    key = slot.key.isoformat() if isinstance(slot.key, date) else slot.key
    window = slot.window
    return [
        key, slot.occurrence, stored(window.opens_at), stored(window.closes_at), window.closes_inclusive, slot.pool_id,
    ]  # fmt: skip


def table_sql(slots: Sequence[Slot]) -> str:
    """Return the SQL of a table of `CELLS` unfolded from one JSON parameter; `k` is a date or an event's id."""
    if connection.vendor == "sqlite":
        columns = ", ".join(f"json_extract(j.value, '$.{name}') AS {name}" for name in CELLS)
        return f"(SELECT {columns} FROM json_each(%s) AS j)"
    # Typed by the function itself: a cast in the SELECT would be computed anew for each pair that a join compares.
    kind = "date" if isinstance(slots[0].key, date) else "bigint"
    return (
        f"(SELECT * FROM jsonb_to_recordset(%s::jsonb) AS j(k {kind}, n int, opens_at timestamptz, "
        "closes_at timestamptz, inclusive boolean, pool_id bigint))"
    )


def stored(moment: datetime) -> str:
    """Return the moment as the engine stores it."""
    return str(connection.ops.adapt_datetimefield_value(moment))
