"""Events that the program makes itself: a kind with `start` and `every` comes round for every customer."""

from datetime import date, datetime
from itertools import takewhile

from django.db import connection

from config.packs.duration import Duration
from staff.domain.calendar import WorkCalendar, local_noon
from visits.domain.planning.events import load_calendar
from visits.domain.planning.rulebook import load_rulebook
from visits.domain.planning.sql import Sql
from visits.models import EventKind

SOURCE = "huifang"


def hold_campaigns(*, now: datetime, on: date) -> int:
    """Make the events of every kind that comes round on the business day `on`; return how many were made."""
    calendar = load_calendar()
    kinds = EventKind.objects.filter(start__lte=on)
    zones = {
        code: book.zone for book in load_rulebook().in_force() for rule in book.rules for code in rule.spec.trigger
    }
    return sum(
        _make(kind, on, local_noon(on, zones[kind.code]), now=now)
        for kind in kinds
        if kind.code in zones and kind.start and comes_round(kind.start, kind.every, on, calendar)
    )


def comes_round(start: date, every: str, on: date, calendar: WorkCalendar) -> bool:
    """Say whether a kind that starts on `start` and repeats `every` so often falls on `on`; without it, once."""
    if not every:
        return on == start
    offset = Duration.parse(every).offset
    turns = (calendar.after(start, offset * turn) for turn in range((on - start).days + 1))
    return on in takewhile(lambda day: day <= on, turns)


def _make(kind: EventKind, on: date, happened_at: datetime, *, now: datetime) -> int:
    """Make one event for each customer, under the kind and day as its order number."""
    moments = [str(connection.ops.adapt_datetimefield_value(moment)) for moment in (happened_at, now, now)]
    day = str(connection.ops.adapt_datefield_value(on))
    return Sql(
        "INSERT INTO visits_serviceevent (source, order_no, member, kind_id, happened_at, happened_on, due_has_time, "
        "customer_id, rating, product, remark, attributes, fingerprint, history, needs_planning, corrected, "
        "taken_in_at, changed_at) SELECT %s, %s, CAST(c.id AS TEXT), %s, %s, %s, FALSE, c.id, '', '', '', '{}', '', "
        "FALSE, TRUE, FALSE, %s, %s FROM visits_customer c WHERE c.left_at IS NULL AND c.merged_into_id IS NULL "
        "ON CONFLICT (source, order_no, member) DO NOTHING",
        (SOURCE, f"{kind.code}-{on}", kind.pk, moments[0], day, *moments[1:]),
    ).run()
