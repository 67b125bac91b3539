"""Taking staged rows in, chunk by chunk: each chunk is one transaction, and its rows say so in the same one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, OperationalError, transaction

from staff.domain.activity import log
from staff.domain.calendar import day_start
from visits.choices import BatchState, RowState
from visits.domain.intake import bulk, journal, rows, writing
from visits.domain.intake.cars import Cars
from visits.domain.intake.judging import Options
from visits.domain.intake.known import Known, changed_by_hand, events_of, learn
from visits.domain.intake.people import People
from visits.domain.intake.rows import Staged
from visits.domain.intake.writing import Placed
from visits.models import ImportBatch

ATTEMPTS = 5

Progress = Callable[[int], None]
Enough = Callable[[], bool]


@dataclass
class Decision:
    """What a chunk of rows comes to: new and changed events with their people and vehicles."""

    people: People
    cars: Cars
    created: list[Placed] = field(default_factory=list)
    updated: list[tuple[int, Placed]] = field(default_factory=list)


def begin(batch: ImportBatch) -> None:
    """Say that the rows are being taken in; where that has been said, nothing changes."""
    ImportBatch.objects.filter(pk=batch.pk, state=BatchState.STAGED).update(state=BatchState.APPLYING)


def take_in(
    batch: ImportBatch, *, now: datetime, progress: Progress = lambda _count: None, enough: Enough = lambda: False
) -> None:
    """Take in every staged row of the import. Safe to repeat after a crash, and beside another process.

    `enough` is asked after each chunk whether to leave the rest for later.
    """
    begin(batch)
    while count := _chunk_with_patience(batch, now=now):
        progress(count)
        if enough():
            return
        bulk.pause()
    _finish(batch, now=now)


def _chunk_with_patience(batch: ImportBatch, *, now: datetime) -> int:
    """Take one chunk in; when somebody else wrote the same at the same moment, look again and repeat."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _take_chunk(batch, now=now)
        except (IntegrityError, OperationalError):
            if attempt == ATTEMPTS:
                raise
            bulk.pause()
    return 0


@transaction.atomic
def _take_chunk(batch: ImportBatch, *, now: datetime) -> int:
    bulk.take_turns()
    if not ImportBatch.objects.select_for_update().filter(pk=batch.pk, state=BatchState.APPLYING).exists():
        return 0  # somebody has stopped it, or another process has finished it
    chunk = rows.waiting(batch, bulk.chunk_size())
    if not chunk:
        return 0
    options = Options.of(batch.source, batch.options)
    decision = decide(chunk, Known(), within=options.within, keep_ours=options.keep_ours)
    before = journal.events_before(pk for pk, _placed in decision.updated)
    writing.write_people(decision.people, now=now)
    writing.write_cars(decision.cars)
    made = writing.insert_events(
        decision.created, history=options.history, visits_from=_first_moment(options, now=now), now=now
    )
    writing.update_events(decision.updated, now=now)
    journal.note(batch, decision, made, before, now=now)
    rows.settle(batch, chunk)
    return len(chunk)


def _first_moment(options: Options, *, now: datetime) -> datetime | None:
    """Return the moment before which no visit is wanted; None where that is past and nothing is held back."""
    if options.visits_from is None:
        return None
    start = day_start(options.visits_from, ZoneInfo(settings.TIME_ZONE)).astimezone(UTC)
    return start if start > now else None


def decide(chunk: list[Staged], known: Known, *, within: int | None = None, keep_ours: bool = False) -> Decision:
    """Say of each row what it does, reading the database a fixed number of times and writing nothing.

    `within`: the only branch whose orders may be changed; `keep_ours`: what people here have changed in a customer's
    file stays as it is.
    """
    known.events = events_of(chunk)
    fresh = [row for row in chunk if not _is_unchanged(row, known, within)]
    decision = Decision(People(known), Cars(known))
    if fresh:
        learn(known, fresh)
    if keep_ours:
        known.fixed = changed_by_hand(known.people)
    for row in fresh:
        _decide(row, known, decision)
    return decision


def _is_unchanged(row: Staged, known: Known, within: int | None) -> bool:
    event = known.events.get(row.key)
    row.state = RowState.UNCHANGED
    if event is not None and within and event.branch not in (None, within):
        row.warnings.append(["order_of_another_branch", {"order_no": row.facts["order_no"]}])
        return True
    return event is not None and event.fingerprint == row.facts["fingerprint"]


def _decide(row: Staged, known: Known, decision: Decision) -> None:
    event = known.events.get(row.key)
    person = decision.people.of(row, event.customer if event else None)
    car = decision.cars.of(row, person)
    if event is None:
        row.state = RowState.CREATED
        decision.created.append((row, person, car))
    else:
        row.state = RowState.UPDATED
        decision.updated.append((event.id, (row, person, car)))


@transaction.atomic
def _finish(batch: ImportBatch, *, now: datetime) -> None:
    """Close the import and leave its line of activity, once."""
    finished = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.APPLYING)
    if finished.update(state=BatchState.DONE, finished_at=now):
        batch.refresh_from_db(fields=["counts"])
        log(now=now, actor=batch.started_by, verb="events_imported", subject=batch, **batch.counts)
