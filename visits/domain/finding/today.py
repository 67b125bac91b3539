"""How the day stands for one person: visits settled, calls made, the next promised call-back, and what was called.

Everything here is a range of an index: the person's records of the day, and their promised call-backs.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from staff.domain.calendar import day_start, local_date
from staff.models import Employee
from visits.choices import WORKABLE, RecordKind
from visits.domain.finding.queueing import Counts, counted, counting, facts_of
from visits.models import RecordTask

MOST: Final = 100
STANDING: Final = """
SELECT d.settled, d.calls, p.at, p.task, p.name, {counting}
FROM (
  SELECT count(DISTINCT CASE WHEN l.attempt > 0 AND t.status NOT IN ('planned', 'open') THEN t.id END) AS settled,
         count(DISTINCT r.id) AS calls
  FROM visits_visitrecord r
  LEFT JOIN visits_recordtask l ON l.record_id = r.id
  LEFT JOIN visits_visittask t ON t.id = l.task_id
  WHERE r.advisor_id = %(person)s AND r.started_at >= %(today)s AND r.kind = 'contact'
    AND NOT EXISTS (SELECT 1 FROM visits_visitrecord v WHERE v.supersedes_id = r.id AND v.kind = 'void')
) d
LEFT JOIN (
  SELECT t.call_back_at AS at, t.id AS task, c.name
  FROM visits_visittask t JOIN visits_customer c ON c.id = t.customer_id
  WHERE t.assignee_id = %(person)s AND t.status = 'open' AND t.call_back_at IS NOT NULL
  ORDER BY t.call_back_at, t.id LIMIT 1
) p ON 1 = 1
"""


@dataclass(frozen=True, slots=True)
class Day:
    """The day so far. `settled`: visits that the person's contacts of today ended; `promise_*`: the first call-back.

    `counts`: what is still open.
    """

    settled: int
    calls: int
    promise_at: datetime | None
    promise_task: int | None
    promise_name: str
    counts: Counts


def day_of(employee: Employee, *, now: datetime) -> Day:
    """Return how the local day of `now` stands for the person, by one query."""
    with connection.cursor() as cursor:
        facts = facts_of(employee.pk, now=now, zone=ZoneInfo(settings.TIME_ZONE))
        cursor.execute(STANDING.format(counting=counting()), facts)
        settled, calls, promised, task, name, *numbers = cursor.fetchone()
    return Day(settled, calls, _aware(promised), task, name or "", counted(*numbers))


def worked_today(employee: Employee, *, now: datetime) -> QuerySet[RecordTask]:
    """Return the links of the person's contacts of today with their tasks, latest first: who rings back is found."""
    zone = ZoneInfo(settings.TIME_ZONE)
    links = RecordTask.objects.filter(
        record__advisor=employee, record__started_at__gte=day_start(local_date(now, zone), zone), attempt__gt=0,
        record__kind=RecordKind.CONTACT,
    ).exclude(record__superseded_by__kind=RecordKind.VOID)  # fmt: skip
    return links.select_related("record__customer", "task__step__rule", "task__event__vehicle").order_by("-pk")[:MOST]


def is_settled(link: RecordTask) -> bool:
    """Say whether the task of a contact is no longer waiting."""
    return link.task.status not in WORKABLE


def _aware(moment: Any) -> datetime | None:
    """Return a moment with its zone, however the engine hands it out."""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment
