"""Finding a task among one's own open ones: whoever rings back is there, waiting for the next attempt or not.

Unlike the search of customers this reads one person's open tasks only, so it costs the same in a world of ten million.
"""

import re
import unicodedata
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from staff.models import Employee
from visits.domain.contact.numbers import normalise
from visits.domain.finding.queueing import COLUMNS, SHOWN, QueueRow, facts_of, row_of, typed
from visits.domain.finding.reasons import Pile, Words, pile_of

LIMIT: Final = 50
OWN: Final = f"""
SELECT 0 AS pile, {COLUMNS} FROM visits_visittask t
JOIN visits_customer mc ON mc.id = t.customer_id
JOIN visits_serviceevent me ON me.id = t.event_id
LEFT JOIN visits_vehicle mv ON mv.id = me.vehicle_id
LEFT JOIN visits_contactnumber mn ON mn.customer_id = t.customer_id AND mn.is_primary AND mn.valid_until IS NULL
WHERE t.assignee_id = %(person)s AND t.status = 'open' AND ({{condition}})
ORDER BY t.closes_at, t.id
"""
BY_WORD: Final = (
    "UPPER(mc.name) LIKE %(word)s ESCAPE '!' OR UPPER(me.order_no) LIKE %(word)s ESCAPE '!' "
    "OR UPPER(mc.pinyin) LIKE %(joined)s ESCAPE '!' OR mv.plate LIKE %(joined)s ESCAPE '!'"
)


def seek(employee: Employee, text: str, *, now: datetime) -> list[QueueRow]:
    """Return the person's open tasks that `text` finds: name, pinyin, plate, order number, last four, whole number."""
    wanted = unicodedata.normalize("NFKC", text).strip()
    if not wanted or "\0" in wanted:  # which no text of the database can hold
        return []
    zone = ZoneInfo(settings.TIME_ZONE)
    condition, facts = _condition(wanted)
    sql = SHOWN.format(piles=OWN.format(condition=condition), limit=LIMIT)
    with connection.cursor() as cursor:
        cursor.execute(sql, facts_of(employee.pk, now=now, zone=zone) | facts)
        found = sorted(map(typed, cursor.fetchall()), key=lambda values: (values[5], values[1]))
    words = Words(now, zone)
    return [row_of(values, _pile(values, now, zone), employee.pk, words) for values in found]


def _condition(wanted: str) -> tuple[str, dict[str, Any]]:
    facts: dict[str, Any] = {"word": _like(wanted), "joined": _like(re.sub(r"[\s·-]", "", wanted))}
    if re.fullmatch(r"\d{4}", wanted):
        return f"mn.last_four = %(four)s OR {BY_WORD}", facts | {"four": wanted}
    if numbers := normalise(wanted):
        return "mn.number = %(number)s", {"number": numbers[0]}
    return BY_WORD, facts


def _like(text: str) -> str:
    """Return the pattern of a text that stands anywhere; its own signs mean themselves."""
    escaped = re.sub(r"([!%_])", r"!\1", text.upper())
    return f"%{escaped}%"


def _pile(values: list[Any], now: datetime, zone: ZoneInfo) -> Pile:
    if values[8] is not None and values[8] <= now:
        return Pile.CALL_BACK
    return pile_of(values[5], values[6], now=now, zone=zone)
