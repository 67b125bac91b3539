"""Exports written by the worker: claimed by a lock that dies with its holder, read as the page reads, whole or not.

A tick gives what waits to a thread and waits for it a moment, so that what is small is done within the tick and what
is large holds up no other job. A process that dies takes its thread along; the next tick begins the file anew.
"""

import logging
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl

from django.db import InterfaceError, OperationalError, connection
from django.urls import Resolver404, resolve
from django.utils import translation

from config import clock
from config.logs import about
from config.workbooks.writing import appearing, write_csv, write_json, write_xlsx
from reports.choices import ExportContacts, ExportFault, ExportForm
from reports.domain.exports import approving, shelf, steering
from reports.domain.period import one_moment
from reports.excel.lists import LISTS
from reports.excel.lists.listing import MARK, Asking, Column, Listing, NotThere, cells
from reports.excel.watermark import about_file, mark_of
from reports.models import Export
from staff.domain.access import may_open, standing_of
from staff.models import Employee
from visits.domain.calling.restricting import refusing_all

logger = logging.getLogger(__name__)
PATIENCE: Final = 2.0  # seconds that a tick waits for its thread
NOTED_EVERY: Final = 2_000  # rows
_starting = threading.Lock()
_writer: list[threading.Thread] = []


class Stopped(Exception):
    """Somebody has cancelled it."""


class NoRight(Exception):
    """Who asked may no longer open the page, or no longer see a number of it."""


class NotApproved(Exception):
    """Nobody who may do so has approved the whole numbers of the file."""


def run_exports(*, now: datetime) -> dict[str, int]:
    """End what nobody approved in time, and have a thread write what waits; return how much of both there was."""
    lapsed = approving.lapse(now=now)
    waiting = Export.objects.to_do().count()
    if waiting:
        with _starting:
            if not any(thread.is_alive() for thread in _writer):
                _writer[:] = [threading.Thread(target=_in_thread, args=(now,), name="exports", daemon=True)]
                _writer[0].start()
        _writer[0].join(PATIENCE)
    return {"waiting": waiting, "lapsed": lapsed}


def _in_thread(now: datetime) -> None:
    with closing(connection), about(job="run_exports"):
        try:
            work_off(now=now)
        except Exception:
            logger.exception("exports broke off")


def work_off(*, now: datetime) -> int:
    """Write everything that waits, oldest first; return how many files were finished."""
    began = time.monotonic()
    done = 0
    for export in Export.objects.to_do().select_related("asked_by"):
        done += carry_on(export, now=now + timedelta(seconds=time.monotonic() - began))
    return done


def carry_on(export: Export, *, now: datetime) -> bool:
    """Write one file, unless another process is at it; say whether it is there now."""
    with shelf.alone_with(export.pk, export.file) as mine:
        if not mine or not steering.begin(export, now=now):
            return False
        try:
            with translation.override(export.language):
                return _write(export, now=now)
        except Stopped:
            shelf.drop(export.file)
        except (OperationalError, InterfaceError):
            logger.exception("export %s is begun anew with the next tick", export.pk)
        except Exception as problem:
            logger.exception("export %s failed", export.pk)
            steering.fail(export, _fault_of(problem), now=now)
    return False


def _fault_of(problem: Exception) -> ExportFault:
    match problem:
        case NoRight():
            return ExportFault.RIGHTS
        case NotApproved():
            return ExportFault.APPROVAL
        case NotThere():
            return ExportFault.GONE
        case OSError():
            return ExportFault.DISK
    return ExportFault.UNEXPECTED


def _write(export: Export, *, now: datetime) -> bool:
    began = time.monotonic()
    listing, asking = asked(export, now=now)
    with appearing(shelf.path_of(export.file)) as temporary, one_moment():
        columns, rows = _columns(export, listing, asking), listing.rows(asking)
        told = cells(columns, _counted(export, rows), worded=export.form != ExportForm.JSON, mark=mark_of(export))
        heads = [*columns, MARK]
        if export.form == ExportForm.JSON:
            count = write_json(temporary, [column.key for column in heads], told)
        elif export.form == ExportForm.CSV:
            count = write_csv(temporary, [str(column.label) for column in heads], told)
        else:
            said = about_file(export, listing.filters(asking), now=now)
            count = write_xlsx(temporary, [str(column.label) for column in heads], told, about=said)
    moment = now + timedelta(seconds=time.monotonic() - began)
    seen = steering.fingerprint(export.asked_by, on=asking.on)
    done = steering.finish(export, rows=count, seen=seen, now=moment)
    if done:
        shelf.tidy(export.file)
    else:
        shelf.drop(export.file)
    return done


def _columns(export: Export, listing: Listing, asking: Asking) -> Sequence[Column]:
    """Return the columns, numbers whole where that was approved and both who asked and who approved still may.

    Nobody sees the number of a customer who wants no contact (`visits.domain.calling.revealing`): it stays masked.
    Raises `NoRight` or `NotApproved`.
    """
    columns = listing.columns_for(asking)
    if export.contacts != ExportContacts.WHOLE:
        return columns
    if not listing.shows_numbers_to(asking.employee.base_roles):
        raise NoRight(export.path)
    if export.decided_by is None or not approving.may_approve(export.decided_by, export.asked_by, on=asking.on):
        raise NotApproved(export.path)
    refusing = refusing_all()
    return [column.unmasked(but=refusing) for column in columns]


def asked(export: Export, *, now: datetime) -> tuple[Listing, Asking]:
    """Return the list of an export and how it is asked for, with the rights that its owner has now.

    Raises `NoRight` or `NotThere`.
    """
    return found(export.path, export.query, by=export.asked_by, now=now)


def found(path: str, query: str, *, by: Employee, now: datetime) -> tuple[Listing, Asking]:
    """Return the list of that address for this person. Raises `NoRight` or `NotThere`."""
    try:
        match = resolve(path)
    except Resolver404:
        raise NotThere(path) from None
    listing = LISTS.get(match.view_name)
    if listing is None:
        raise NotThere(path)
    on = clock.local_day(now)
    standing = standing_of(by, on=on)
    if not may_open(listing.page, "GET", standing.base_roles):
        raise NoRight(path)
    by.base_roles, by.standing = standing.base_roles, (on, standing)
    asking = Asking(by, now, on, dict(parse_qsl(query)), match.kwargs, query)
    listing.title_for(asking)  # a book that is not theirs is not there
    return listing, asking


def _counted(export: Export, rows: Iterable[Any]) -> Iterator[Any]:
    """Yield the rows, note from time to time how many there were, and stop where nobody wants them any more."""
    total = len(rows) if hasattr(rows, "__len__") else 0
    shelf.note(export.file, 0, total)
    for number, row in enumerate(rows, 1):
        yield row
        if number % NOTED_EVERY == 0 and not shelf.note(export.file, number, total):
            raise Stopped
