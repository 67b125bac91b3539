"""The whole audit: decisions, postings, statements, and what should have been found at all."""

from datetime import datetime

from django.db import transaction

from reports.domain.auditing import decisions, found, postings, statements
from reports.domain.auditing.difference import Difference
from staff.models import LedgerEntry, MonthClose, Statement, Violation


def differences(*, now: datetime) -> tuple[dict[str, int], list[Difference]]:
    """Return how much was looked at, and every difference; reads only, from one moment."""
    with transaction.atomic():
        told = decisions.replayed()
        differing = [*decisions.faults(told), *postings.faults(told), *statements.faults(), *found.faults(now=now)]
        counts = {
            "violations": Violation.objects.count(),
            "entries": LedgerEntry.objects.count(),
            "statements": Statement.objects.count(),
            "months": MonthClose.objects.count(),
        }
    return counts, differing
