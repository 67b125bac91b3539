"""A rehearsal of an import: every decision, nothing written."""

from collections.abc import Iterable
from datetime import datetime

from config.workbooks.rows import Row
from visits.choices import RowState
from visits.domain.intake import bulk, rows
from visits.domain.intake.directory import load_directory
from visits.domain.intake.judging import Judge, Options
from visits.domain.intake.known import Known
from visits.domain.intake.rows import Staged
from visits.domain.intake.staging import Repeats, judged
from visits.domain.intake.taking import decide


def rehearse(read: Iterable[Row], *, options: Options, now: datetime) -> list[Staged]:
    """Return the rows with what an import would make of them at that moment."""
    repeats = Repeats()
    staged = list(judged(read, Judge(load_directory(rehearsal=True), options, now=now), repeats))
    superseded = {row.row_no: row for row in repeats.superseded}
    staged = [superseded.get(row.row_no, row) for row in staged]
    known = Known()  # kept from chunk to chunk: the next one meets the customers that this one would have made
    for chunk in rows.parts([row for row in staged if row.state == RowState.STAGED], bulk.chunk_size()):
        decide(chunk, known)
    return staged
