"""Rows that conflict with what people did here, left out of an import and handed back with the reason."""

from itertools import islice
from typing import Final

from django.db import transaction

from visits.choices import RowState
from visits.domain.intake import bulk, rows
from visits.domain.intake.foreseeing import OTHER_SOURCE, WORKED_ON
from visits.models import ImportBatch, ImportRow

LEFT_OUT: Final = frozenset({WORKED_ON, OTHER_SOURCE})  # of a file that differs only the fields are left alone


def leave_out(batch: ImportBatch) -> int:
    """Refuse the staged rows that conflict, each with its reason, and return how many; safe to repeat."""
    staged = ImportRow.objects.filter(batch=batch, state=RowState.STAGED).exclude(warnings=[]).order_by("row_no")
    found = (row for row in staged.iterator(chunk_size=1_000) if _conflicts(row))
    count = 0
    while chunk := list(islice(found, bulk.chunk_size())):
        for row in chunk:
            row.reasons, row.warnings = _conflicts(row), [one for one in row.warnings if one[0] not in LEFT_OUT]
            row.state, row.facts = RowState.REJECTED, {"order_no": row.facts.get("order_no", "")}
        with transaction.atomic():
            ImportRow.objects.bulk_update(chunk, ["state", "facts", "reasons", "warnings"], batch_size=500)
            rows.count(batch, {"rejected": len(chunk)})
        count += len(chunk)
    return count


def _conflicts(row: ImportRow) -> list:
    return [one for one in row.warnings if one[0] in LEFT_OUT]
