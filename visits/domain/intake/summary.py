"""What an import came to: how many rows, and which were refused or remarked on, and why."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from visits.choices import RowState
from visits.domain.intake.reasons import told
from visits.domain.intake.rows import Staged
from visits.models import ImportBatch, ImportRow

Remark = tuple[int, str, list[str]]  # row, order number, sentences


@dataclass(frozen=True)
class Summary:
    """The counts of an import and its refused rows; `read` is the sum of the other four."""

    read: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    reasons: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    batch: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the summary as JSON carries it."""
        return {
            "batch": self.batch, "read": self.read, "created": self.created, "updated": self.updated,
            "unchanged": self.unchanged, "rejected": self.rejected,
            "reasons": list(map(_as_json, self.reasons)), "warnings": list(map(_as_json, self.warnings)),
        }  # fmt: skip


def _as_json(remark: Remark) -> dict[str, Any]:
    return dict(zip(("row", "order_no", "reasons"), remark, strict=True))


def of_batch(batch: ImportBatch) -> Summary:
    """Return what the import has come to so far."""
    remarked = ImportRow.objects.filter(batch=batch).filter(Q(state=RowState.REJECTED) | ~Q(warnings=[]))
    found = remarked.order_by("row_no").values_list("row_no", "state", "facts", "reasons", "warnings")
    remarks = [Staged(row_no, state, facts, [], reasons, warnings) for row_no, state, facts, reasons, warnings in found]
    return Summary(**batch.counts, reasons=_reasons(remarks), warnings=_warnings(remarks), batch=batch.pk)


def of_rows(staged: list[Staged]) -> Summary:
    """Return what a rehearsal has come to."""
    found = Counter(str(row.state) for row in staged)
    ends = {state: found[state] for state in ("created", "updated", "unchanged", "rejected")}
    return Summary(read=len(staged), **ends, reasons=_reasons(staged), warnings=_warnings(staged))


def _reasons(staged: Iterable[Staged]) -> list[Remark]:
    return [(row.row_no, row.facts.get("order_no", ""), told(row.reasons)) for row in staged if row.reasons]


def _warnings(staged: Iterable[Staged]) -> list[Remark]:
    return [(row.row_no, row.facts.get("order_no", ""), told(row.warnings)) for row in staged if row.warnings]


def rejected_cells(batch: ImportBatch) -> Iterator[tuple[int, list[str], list[str]]]:
    """Yield row number, cells as read and reasons of each refused row."""
    found = ImportRow.objects.filter(batch=batch, state=RowState.REJECTED).order_by("row_no")
    for row_no, cells, reasons in found.values_list("row_no", "cells", "reasons").iterator(chunk_size=1_000):
        yield row_no, cells, told(reasons)
