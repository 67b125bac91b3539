"""The limit of planning: one statement that makes the tasks of events whose windows somebody else has computed."""

from datetime import datetime, timedelta

from django.db import connection

from benchmarks.world import NOW, ids_of
from staff.models import Release
from visits.models import VisitStep

COLUMNS = (
    "event_id, step_id, release_id, occurrence, customer_id, branch_id, department_id, assignee_id, role, settled, "
    "status, urgency, priority, opens_at, closes_at, closes_inclusive, channel, attempts, closed_reason, created_at"
)
ROWS = """
SELECT e.id, w.step, {release}, 0, e.customer_id, e.branch_id, e.department_id, e.advisor_id, '', TRUE,
       'planned', 'c', 50, w.opens_at, w.closes_at, FALSE, 'desk_phone', 0, '', {now}
FROM visits_serviceevent e
CROSS JOIN (SELECT column1 AS step, column2 AS opens_at, column3 AS closes_at FROM (VALUES {windows}) AS v) AS w
WHERE e.id BETWEEN %s AND %s
"""
ANTI_JOIN = """
SELECT COUNT(*) FROM visits_serviceevent e CROSS JOIN visits_visitstep s
WHERE e.id BETWEEN %s AND %s AND NOT EXISTS (
  SELECT 1 FROM visits_visittask t WHERE t.event_id = e.id AND t.step_id = s.id AND t.occurrence = 0)
"""


def insert_tasks(events: range) -> int:
    """Make one task for each event and step by one raw INSERT … SELECT … ON CONFLICT DO NOTHING."""
    statement = (
        f"INSERT INTO visits_visittask ({COLUMNS}) {rows_sql()} ON CONFLICT (event_id, step_id, occurrence) DO NOTHING"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [events.start, events.stop - 1])
        return cursor.rowcount


def rows_sql() -> str:
    """Return the SELECT of the rows."""
    windows = ", ".join(
        f"({step}, {literal(NOW + timedelta(3 * place))}, {literal(NOW + timedelta(3 * place + 4))})"
        for place, step in enumerate(ids_of(VisitStep.objects.all()), 1)
    )
    return ROWS.format(release=Release.objects.get().pk, now=literal(NOW), windows=windows)


def literal(moment: datetime) -> str:
    """Return the moment as SQL."""
    if connection.vendor == "sqlite":
        return f"'{connection.ops.adapt_datetimefield_value(moment)}'"
    return f"TIMESTAMPTZ '{moment.isoformat()}'"


def count_missing(events: range) -> int:
    """Count by a raw anti-join the pairs of event and step that have no task."""
    with connection.cursor() as cursor:
        cursor.execute(ANTI_JOIN, [events.start, events.stop - 1])
        return cursor.fetchone()[0]
