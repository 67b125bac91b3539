"""Staging: every row of a file is judged by itself and kept with its verdict before anything is taken in."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from django.db import transaction

from config.workbooks.rows import Row
from staff.models import Employee
from visits.choices import BatchState, RowState
from visits.domain.intake import bulk, rows
from visits.domain.intake.directory import load_directory
from visits.domain.intake.judging import Judge, Options
from visits.domain.intake.rows import Key, Staged
from visits.models import ImportBatch, ImportRow


class Stopped(Exception):
    """Somebody has stopped the import while it was read; nothing of it was taken in."""


Look = Callable[[list[Staged]], None]


@dataclass(frozen=True)
class File:
    """The file that is read: its name, what it holds (hash), and the words of its header."""

    name: str
    sha256: str
    titles: tuple[str, ...] = ()


class Met(NamedTuple):
    """What a later row of the same order is compared with: no more, for a file may have a hundred thousand rows."""

    row_no: int
    numbers: tuple[str, ...]
    warnings: tuple[Any, ...]


@dataclass
class Repeats:
    """Rows of one file that claim the same event: the last counts, unless they speak of different customers."""

    met: dict[Key, Met] = field(default_factory=dict)
    superseded: list[Staged] = field(default_factory=list)

    def meet(self, row: Staged, read: Row) -> Staged:
        """Return the row, refused if its order belongs to another customer in this file."""
        if row.state != RowState.STAGED:
            return row
        key, facts = row.key, {"order_no": row.facts["order_no"]}
        earlier = self.met.get(key)
        if earlier and not set(earlier.numbers).intersection(row.facts["numbers"]):
            reason = ["order_of_another_customer", {**facts, "row": earlier.row_no}]
            return Staged(row.row_no, RowState.REJECTED, facts, read.cells, [reason], row.warnings)
        if earlier:
            warnings = [*earlier.warnings, ["replaced", {"row": row.row_no}]]
            self.superseded.append(Staged(earlier.row_no, RowState.UNCHANGED, facts, warnings=warnings))
        self.met[key] = Met(row.row_no, tuple(row.facts["numbers"]), tuple(row.warnings))
        return row


def judged(read: Iterable[Row], judge: Judge, repeats: Repeats, *, with_cells: bool = False) -> Iterator[Staged]:
    """Yield the rows of a file with their verdicts, the accepted ones with their cells only if they are wanted."""
    for row in read:
        if not row.wrong:
            judge.judge(row)
        met = repeats.meet(rows.verdict(row), row)
        if with_cells:
            met.cells = row.cells
        yield met


def unfinished(file: File, options: Options) -> ImportBatch | None:
    """Return the import of the very same file, with the same options, that a crash left behind fully staged."""
    same = ImportBatch.objects.filter(sha256=file.sha256, source=options.source, options=_kept(file, options), file="")
    return same.filter(state__in=[BatchState.STAGED, BatchState.APPLYING]).order_by("id").first()


def stage(
    read: Iterable[Row], *, file: File, options: Options, now: datetime, actor: Employee | None = None
) -> ImportBatch:
    """Judge and keep every row; return the import, ready to be taken in.

    Should reading fail half way, what was kept is dropped again and the exception goes on.
    """
    batch = ImportBatch.objects.create(
        source=options.source, filename=file.name[:200], sha256=file.sha256, options=_kept(file, options),
        state=BatchState.STAGING, started_at=now, started_by=actor, branch_id=options.branch,
    )  # fmt: skip
    try:
        store(batch, read, Judge(load_directory(), options, now=now), done=BatchState.STAGED)
    except BaseException:
        discard(batch)
        raise
    return batch


def store(
    batch: ImportBatch, read: Iterable[Row], judge: Judge, *, done: BatchState, look: Look | None = None,
    foreseen: Callable[[], dict[str, Any]] = dict,
) -> None:  # fmt: skip
    """Keep every row with its verdict, chunk by chunk; the import is in the state `done` once all are kept.

    `look` is shown each chunk, with the cells of every row, before it is written, and may refuse rows or remark on
    them; `foreseen` is asked at the end what it has counted. Raises `Stopped` when somebody has stopped the reading.
    """
    repeats = Repeats()
    staged = judged(read, judge, repeats, with_cells=look is not None)
    while chunk := list(islice(staged, bulk.chunk_size())):
        if look:
            look(chunk)
        _store_chunk(batch, chunk)
        bulk.pause()
    with transaction.atomic():
        rows.keep(batch, repeats.superseded)
        rows.count(batch, {"unchanged": len(repeats.superseded)})
        found = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.STAGING)
        found.update(state=done, foreseen=foreseen() | {"replaced": len(repeats.superseded)})
    batch.state = done


@transaction.atomic
def _store_chunk(batch: ImportBatch, chunk: list[Staged]) -> None:
    if not ImportBatch.objects.select_for_update().filter(pk=batch.pk, state=BatchState.STAGING).exists():
        raise Stopped
    rows.store(batch, chunk)
    rejected = sum(row.state == RowState.REJECTED for row in chunk)
    rows.count(batch, {"read": len(chunk), "rejected": rejected})


def discard(batch: ImportBatch) -> None:
    """Drop an import whose staging was not completed; nothing of it has been taken in."""
    with transaction.atomic():
        if ImportBatch.objects.filter(pk=batch.pk, state=BatchState.STAGING).exists():
            ImportRow.objects.filter(batch=batch)._raw_delete(ImportRow.objects.db)
            ImportBatch.objects.filter(pk=batch.pk).delete()


def _kept(file: File, options: Options) -> dict:
    return {"titles": list(file.titles), **options.kept()}
