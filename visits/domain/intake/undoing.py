"""Taking an import back, chunk by chunk, the newest first: what nobody has touched goes, the rest stays and is named.

Each chunk is one transaction, so that a crash or a second worker repeats nothing. Whatever refers to a row by a
foreign key counts as a touch, whichever table it is in: no list of tables can be forgotten.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Model, QuerySet

from staff.domain.activity import log
from staff.domain.pinyin import pinyin_of
from visits.choices import BatchState, TaskStatus
from visits.domain.intake import bulk
from visits.models import (
    ContactNumber,
    Customer,
    CustomerSegment,
    EventBinding,
    ImportBatch,
    ImportChunk,
    Ownership,
    Series,
    ServiceEvent,
    Vehicle,
    VisitTask,
)

ATTEMPTS: Final = 5
UNTOUCHED: Final = (
    TaskStatus.PLANNED, TaskStatus.OPEN, TaskStatus.EXPIRED, TaskStatus.NOT_SAMPLED, TaskStatus.CANCELLED,
)  # fmt: skip
WORKED, CHANGED, IN_USE = "worked_on", "changed_since", "in_use"

Left = list[Any]  # [row, order number, reason]


def take_back_chunk(batch: ImportBatch, *, now: datetime) -> int:
    """Take the newest chunk back that is not yet; return how many events it had, or -1 when none is left."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _newest(batch, now=now)
        except (IntegrityError, OperationalError):  # somebody has begun to work on one of them at this moment
            if attempt == ATTEMPTS:
                raise
            bulk.pause()
    return -1


@transaction.atomic
def _newest(batch: ImportBatch, *, now: datetime) -> int:
    bulk.take_turns()
    waiting = ImportChunk.objects.filter(batch=batch, undone_at=None).order_by("-number")
    chunk = waiting.first()
    if chunk is None or not ImportBatch.objects.filter(pk=batch.pk, state=BatchState.UNDOING).exists():
        return -1
    left = _events_go(chunk, now=now) + _events_return(chunk, now=now)
    _people_return(chunk)
    _things_go(chunk)
    _vehicles_return(chunk)
    count = len(chunk.made["events"]) + len(chunk.former["events"])
    ImportChunk.objects.filter(pk=chunk.pk).update(undone_at=now, left=left, made={}, former={})
    return count


@transaction.atomic
def finish(batch: ImportBatch, *, now: datetime) -> None:
    """Close the taking back and leave its line of activity, once."""
    if ImportBatch.objects.filter(pk=batch.pk, state=BatchState.UNDOING).update(state=BatchState.UNDONE):
        left = sum(len(rows) for rows in ImportChunk.objects.filter(batch=batch).values_list("left", flat=True))
        log(now=now, actor=batch.started_by, verb="import_undone", subject=batch, left=left)


def _events_go(chunk: ImportChunk, *, now: datetime) -> list[Left]:
    """Delete the new events that nobody has touched, with their visits; return those that stay."""
    rows: dict[int, int] = {pk: row_no for row_no, pk, _mark in chunk.made["events"]}
    marks: dict[int, str] = {pk: mark for _row_no, pk, mark in chunk.made["events"]}
    found = ServiceEvent.objects.filter(pk__in=rows).in_bulk()
    stays = dict.fromkeys(_in_use(ServiceEvent, found, but=(VisitTask, Series, EventBinding)), IN_USE)
    stays |= {pk: CHANGED for pk, event in found.items() if not event.fingerprint.startswith(marks[pk])}
    stays |= dict.fromkeys(_worked_on(found, now=now), WORKED)
    gone = found.keys() - stays.keys()
    for model in (VisitTask, Series, EventBinding):
        _delete(model._base_manager.filter(event__in=gone))
    _delete(ServiceEvent._base_manager.filter(pk__in=gone))
    return [[rows[pk], found[pk].order_no, reason] for pk, reason in sorted(stays.items())]


def _worked_on(events: Iterable[int], *, now: datetime) -> set[int]:
    """Return the events one of whose visits somebody has begun, called, drafted, skipped or been given a result for."""
    tasks = list(VisitTask.objects.filter(event__in=list(events)))
    begun = [task for task in tasks if task.attempts or task.skipped_at or task.status not in UNTOUCHED]
    leased = [task for task in tasks if task.leased_until and task.leased_until > now]
    used = _in_use(VisitTask, {task.pk: task for task in tasks})
    return {task.event_id for task in (*begun, *leased)} | {task.event_id for task in tasks if task.pk in used}


