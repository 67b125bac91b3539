"""Writing what a chunk decided: new rows at once by COPY or one INSERT, changed ones by one UPDATE."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from staff.domain.pinyin import pinyin_of
from visits.domain.contact.numbers import last_four
from visits.domain.intake import bulk
from visits.domain.intake.cars import Cars
from visits.domain.intake.known import CUSTOMER_FACTS, VEHICLE_FACTS, Car, Person
from visits.domain.intake.people import People
from visits.domain.intake.rows import Staged
from visits.domain.planning.intervals import follow_intervals
from visits.models import ContactNumber, Customer, CustomerSegment, Ownership, ServiceEvent, Vehicle

CUSTOMER_BLANKS = ("note", "quiet_hours")
EVENT_FACTS = (
    "kind_id", "happened_at", "happened_on", "due_at", "due_has_time", "branch_id", "department_id", "customer_id",
    "vehicle_id", "advisor_id", "amount", "css", "rating", "product", "remark", "attributes", "fingerprint",
)  # fmt: skip
EVENT_STATE = ("history", "visits_from", "needs_planning", "corrected", "taken_in_at", "changed_at")
EVENT_KEY = ("source", "order_no", "member")

Placed = tuple[Staged, Person, Car | None]


def write_people(people: People, *, now: datetime) -> None:
    """Write new customers, changed ones, their numbers and segments."""
    moment = bulk.moment(now)
    for person, pk in zip(people.new, bulk.reserve(Customer, len(people.new)), strict=True):
        person.id = pk
    blanks = [""] * len(CUSTOMER_BLANKS)
    bulk.insert(
        Customer,
        ("id", "name", "pinyin", *CUSTOMER_FACTS, *CUSTOMER_BLANKS, "attributes", "registered_at"),
        (
            (
                person.id,
                person.name,
                pinyin_of(person.name),
                *_values(person.facts, CUSTOMER_FACTS),
                *blanks,
                "{}",
                moment,
            )
            for person in people.new
        ),
    )
    if people.changed:
        _update_people(people.changed, now=now)
    bulk.insert(
        ContactNumber,
        ("customer_id", "number", "last_four", "is_primary", "valid_from", "closed_reason"),
        ((person.id, number, last_four(number), primary, moment, "") for person, number, primary in people.numbers),
    )
    bulk.insert(
        CustomerSegment,
        ("customer_id", "segment_id", "since"),
        ((person.id, segment, moment) for person, segment in people.memberships),
    )


def _update_people(changed: Mapping[int, Person], *, now: datetime) -> None:
    anew = [pk for pk, person in changed.items() if "visit_interval" in person.changed]
    intervals = dict(Customer.objects.filter(pk__in=anew).values_list("pk", "visit_interval"))
    rows = [
        Customer(pk=pk, name=person.name, pinyin=pinyin_of(person.name), **person.facts)
        for pk, person in sorted(changed.items())
    ]
    Customer.objects.bulk_update(rows, ["name", "pinyin", *CUSTOMER_FACTS], batch_size=500)
    if intervals:
        follow_intervals(intervals, now=now)


def write_cars(cars: Cars) -> None:
    """Write new vehicles, changed ones and their owners; plates that moved are free before they are taken."""
    freed = [pk for pk, car in cars.changed.items() if car.lost_plate]
    if freed:
        Vehicle.objects.filter(pk__in=freed).update(plate="")
    for car, pk in zip(cars.new, bulk.reserve(Vehicle, len(cars.new)), strict=True):
        car.id = pk
    moved = sorted(cars.changed.values(), key=lambda car: car.id or 0)
    if moved:
        rows = [Vehicle(pk=car.id, vin=car.vin, plate=car.plate, **car.facts) for car in moved]
        Vehicle.objects.bulk_update(rows, ["vin", "plate", *VEHICLE_FACTS], batch_size=500)
    bulk.insert(
        Vehicle,
        ("id", "vin", "plate", *VEHICLE_FACTS),
        ((car.id, car.vin, car.plate, *_values(car.facts, VEHICLE_FACTS)) for car in cars.new),
    )
    bulk.insert(
        Ownership,
        ("vehicle_id", "customer_id", "from_at"),
        ((car.id, person.id, bulk.moment(since)) for car, person, since in cars.owners),
    )


def insert_events(
    rows: Sequence[Placed], *, history: bool, visits_from: datetime | None, now: datetime
) -> Sequence[int]:
    """Write new events and return their ids; those of history wait for no planning.

    `visits_from`: visits that close before this moment count as taken in late.
    """
    moment = bulk.moment(now)
    state = (history, bulk.moment(visits_from), not history, False, moment, moment)
    ids = bulk.reserve(ServiceEvent, len(rows))
    bulk.insert(
        ServiceEvent,
        ("id", *EVENT_KEY, *EVENT_FACTS, *EVENT_STATE),
        ((pk, *row.key, *_event(row, person, car), *state) for pk, (row, person, car) in zip(ids, rows, strict=True)),
    )
    return ids


def update_events(rows: Sequence[tuple[int, Placed]], *, now: datetime) -> None:
    """Write changed events; what they start is planned anew, unless they are history."""
    sets = ", ".join(f"{connection.ops.quote_name(column)} = %s" for column in EVENT_FACTS)
    statement = (
        f"UPDATE visits_serviceevent SET {sets}, needs_planning = NOT history, corrected = NOT history, "
        "changed_at = %s WHERE id = %s"
    )
    moment = bulk.moment(now)
    with connection.cursor() as cursor:
        cursor.executemany(
            statement, [(*_event(row, person, car), moment, pk) for pk, (row, person, car) in sorted(rows, key=_id)]
        )


def _id(found: tuple[int, Placed]) -> int:
    return found[0]


def _event(row: Staged, person: Person, car: Car | None) -> tuple[Any, ...]:
    facts = row.facts
    return (
        facts["kind"], bulk.moment(facts["happened_at"]), facts["happened_on"], bulk.moment(facts.get("due_at")),
        facts.get("due_has_time", False), facts.get("branch"), facts.get("department"), person.id,
        car.id if car else None, facts.get("advisor"), facts.get("amount"), facts.get("css"),
        facts.get("rating", ""), facts.get("product", ""), facts.get("remark", ""),
        bulk.json(facts.get("attributes", {})), facts["fingerprint"],
    )  # fmt: skip


def _values(facts: dict[str, Any], keys: Sequence[str]) -> list[Any]:
    return [str(facts[key]) if isinstance(facts[key], Decimal) else facts[key] for key in keys]
