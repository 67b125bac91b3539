"""What goes out of the ledger: violations and rewards with their fate, and the postings; amounts in yuan or points."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from reports.domain.period import Dataset, Period, Row, in_zone, snapshot, zone
from staff.choices import ViolationState
from staff.domain.conduct.explaining import explanation
from staff.models import LedgerEntry, Violation

ROWS_AT_ONCE: Final = 2_000
DECIDED: Final = frozenset(ViolationState.values) - {ViolationState.PROPOSED, ViolationState.WAIVED}

VIOLATION_FIELDS: Final = (
    "employee", "kind", "violation", "policy", "rule", "clause", "subject", "amount", "unit", "tier", "liability",
    "state", "occurred_on", "confirmed_by", "explanation", "branch",
)  # fmt: skip
RELATED: Final = ("employee", "policy", "release__policy", "decided_by", "primary__employee", "branch")

LEDGER_FIELDS: Final = (
    "employee", "kind", "policy", "rule", "clause", "subject", "amount", "unit", "period", "posted_at", "reverses",
)  # fmt: skip
LEDGER_COLUMNS: Final = (
    "employee__username", "kind", "policy__slug", "rule", "clause", "subject", "amount", "unit", "period", "posted_at",
    "reverses",
)  # fmt: skip


def violations(period: Period) -> Iterator[Row]:
    """Yield what happened in the period: violations, rewards and awards, whatever became of them."""
    found = Violation.objects.filter(period.of_days("occurred_on")).select_related(*RELATED).order_by("pk")
    with snapshot():
        for row in found.iterator(chunk_size=ROWS_AT_ONCE):
            yield (
                row.employee.username, row.kind, row.violation or None, row.policy.slug, row.rule, row.clause or None,
                row.subject, _figure(row.amount), row.unit, row.tier, row.liability, row.state, row.occurred_on,
                row.decided_by.username if row.decided_by and row.state in DECIDED else None, explanation(row) or None,
                row.branch.name if row.branch else None,
            )  # fmt: skip


def ledger(period: Period) -> Iterator[Row]:
    """Yield the postings of the months that the period touches; a counter-entry names what it reverses, by number."""
    found = LedgerEntry.objects.all()
    if period.first:
        found = found.filter(period__gte=f"{period.first:%Y-%m}")
    if period.last:
        found = found.filter(period__lte=f"{period.last:%Y-%m}")
    here = zone()
    with snapshot():
        for row in found.order_by("pk").values_list(*LEDGER_COLUMNS).iterator(chunk_size=ROWS_AT_ONCE):
            employee, kind, policy, rule, clause, subject, amount, unit, month, posted, reverses = row
            yield (
                employee, kind, policy, rule, clause or None, subject, _figure(amount), unit, month,
                in_zone(posted, here), reverses,
            )  # fmt: skip


CONDUCT: Final = (Dataset("violations", VIOLATION_FIELDS, violations), Dataset("ledger", LEDGER_FIELDS, ledger))


def _figure(hundredths: int | None) -> Decimal | None:
    return None if hundredths is None else Decimal(hundredths) / 100
