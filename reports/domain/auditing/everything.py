"""The whole audit: what should have been found at all, decisions, postings, statements."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from reports.domain.auditing import decisions, grounds, kept, postings, reported, rewards, statements
from reports.domain.auditing.difference import Difference
from reports.domain.auditing.ground import Releases
from staff.models import LedgerEntry, MonthClose, Statement, Violation


def differences(*, now: datetime) -> tuple[dict[str, int], list[Difference]]:
    """Return how much was looked at, and every difference; reads only, in one transaction."""
    with transaction.atomic():
        counts = Counter(
            violations=Violation.objects.count(),
            entries=LedgerEntry.objects.count(),
            statements=Statement.objects.count(),
            months=MonthClose.objects.count(),
        )
        differing = [*_accounts(), *statements.faults(), *reported.faults(now=now)]
        differing += [*grounds.faults(counts), *rewards.faults(counts), *kept.faults(counts)]
    return counts, differing


def _accounts() -> Iterator[Difference]:
    """Yield what differs in decisions and postings, person by person: nothing of them spans two people."""
    releases = Releases()
    for employee in Violation.objects.order_by("employee").values_list("employee", flat=True).distinct():
        told = decisions.replayed(employee, releases)
        entries = LedgerEntry.objects.filter(violation__employee=employee).order_by("pk")
        yield from decisions.faults(told)
        yield from postings.faults(told, list(entries))
