"""The staged row: how it is written to the database and read back, and which key it claims."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count

from config.workbooks.rows import Row
from visits.choices import RowState
from visits.domain.intake import bulk
from visits.models import ImportBatch, ImportRow

Key = tuple[str, str, str]
COLUMNS = ("batch_id", "row_no", "state", "cells", "facts", "reasons", "warnings")


@dataclass(slots=True)
class Staged:
    """A row with its verdict. `cells` are kept of refused rows only: nobody has to mend the others."""

    row_no: int
    state: str
    facts: dict[str, Any] = field(default_factory=dict)
    cells: list[str] = field(default_factory=list)
    reasons: list[Any] = field(default_factory=list)
    warnings: list[Any] = field(default_factory=list)

    @property
    def key(self) -> Key:
        """Source system, order number and member: the key of the event."""
        return self.facts["source"], self.facts["order_no"], self.facts["member"]


def verdict(row: Row) -> Staged:
    """Return the row as it is staged: refused, with its cells, or waiting to be taken in."""
    if row.wrong:
        kept = {"order_no": row.facts.get("order_no", "")}
        return Staged(row.row_no, RowState.REJECTED, kept, row.cells, row.wrong, row.doubts)
    return Staged(row.row_no, RowState.STAGED, row.facts, [], [], row.doubts)


def store(batch: ImportBatch, rows: Iterable[Staged]) -> None:
    """Write staged rows."""
    bulk.insert(ImportRow, COLUMNS, (_values(batch.pk, row) for row in rows))


def _values(batch: int, row: Staged) -> tuple[Any, ...]:
    return (
        batch, row.row_no, str(row.state), bulk.json(row.cells), bulk.json(row.facts), bulk.json(row.reasons),
        bulk.json(row.warnings),
    )  # fmt: skip


def waiting(batch: ImportBatch, limit: int) -> list[Staged]:
    """Return the next rows of the import that have not been taken in."""
    found = ImportRow.objects.filter(batch=batch, state=RowState.STAGED).order_by("row_no")
    return [Staged(row_no, RowState.STAGED, facts, warnings=warnings) for row_no, facts, warnings in
            found.values_list("row_no", "facts", "warnings")[:limit]]  # fmt: skip


def settle(batch: ImportBatch, rows: Iterable[Staged], remarked: set[int]) -> None:
    """Write down what became of the rows; `remarked` are those whose warnings grew."""
    by_state: dict[str, list[int]] = {}
    for row in rows:
        by_state.setdefault(row.state, []).append(row.row_no)
    for state, numbers in by_state.items():
        ImportRow.objects.filter(batch=batch, row_no__in=numbers).update(state=state)
    for row in rows:
        if row.row_no in remarked:
            ImportRow.objects.filter(batch=batch, row_no=row.row_no).update(warnings=row.warnings)


def parts(rows: list[Staged], size: int) -> Iterator[list[Staged]]:
    """Cut the rows into chunks."""
    return (rows[start : start + size] for start in range(0, len(rows), size))


def mark_replaced(batch: ImportBatch, row_no: int, warning: list[Any]) -> None:
    """Say of a row that a later one of the same file counts instead."""
    row = ImportRow.objects.get(batch=batch, row_no=row_no)
    row.state = RowState.UNCHANGED
    row.warnings = [*row.warnings, warning]
    row.save(update_fields=["state", "warnings"])


def counts(batch: ImportBatch) -> dict[str, int]:
    """Return how many rows were read, and how many came to each end."""
    found = dict(ImportRow.objects.filter(batch=batch).order_by().values_list("state").annotate(Count("id")))
    ends = ("created", "updated", "unchanged", "rejected")
    return {"read": sum(found.values()), **{state: found.get(state, 0) for state in ends}}
