"""What people decide about an import: what its columns mean, that it be taken in, stopped, gone on with, taken back.

Every decision is one conditional UPDATE of the state, so that two windows, or the worker at the same moment, cannot
both have their way; whoever comes second is told that somebody else was first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from config.workbooks.columns import Layout
from staff.domain.activity import log
from staff.models import Employee
from visits.choices import BatchState
from visits.domain.intake import meanings, shelf
from visits.domain.intake.judging import Options
from visits.models import ImportBatch, ImportChunk, ImportRow

CHANGEABLE: Final = (BatchState.DRAFT, BatchState.CHECKED, BatchState.REFUSED)
BUSY: Final = (
    BatchState.WAITING, BatchState.STAGING, BatchState.STAGED, BatchState.APPLYING, BatchState.UNDOING,
)  # fmt: skip
ENDED: Final = (BatchState.DONE, BatchState.STOPPED, BatchState.UNDONE)


class CannotBe(Exception):
    """The import stands elsewhere by now: somebody, or the worker, was faster."""

    def __init__(self) -> None:
        super().__init__(_("This import has moved on in the meantime. Look at where it stands now."))


class NotSettled(Exception):
    """Columns that must be there are missing, or two columns have one meaning; `faults` names them."""

    def __init__(self, faults: Mapping[str, list[str]]) -> None:
        super().__init__("columns")
        self.faults = faults


@dataclass(frozen=True)
class Brought:
    """A file that somebody has brought: where it lies, its name, its hash, and the first look at it."""

    path: Path
    name: str
    sha256: str
    look: Mapping[str, Any]


@transaction.atomic
def begin(brought: Brought, *, source: str, branch: int | None, by: Employee, now: datetime) -> ImportBatch:
    """Keep the file and open an import whose columns are to be confirmed. OSError where there is no room for it.

    `branch`: the only branch that the person imports for, if there is one.
    """
    options = Options(source=source, branch=branch, within=branch)
    batch = ImportBatch.objects.create(
        source=source, filename=brought.name[:200], sha256=brought.sha256, state=BatchState.DRAFT, started_at=now,
        started_by=by, branch_id=branch, options={"titles": [], **options.kept()},
        reading=dict(brought.look) | {"proposed": meanings.proposed(brought.look, source)},
        file=shelf.keep(brought.path),
    )  # fmt: skip
    log(now=now, actor=by, verb="import_brought", subject=batch, rows=brought.look["rows"])
    return batch


def look_again(batch: ImportBatch, look: Mapping[str, Any]) -> None:
    """Take another sheet or row for the header, before anything is read."""
    kept = {name: batch.reading[name] for name in ("sheets",) if name in batch.reading}
    reading = kept | dict(look) | {"proposed": meanings.proposed(look, batch.source)}
    _move(batch, CHANGEABLE, state=BatchState.DRAFT, reading=reading, foreseen={}, refusal=[])


@transaction.atomic
def settle_columns(
    batch: ImportBatch, keys: Sequence[str], layout: Layout, *, options: Options, by: Employee, now: datetime
) -> None:
    """Settle what the columns mean and how the file is read, and let it be read; remember it for this source.

    Raises `NotSettled`, and `CannotBe` where it is being read or taken in by now.
    """
    found = meanings.faults(keys, layout)
    if any(found.values()):
        raise NotSettled(found)
    look = batch.reading
    kept = {name: value for name, value in look.items() if name != "settled"}
    settled = meanings.settled(look, keys)
    meanings.remember(look["titles"], keys, source=options.source, by=by, now=now)
    _move(
        batch, CHANGEABLE, state=BatchState.WAITING, source=options.source, foreseen={}, refusal=[], counts={},
        branch_id=options.within or options.branch, reading=kept | {"proposed": list(keys), "settled": settled},
        options={"titles": settled["titles"], **options.kept()},
    )  # fmt: skip
    _drop_rows(batch)


@transaction.atomic
def start(batch: ImportBatch, *, options: Options, by: Employee, now: datetime) -> None:
    """Let the rows that were read be taken in; `options` may only differ in what concerns no reading."""
    kept = {"titles": batch.options["titles"], **options.kept()}
    _move(batch, (BatchState.CHECKED,), state=BatchState.STAGED, options=kept)
    log(now=now, actor=by, verb="import_started", subject=batch, **dict(batch.counts))


@transaction.atomic
def stop(batch: ImportBatch, *, by: Employee, now: datetime) -> None:
    """Stop an import: one that is being read goes back to its columns, one that is taken in keeps what it has."""
    if _moved(batch, (BatchState.WAITING, BatchState.STAGING), state=BatchState.DRAFT):
        _drop_rows(batch)
    elif not _moved(batch, (BatchState.STAGED,), state=BatchState.CHECKED):
        _move(batch, (BatchState.APPLYING,), state=BatchState.STOPPED, finished_at=now)
    log(now=now, actor=by, verb="import_stopped", subject=batch)


@transaction.atomic
def go_on(batch: ImportBatch, *, by: Employee, now: datetime) -> None:
    """Take in what a stopped import has left."""
    _move(batch, (BatchState.STOPPED,), state=BatchState.APPLYING, finished_at=None)
    log(now=now, actor=by, verb="import_started", subject=batch)


@transaction.atomic
def take_back(batch: ImportBatch, *, by: Employee, now: datetime) -> None:
    """Let everything be taken back that the import has made and nobody has touched since."""
    if not can_be_taken_back(batch):
        raise CannotBe
    _move(batch, (BatchState.DONE, BatchState.STOPPED), state=BatchState.UNDOING)
    ImportRow.objects.filter(batch=batch, state="staged")._raw_delete(ImportRow.objects.db)
    log(now=now, actor=by, verb="import_taking_back", subject=batch)


@transaction.atomic
def discard(batch: ImportBatch, *, by: Employee, now: datetime) -> None:
    """Drop an import of which nothing was taken in, with its file."""
    if not _moved(batch, CHANGEABLE, state=BatchState.DRAFT):
        raise CannotBe
    log(now=now, actor=by, verb="import_discarded", subject=batch)
    _drop_rows(batch)
    ImportBatch.objects.filter(pk=batch.pk).delete()
    transaction.on_commit(lambda: shelf.drop(batch.file))


def can_be_taken_back(batch: ImportBatch) -> bool:
    """Say whether it is known what the import wrote: the notes are dropped when the time for it is over."""
    return ImportChunk.objects.filter(batch=batch, undone_at=None).exists()


def options_of(batch: ImportBatch, **changes: Any) -> Options:
    """Return how the file is read and taken in, with some of it changed."""
    return replace(Options.of(batch.source, batch.options), **changes)


def _move(batch: ImportBatch, states: Sequence[BatchState], **facts: Any) -> None:
    if not _moved(batch, states, **facts):
        raise CannotBe


def _moved(batch: ImportBatch, states: Sequence[BatchState], **facts: Any) -> bool:
    done = bool(ImportBatch.objects.filter(pk=batch.pk, state__in=states).update(**facts))
    if done:
        for name, value in facts.items():
            setattr(batch, name, value)
    return done


def _drop_rows(batch: ImportBatch) -> None:
    ImportRow.objects.filter(batch=batch)._raw_delete(ImportRow.objects.db)