def _events_return(chunk: ImportChunk, *, now: datetime) -> list[Left]:
    """Give changed events their former values, unless another import has changed them since; visits follow."""
    left: list[Left] = []
    for row_no, pk, before, fingerprint in chunk.former["events"]:
        event = ServiceEvent.objects.filter(pk=pk)
        plans = {"needs_planning": True, "corrected": True} if event.filter(history=False).exists() else {}
        if not event.filter(fingerprint=fingerprint).update(**before, **plans, changed_at=now):
            left += [[row_no, order_no, CHANGED] for order_no in event.values_list("order_no", flat=True)]
    return left


def _people_return(chunk: ImportChunk) -> None:
    """Take numbers, segments and owners away that were added, and give customers back what they held."""
    for customer, number in chunk.made["numbers"]:
        added = ContactNumber.objects.filter(customer=customer, number=number, valid_until=None)
        used = _in_use(ContactNumber, dict.fromkeys(added.values_list("pk", flat=True)))
        _delete(added.exclude(pk__in=used))
    for customer, segment in chunk.made["segments"]:
        _delete(CustomerSegment.objects.filter(customer=customer, segment=segment))
    for vehicle, customer in chunk.made["owners"]:
        _delete(Ownership.objects.filter(vehicle=vehicle, customer=customer, until_at=None))
    for pk, changes in chunk.former["customers"]:
        _give_back(Customer, pk, changes)


def _things_go(chunk: ImportChunk) -> None:
    """Delete new customers and vehicles that nothing refers to any more."""
    vehicles = set(chunk.made["vehicles"])
    vehicles -= _in_use(Vehicle, dict.fromkeys(vehicles), but=(Ownership,))
    _delete(Ownership.objects.filter(vehicle__in=vehicles))
    _delete(Vehicle.objects.filter(pk__in=vehicles))
    people = set(chunk.made["customers"])
    people -= _in_use(Customer, dict.fromkeys(people), but=(ContactNumber, CustomerSegment, Ownership))
    numbers = dict(ContactNumber.objects.filter(customer__in=people).values_list("pk", "customer_id"))
    people -= {numbers[pk] for pk in _in_use(ContactNumber, numbers)}
    for model in (ContactNumber, CustomerSegment, Ownership):
        _delete(model._base_manager.filter(customer__in=people))
    _delete(Customer.objects.filter(pk__in=people))


def _vehicles_return(chunk: ImportChunk) -> None:
    """Give vehicles back what they held; plates that moved are free before they are taken."""
    changes = chunk.former["vehicles"]
    for pk, facts in changes:
        if facts.get("plate", ["", ""])[1]:
            Vehicle.objects.filter(pk=pk, plate=facts["plate"][1]).exclude(vin="").update(plate="")
            facts["plate"][1] = ""
    for pk, facts in sorted(changes, key=_plates_last):
        try:
            with transaction.atomic():
                _give_back(Vehicle, pk, facts)
        except IntegrityError:
            continue  # its plate or VIN belongs to another vehicle by now


def _plates_last(change: list[Any]) -> bool:
    return bool(change[1].get("plate", [""])[0])


def _give_back(model: type[Model], pk: int, changes: Mapping[str, list[Any]]) -> None:
    """Put back each field that still holds what the import has put there."""
    for name, (before, after) in changes.items():
        facts = {name: before} | ({"pinyin": pinyin_of(before)} if name == "name" else {})
        still = {f"{name}__isnull": True} if after is None else {name: after}
        model._base_manager.filter(pk=pk, **still).update(**facts)


def _in_use(model: type[Model], found: Mapping[int, Any], *, but: tuple[type[Model], ...] = ()) -> set[int]:
    """Return which of these rows any row of any table refers to, save those of the tables in `but`."""
    used: set[int] = set()
    if not found:
        return used
    for relation in model._meta.related_objects:
        if relation.related_model in but:
            continue
        name = relation.field.name
        rows = relation.related_model._base_manager.filter(**{f"{name}__in": list(found)})
        used |= set(rows.values_list(name, flat=True))
    return used & found.keys()


def _delete(rows: QuerySet[Any]) -> None:
    """Delete rows that nothing refers to any more, without looking for what might: the caller has."""
    rows._raw_delete(connection.alias)
