"""Who is in which segment tonight: those with `when` are judged on every customer, the others are kept by hand.

Of one `set` a customer is in the first segment that holds; one kept by hand holds for those who are in it. Segments
are judged in their order, so one may build on those before it.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from staff.domain.activity import log
from visits.domain.matching.comparing import Params
from visits.domain.matching.compiling import as_condition, condition_sql
from visits.models import CustomerSegment, Segment

# The conditions stand over an event and a vehicle too; a customer judged for himself has neither.
CUSTOMERS = (
    "FROM visits_customer c LEFT JOIN visits_serviceevent e ON e.id = -1 LEFT JOIN visits_vehicle v ON v.id = -1"
    " WHERE c.merged_into_id IS NULL AND {holds}"
)
# NOT IN is answered from a hash, whatever the database believes of a table that has just been filled.
LEAVE = f"DELETE FROM visits_customersegment WHERE segment_id = %s AND customer_id NOT IN (SELECT c.id {CUSTOMERS})"
JOIN = (
    "INSERT INTO visits_customersegment (customer_id, segment_id, since)"
    f" SELECT c.id, %s, %s {CUSTOMERS} ON CONFLICT (customer_id, segment_id) DO NOTHING"
)
TAKEN = " AND c.id NOT IN (SELECT x.customer_id FROM visits_customersegment x WHERE x.segment_id IN ({ids}))"


@transaction.atomic
def judge_segments(*, now: datetime, on: date) -> dict[str, int]:
    """Bring every judged segment up to the business day `on`; return how many customers joined and left one."""
    before: dict[str, list[int]] = {}
    changes: dict[str, tuple[int, int]] = {}
    for segment in Segment.objects.order_by("position", "code"):
        if is_judged(segment):
            changes[segment.code] = judge(segment, before.get(segment.set, []), on=on, now=now)
        if segment.set:
            before.setdefault(segment.set, []).append(segment.pk)
    joined = sum(number for number, _left in changes.values())
    left = sum(number for _joined, number in changes.values())
    if joined or left:
        log(now=now, actor=None, verb="segments_judged", joined=joined, left=left, segments=told(changes))
    return {"joined": joined, "left": left}


def is_judged(segment: Segment) -> bool:
    """Say whether the program keeps this segment: it has conditions, and none waits for its figure."""
    return bool(segment.when) and not any(as_condition(condition).blanks() for condition in segment.when)


def judge(segment: Segment, before: list[int], *, on: date, now: datetime) -> tuple[int, int]:
    """Let customers join and leave one segment; `before`: the ids of those that go before it in its set."""
    holds, params = condition_sql(segment.when, segment.match, vendor=connection.vendor, on=on)
    if before:
        holds += TAKEN.replace("{ids}", ", ".join(["%s"] * len(before)))
        params += before
    since = CustomerSegment._meta.get_field("since").get_db_prep_save(now, connection)
    with connection.cursor() as cursor:
        left = changed(cursor, LEAVE.replace("{holds}", holds), [segment.pk, *params])
        joined = changed(cursor, JOIN.replace("{holds}", holds), [segment.pk, since, *params])
    return joined, left


def changed(cursor: Any, sql: str, params: Params) -> int:
    """Run one statement and return how many rows it changed."""
    cursor.execute(sql, params)
    return int(cursor.rowcount)


def told(changes: Mapping[str, tuple[int, int]]) -> dict[str, list[int]]:
    """Return the segments that changed, each with how many joined and left, for the activity log."""
    return {code: [joined, left] for code, (joined, left) in changes.items() if joined or left}
