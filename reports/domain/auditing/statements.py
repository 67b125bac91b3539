"""Closed months, added up a second time: each statement from its entries, its hash, and the chain of the months."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from reports.domain.auditing.difference import Difference
from staff.models import LedgerEntry, MonthClose, Statement


def faults() -> Iterator[Difference]:
    """Yield where a closed month says otherwise than its entries."""
    before = ""
    for close in MonthClose.objects.order_by("period"):
        entries = list(LedgerEntry.objects.filter(period=close.period).select_related("policy").order_by("pk"))
        kept = {(row.employee_id, row.unit): row for row in Statement.objects.filter(close=close)}
        if close.entries != len(entries):
            yield Difference(f"month {close.period}", "entries", close.entries, len(entries))
        wanted = _wanted(entries)
        if set(kept) != set(wanted):
            yield Difference(f"month {close.period}", "statements", sorted(kept), sorted(wanted))
        digests = []
        for key in sorted(kept):
            yield from _statement(kept[key], close, wanted.get(key, []))
            digests.append(kept[key].sha256)
        digest = hashlib.sha256("\n".join([before, close.period, *digests]).encode()).hexdigest()
        if digest != close.sha256:
            yield Difference(f"month {close.period}", "hash", close.sha256, digest)
        before = close.sha256


def _wanted(entries: list[LedgerEntry]) -> dict[tuple[int, str], list[LedgerEntry]]:
    found: dict[tuple[int, str], list[LedgerEntry]] = defaultdict(list)
    for entry in entries:
        found[entry.employee_id, entry.unit].append(entry)
    return found


def _statement(row: Statement, close: MonthClose, entries: list[LedgerEntry]) -> Iterator[Difference]:
    where = f"statement {row.pk}"
    taken = sum(entry.amount for entry in entries if entry.kind == "penalty")
    given = sum(entry.amount for entry in entries if entry.kind != "penalty")
    if (row.penalties, row.rewards) != (taken, given):
        yield Difference(where, "sums", (row.penalties, row.rewards), (taken, given))
    lines = [_line(entry) for entry in entries]
    if row.lines != lines:
        yield Difference(where, "lines", row.lines, lines)
    said = {
        "period": close.period, "employee": row.employee_id, "unit": row.unit, "penalties": taken, "rewards": given,
        "lines": lines,
    }  # fmt: skip
    digest = hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    if digest != row.sha256:
        yield Difference(where, "hash", row.sha256, digest)


def _line(entry: LedgerEntry) -> dict[str, Any]:
    return {
        "entry": entry.pk, "violation": entry.violation_id, "kind": entry.kind, "policy": entry.policy.slug,
        "rule": entry.rule, "clause": entry.clause, "subject": entry.subject, "amount": entry.amount,
        "capped": entry.capped, "counts_in": entry.counts_in, "occurred_on": f"{entry.occurred_on:%Y-%m-%d}",
        "reverses": entry.reverses_id,
    }  # fmt: skip
