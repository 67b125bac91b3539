"""Two files of one customer made one, and taken apart again (DECISIONS 32).

Everything that points at the merged file moves to the one that stays: numbers, vehicles, events, tasks, contacts and
whatever else has a customer. A row that the other file has already (the same segment, the same vehicle) stays where it
is, and so does the customer's own event with its series, or rules on customers would visit twice. What moved is noted
row by row, so that a split puts exactly that back; what came afterwards stays with the file that stayed.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.db import DatabaseError, IntegrityError, OperationalError, transaction
from django.db.models import Field, Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from config.packs.codes import CUSTOMER
from staff.domain.activity import log
from staff.models import Employee
from visits.choices import WORKABLE, TaskStatus
from visits.domain.origin.changing import FIELDS, change
from visits.models import ContactNumber, Customer, CustomerMerge, Ownership, Series, ServiceEvent, VisitTask

MERGED: Final = gettext_noop("merged with another file")
MERGE, SPLIT = "customer_merged", "customer_split"
PRIMARY: Final = "primary"


class CannotMerge(ValueError):
    """These two cannot become one."""


class CannotSplit(ValueError):
    """The merge was taken apart before, or its file stands in the way."""


def likely(customer: Customer) -> QuerySet[Customer]:
    """Return customers who may be the same person: of the same name, or owner of the same vehicle."""
    vehicles = Ownership.objects.filter(customer=customer).values("vehicle")
    owners = Ownership.objects.filter(vehicle__in=vehicles).values("customer")
    others = Customer.objects.filter(merged_into=None).exclude(pk=customer.pk)
    return others.filter(pk__in=owners) | others.filter(name=customer.name).exclude(name="")


@transaction.atomic
def merge(survivor: Customer, merged: Customer, *, reason: str, by: Employee, now: datetime) -> CustomerMerge:
    """Make one file of two; `survivor` stays and takes over what it lacked. Raises `CannotMerge`."""
    _check(survivor, merged, reason)
    pair = sorted((survivor.pk, merged.pk))  # one order for everybody: no two wait for each other
    files = {found.pk: found for found in Customer.objects.select_for_update().filter(pk__in=pair).order_by("pk")}
    _check(files[survivor.pk], files[merged.pk], reason)
    moved: dict[str, Any] = {PRIMARY: _second_numbers(survivor, merged)}
    _end_own_rules(merged, now)
    for key, rows in _rows_of(merged):
        moved[key] = _move(rows, survivor, key.rpartition(".")[2])
    lacking = {name: getattr(merged, name) for name in FIELDS if not getattr(survivor, name)}
    change(survivor, lacking, by=by, now=now, reason=MERGED)
    Customer.objects.filter(pk=merged.pk).update(merged_into=survivor)
    try:
        with transaction.atomic():
            made = CustomerMerge.objects.create(
                survivor=survivor, merged=merged, reason=reason.strip(), moved=moved, made_by=by, made_at=now
            )
    except IntegrityError as error:
        raise CannotMerge(_("One of the two was merged in the meantime. Look at them again.")) from error
    log(now=now, actor=by, verb=MERGE, subject=survivor, merged=merged.pk, merge=made.pk)
    return made


@transaction.atomic
def split(made: CustomerMerge, *, by: Employee, now: datetime) -> Customer:
    """Take a merge apart: what came with the merged file goes back to it. Returns that file; raises `CannotSplit`."""
    if not CustomerMerge.objects.filter(pk=made.pk, split_at=None).update(split_at=now, split_by=by):
        raise CannotSplit(_("These two were taken apart before."))
    survivor, merged = made.survivor, made.merged
    Customer.objects.filter(pk=merged.pk).update(merged_into=None)
    for key, rows in _rows_of(survivor):
        back = rows.filter(pk__in=made.moved.get(key, []))
        _move(back, merged, key.rpartition(".")[2])
    ContactNumber.objects.filter(customer=merged, valid_until=None, pk__in=made.moved.get(PRIMARY, [])).update(
        is_primary=True
    )
    _resume_own_rules(merged, now)
    log(now=now, actor=by, verb=SPLIT, subject=survivor, merged=merged.pk, merge=made.pk)
    return merged


def _check(survivor: Customer, merged: Customer, reason: str) -> None:
    if survivor.pk == merged.pk:
        raise CannotMerge(_("Choose another customer: this is the same file."))
    if survivor.merged_into_id or merged.merged_into_id:
        raise CannotMerge(_("One of the two was merged in the meantime. Look at them again."))
    if not reason.strip():
        raise CannotMerge(_("Say why these two are one customer."))


def _rows_of(customer: Customer) -> Iterator[tuple[str, QuerySet[Any]]]:
    """Yield everything that points at a customer and may move, by the name of model and field."""
    own = ServiceEvent.objects.filter(customer=customer, kind__code=CUSTOMER)
    for relation in Customer._meta.related_objects:
        model: type[Model] = relation.related_model
        field: Field[Any, Any] = relation.field
        if model in (Customer, CustomerMerge):
            continue
        rows = model._base_manager.filter(**{field.name: customer})
        if model is ServiceEvent:
            rows = rows.exclude(kind__code=CUSTOMER)
        elif model in (VisitTask, Series):
            rows = rows.exclude(event__in=own.values("pk"))
        yield f"{model._meta.label_lower}.{field.name}", rows


def _move(rows: QuerySet[Any], to: Customer, field: str) -> list[int]:
    """Let rows point at another customer; return which moved. What that customer has already stays behind."""
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    if not ids or _moves(rows.model, ids, to, field):
        return ids
    return [pk for pk in ids if _moves(rows.model, [pk], to, field)]


def _moves(model: type[Model], ids: list[int], to: Customer, field: str) -> bool:
    try:
        with transaction.atomic():
            model._base_manager.filter(pk__in=ids).update(**{field: to})
    except OperationalError:  # somebody else holds it, or the database is away
        raise
    except DatabaseError:  # it is unique there, or never changes
        return False
    return True


def _second_numbers(survivor: Customer, merged: Customer) -> list[int]:
    """Let the merged file's first number be a further one where the other has its own; return which it was."""
    if not ContactNumber.objects.filter(customer=survivor, valid_until=None, is_primary=True).exists():
        return []
    first = ContactNumber.objects.filter(customer=merged, valid_until=None, is_primary=True)
    ids = list(first.values_list("pk", flat=True))
    first.update(is_primary=False)
    return ids


def _end_own_rules(merged: Customer, now: datetime) -> None:
    """End what rules on customers planned for the merged file: the one that stays has its own."""
    own = ServiceEvent.objects.filter(customer=merged, kind__code=CUSTOMER)
    VisitTask.objects.filter(event__in=own, status__in=WORKABLE).update(
        status=TaskStatus.CANCELLED, closed_reason=MERGED, leased_by=None, leased_until=None
    )
    Series.objects.filter(event__in=own, ended_at=None).update(ended_at=now, ended_reason=MERGED)


def _resume_own_rules(merged: Customer, now: datetime) -> None:
    """Let what the merge had ended go on."""
    own = ServiceEvent.objects.filter(customer=merged, kind__code=CUSTOMER)
    ended = VisitTask.objects.filter(event__in=own, status=TaskStatus.CANCELLED, closed_reason=MERGED)
    ended.filter(opens_at__gt=now).update(status=TaskStatus.PLANNED, closed_reason="")
    ended.update(status=TaskStatus.OPEN, closed_reason="")
    Series.objects.filter(event__in=own, ended_reason=MERGED).update(ended_at=None, ended_reason="")
