"""The staged row: how it is written to the database and read back, and which key it claims."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from config.workbooks.rows import Row
from visits.choices import RowState
from visits.domain.intake import bulk
from visits.domain.planning.sql import Sql, among
from visits.models import ImportBatch, ImportRow

Key = tuple[str, str, str]
ENDS = ("read", "created", "updated", "unchanged", "rejected")
NOTHING = "[]"
COLUMNS = ("batch_id", "row_no", "state", "cells", "facts", "reasons", "warnings")


@dataclass(slots=True)
class Staged:
    """A row with its verdict. `cells` are kept of refused rows only: nobody has to mend the others.

    `encoded`: the facts as JSON, where they were encoded already.
    """

    row_no: int
    state: str
    facts: dict[str, Any] = field(default_factory=dict)
    cells: list[str] = field(default_factory=list)
    reasons: list[Any] = field(default_factory=list)
    warnings: list[Any] = field(default_factory=list)
    encoded: str = ""

    @property
    def key(self) -> Key:
        """Source system, order number and member: the key of the event."""
        return self.facts["source"], self.facts["order_no"], self.facts["member"]


def verdict(row: Row) -> Staged:
    """Return the row as it is staged: refused, with its cells, or waiting to be taken in."""
    if row.wrong:
        kept = {"order_no": row.facts.get("order_no", "")}
        return Staged(row.row_no, RowState.REJECTED, kept, row.cells, row.wrong, row.doubts)
    return Staged(row.row_no, RowState.STAGED, row.facts, [], [], row.doubts, row.encoded)


def store(batch: ImportBatch, rows: Iterable[Staged]) -> None:
    """Write staged rows."""
    bulk.insert(ImportRow, COLUMNS, (_values(batch.pk, row) for row in rows))


def _values(batch: int, row: Staged) -> tuple[Any, ...]:
    return (
        batch, row.row_no, str(row.state), _listed(row.cells), row.encoded or bulk.json(row.facts),
        _listed(row.reasons), _listed(row.warnings),
    )  # fmt: skip


def _listed(values: list[Any]) -> str:
    return bulk.json(values) if values else NOTHING


def waiting(batch: ImportBatch, limit: int) -> list[Staged]:
    """Return the next rows of the import that have not been taken in."""
    found = Sql(
        "SELECT row_no, facts, warnings FROM visits_importrow WHERE batch_id = %s AND state = %s "
        "ORDER BY row_no LIMIT %s",
        (batch.pk, str(RowState.STAGED), limit),
    )
    return [
        Staged(row_no, RowState.STAGED, json.loads(facts), warnings=[] if remarks == NOTHING else json.loads(remarks))
        for row_no, facts, remarks in found.rows()
    ]


def settle(batch: ImportBatch, rows: Iterable[Staged]) -> None:
    """Count what became of the rows and keep those with remarks; the others' data stands in the tables by now."""
    done: list[Staged] = []
    remarked: list[Staged] = []
    ends: Counter[str] = Counter()
    for row in rows:
        ends[str(row.state)] += 1
        (remarked if row.warnings else done).append(row)
    delete = Sql("DELETE FROM visits_importrow WHERE batch_id = %s AND", (batch.pk,))
    (delete + among("row_no", [row.row_no for row in done])).run()
    keep(batch, remarked)
    count(batch, ends)


def keep(batch: ImportBatch, remarked: list[Staged]) -> None:
    """Keep rows that are done with what is remarked on them, and nothing else of them but the order number."""
    update = "UPDATE visits_importrow SET state = %s, facts = %s, warnings = %s WHERE batch_id = %s AND row_no = %s"
    changes = [
        (str(row.state), bulk.json({"order_no": row.facts["order_no"]}), bulk.json(row.warnings), batch.pk, row.row_no)
        for row in remarked
    ]
    with connection.cursor() as cursor:
        cursor.executemany(update, changes)


def count(batch: ImportBatch, ends: Mapping[str, int]) -> None:
    """Add to the counts of the import, inside of the transaction of what is counted."""
    counts = ImportBatch.objects.values_list("counts", flat=True).get(pk=batch.pk)
    batch.counts = {end: counts.get(end, 0) + ends.get(end, 0) for end in ENDS}
    ImportBatch.objects.filter(pk=batch.pk).update(counts=batch.counts)


def parts(rows: list[Staged], size: int) -> Iterator[list[Staged]]:
    """Cut the rows into chunks."""
    return (rows[start : start + size] for start in range(0, len(rows), size))
