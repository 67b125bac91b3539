"""The second conversation: a visit asks whether the solution holds; the customer's word closes or reopens."""

from collections.abc import Iterable
from datetime import datetime

from staff.models import Employee
from visits.domain.obliging.occasions import CASES
from visits.models import VisitRecord, VisitTask


def follow_visit(*, record: VisitRecord, tasks: Iterable[VisitTask], by: Employee, now: datetime) -> None:
    """Let a visit that asked after a case speak (a hand-over)."""
    for task in tasks:
        if task.event.source == CASES:
            pass
