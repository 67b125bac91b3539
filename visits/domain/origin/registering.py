"""A customer registered by hand: a telephone number is a customer, a VIN or plate a vehicle (DECISIONS 32).

He comes with the event of kind `customer` that rules on customers count from, in the unit of whoever registers him: so
he is seen there before anything else has happened to him (AI-12: also those who have not bought yet).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from config.clock import local_day
from config.packs.codes import CUSTOMER
from staff.domain.activity import log
from staff.domain.pinyin import pinyin_of
from staff.models import Employee
from visits.domain.contact.numbers import last_four, normalise
from visits.domain.origin.requesting import SOURCE, place_of
from visits.models import ContactNumber, Customer, EventKind, Ownership, ServiceEvent, Vehicle

REGISTERED: Final = "customer_registered"
KIND_TITLE: Final = "客户登记"  # as the nightly judging of customers names it


class NotNumbers(ValueError):
    """What was typed holds no telephone number."""

    def __init__(self) -> None:
        super().__init__(_("This is no telephone number. Write 11 digits, or area code and number."))


class NumberHeld(ValueError):
    """The number belongs to a customer who is on file: `customer`."""

    def __init__(self, customer: Customer) -> None:
        self.customer = customer
        super().__init__(_("This number belongs to a customer who is on file."))


@dataclass(frozen=True)
class Registration:
    """What is told of a new customer. `numbers`: as typed; `facts`: columns of the customer."""

    name: str
    numbers: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    vin: str = ""
    plate: str = ""
    model: str = ""


def register(told: Registration, *, by: Employee, now: datetime) -> Customer:
    """Write the customer with numbers and vehicle. Raises `NotNumbers` or `NumberHeld`; nothing is written then."""
    numbers = read_numbers(told.numbers)
    if holder := holder_of(numbers):
        raise NumberHeld(holder)
    try:
        with transaction.atomic():
            customer = _write(told, numbers, by, now)
    except IntegrityError:
        if holder := holder_of(numbers):  # somebody was quicker by a moment
            raise NumberHeld(holder) from None
        raise
    return customer


def read_numbers(text: str) -> list[str]:
    """Return the telephone numbers in a text; an empty text has none, one without a number is refused."""
    found = normalise(text)
    if text.strip() and not found:
        raise NotNumbers
    return found


def holder_of(numbers: Sequence[str]) -> Customer | None:
    """Return the customer who has one of these numbers today."""
    held = ContactNumber.objects.filter(number__in=numbers, valid_until=None).select_related("customer").first()
    return held.customer if held else None


def namesakes(name: str) -> list[Customer]:
    """Return customers of that very name: perhaps it is one of them."""
    return list(Customer.objects.filter(name=name.strip(), merged_into=None).order_by("pk")[:5])


def _write(told: Registration, numbers: Sequence[str], by: Employee, now: datetime) -> Customer:
    customer = Customer.objects.create(
        name=told.name.strip(), pinyin=pinyin_of(told.name.strip()), registered_at=now, **told.facts
    )
    for place, number in enumerate(numbers):
        ContactNumber.objects.create(
            customer=customer, number=number, last_four=last_four(number), is_primary=not place, valid_from=now
        )
    vehicle = vehicle_of(told)
    if vehicle:
        Ownership.objects.create(vehicle=vehicle, customer=customer, from_at=now)
    introduce(customer, by=by, now=now)
    log(now=now, actor=by, verb=REGISTERED, subject=customer, numbers=len(numbers))
    return customer


def introduce(customer: Customer, *, by: Employee, now: datetime) -> ServiceEvent:
    """Make the customer's own event, in the unit of whoever registers him."""
    kind, _made = EventKind.objects.get_or_create(code=CUSTOMER, defaults={"title": KIND_TITLE})
    return ServiceEvent.objects.create(
        source=SOURCE, order_no=f"customer-{customer.pk}", kind=kind, happened_at=now, happened_on=local_day(now),
        customer=customer, advisor=by, made_by=by, fingerprint="", needs_planning=False, taken_in_at=now,
        changed_at=now, **place_of(customer, by, now),
    )  # fmt: skip


def vehicle_of(told: Registration) -> Vehicle | None:
    """Return the vehicle that is named, made where it is new; a known one gets another owner beside its own."""
    if not told.vin and not told.plate:
        return None
    known = Vehicle.objects.filter(vin=told.vin).first() if told.vin else None
    worn = Vehicle.objects.filter(plate=told.plate).first() if told.plate else None
    if known or (worn and not (told.vin and worn.vin)):
        return known or worn
    # A plate that another VIN wears stays there until an order of the workshop says that it has moved.
    return Vehicle.objects.create(vin=told.vin, plate="" if worn else told.plate, model=told.model)
