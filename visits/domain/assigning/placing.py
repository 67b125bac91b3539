"""Writing down who has a task: one conditional UPDATE for many tasks, which says which of them it moved.

A row moves only while it stands as it was read, so of two who decide at once one wins; the other learns that it lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from visits.choices import WORKABLE

NOBODY = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a task goes: to `assignee`, or to the pool of `role`; `was` and `was_settled` are what must still hold."""

    task: int
    assignee: int | None
    role: str
    settled: bool
    was: int | None
    was_settled: bool

    @property
    def row(self) -> tuple[int, int, str, bool, int, bool]:
        """Return the values of one row of the statement, in the order in which it names them."""
        return (
            self.task, self.assignee or NOBODY, self.role, self.settled, self.was or NOBODY, self.was_settled,
        )  # fmt: skip


# `column1` … is how both engines name the columns of VALUES. A move ends the lease of who had the task, and the time
# in the pool begins with the moment at which nobody had it.
STATEMENT = """
UPDATE visits_visittask
SET assignee_id = NULLIF(d.column2, 0), role = d.column3, settled = d.column4,
    pooled_at = CASE WHEN d.column2 <> 0 THEN NULL ELSE COALESCE(pooled_at, %s) END,
    leased_by_id = CASE WHEN d.column2 = d.column5 THEN leased_by_id ELSE NULL END,
    leased_until = CASE WHEN d.column2 = d.column5 THEN leased_until ELSE NULL END
FROM (VALUES {rows}) AS d
WHERE visits_visittask.id = d.column1 AND status IN ({workable})
  AND COALESCE(assignee_id, 0) = d.column5 AND settled = d.column6
RETURNING visits_visittask.id
"""


def place(places: Sequence[Place], *, now: datetime) -> frozenset[int]:
    """Move these tasks and return the ids of those that still stood as they were read."""
    if not places:
        return frozenset()
    rows = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(places))
    statement = STATEMENT.format(rows=rows, workable=", ".join(["%s"] * len(WORKABLE)))
    values = [value for move in places for value in move.row]
    moment = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(statement, [moment, *values, *(str(status) for status in WORKABLE)])
        return frozenset(row[0] for row in cursor.fetchall())
