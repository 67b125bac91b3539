"""What the database knows of the customers, vehicles and events that a chunk of rows speaks of.

A fixed number of queries, however many rows; everything after is decided in memory.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from visits.choices import ChangeState
from visits.domain.intake.rows import Key, Staged
from visits.domain.planning.sql import Sql, among
from visits.models import CustomerChange

CUSTOMER_FACTS = (
    "contact", "company", "type", "area", "region", "lifecycle", "source", "influence", "preferred_channel",
    "preferred_time", "visit_interval", "email", "wechat", "im", "address", "owner_id",
)  # fmt: skip
VEHICLE_FACTS = ("model", "mileage", "first_registered_on", "warranty_until", "high_tech")


@dataclass(slots=True, eq=False)
class Person:
    """A customer as the chunk sees it; `id` is None until a new one is written. `changed`: field → what it held."""

    id: int | None
    name: str
    facts: dict[str, Any] = field(default_factory=dict)
    former: set[str] = field(default_factory=set)
    has_primary: bool = False
    changed: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Car:
    """A vehicle as the chunk sees it; `id` is None until a new one is written. `changed`: field → what it held."""

    id: int | None
    vin: str
    plate: str
    facts: dict[str, Any] = field(default_factory=dict)
    owners: set[Person] = field(default_factory=set)
    changed: dict[str, Any] = field(default_factory=dict)
    lost_plate: bool = False


@dataclass(slots=True)
class Event:
    """An event that is already there."""

    id: int
    fingerprint: str
    customer: int
    branch: int | None = None


@dataclass
class Known:
    """The known customers by number, vehicles by VIN and plate, events by key."""

    people: dict[int, Person] = field(default_factory=dict)
    by_number: dict[str, Person] = field(default_factory=dict)
    by_former: dict[str, list[Person]] = field(default_factory=lambda: defaultdict(list))
    by_vin: dict[str, Car] = field(default_factory=dict)
    by_plate: dict[str, Car] = field(default_factory=dict)
    events: dict[Key, Event] = field(default_factory=dict)
    memberships: set[tuple[int, int]] = field(default_factory=set)
    fixed: dict[int, set[str]] = field(default_factory=dict)  # customer → fields that a file does not change


def events_of(rows: Iterable[Staged]) -> dict[Key, Event]:
    """Return the events that the rows have made before."""
    found = Sql(
        "SELECT source, order_no, member, id, fingerprint, customer_id, branch_id FROM visits_serviceevent WHERE"
    ) + among("source", {row.facts["source"] for row in rows}) & among(
        "order_no", {row.facts["order_no"] for row in rows}
    )
    return {(row[0], row[1], row[2]): Event(*row[3:]) for row in found.rows()}


def learn(known: Known, rows: Sequence[Staged]) -> None:
    """Add what the database knows of the customers and vehicles of these rows."""
    numbers = {number for row in rows for number in row.facts["numbers"]} - known.by_number.keys()
    before = {known.events[row.key].customer for row in rows if row.key in known.events}
    _learn_people(known, numbers, before)
    _learn_cars(known, rows)
    segments = {segment for row in rows for segment in row.facts.get("segment", ())}
    if segments:
        held = Sql("SELECT customer_id, segment_id FROM visits_customersegment WHERE") + among("segment_id", segments)
        known.memberships |= set((held & among("customer_id", known.people)).rows())


def _learn_people(known: Known, numbers: set[str], before: set[int]) -> None:
    # Apart, because each of the three has an index of its own.
    asked = (
        among("number", numbers) & Sql("valid_until IS NULL"),
        among("number", numbers) & Sql("valid_until IS NOT NULL"),
        among("customer_id", before),
    )
    select = Sql("SELECT number, customer_id, valid_until IS NULL FROM visits_contactnumber WHERE")
    held = [row for query in asked for row in (select + query + "ORDER BY id").rows()]
    wanted = {customer for _number, customer, _present in held} | before
    _load_people(known, wanted - known.people.keys())
    for number, customer, present in held:
        person = known.people[customer]
        if present:
            known.by_number[number] = person
        else:
            person.former.add(number)
            known.by_former[number].append(person)


def _load_people(known: Known, wanted: set[int]) -> None:
    if not wanted:
        return
    merged: dict[int, int] = {}
    query = Sql(f"SELECT id, name, merged_into_id, {', '.join(CUSTOMER_FACTS)} FROM visits_customer WHERE")
    for pk, name, into, *facts in (query + among("id", wanted)).rows():
        known.people[pk] = Person(pk, name, dict(zip(CUSTOMER_FACTS, facts, strict=True)))
        if into:
            merged[pk] = into
    if merged:
        _load_people(known, set(merged.values()) - known.people.keys())
        known.people.update({pk: known.people[into] for pk, into in merged.items()})
    primary = Sql("SELECT customer_id FROM visits_contactnumber WHERE valid_until IS NULL AND is_primary")
    for (pk,) in (primary & among("customer_id", wanted)).rows():
        known.people[pk].has_primary = True


def _learn_cars(known: Known, rows: Sequence[Staged]) -> None:
    asked = (  # in the words of the two partial indexes
        among("vin", {row.facts["vin"] for row in rows if "vin" in row.facts}) & Sql("NOT (vin = '')"),
        among("plate", {row.facts["plate"] for row in rows if "plate" in row.facts}) & Sql("NOT (plate = '')"),
    )
    select = Sql(f"SELECT id, vin, plate, {', '.join(VEHICLE_FACTS)} FROM visits_vehicle WHERE")
    found = {row[0]: row for query in asked for row in (select + query).rows()}
    cars: dict[int, Car] = {}
    for pk, vin, plate, *facts in found.values():
        if vin in known.by_vin or plate in known.by_plate:
            continue  # a rehearsal has met it in an earlier chunk
        cars[pk] = Car(pk, vin, plate, dict(zip(VEHICLE_FACTS, facts, strict=True)))
        known.by_vin.update({vin: cars[pk]} if vin else {})
        known.by_plate.update({plate: cars[pk]} if plate else {})
    select = Sql("SELECT vehicle_id, customer_id FROM visits_ownership WHERE until_at IS NULL")
    links = (select & among("vehicle_id", cars)).rows()
    _load_people(known, {customer for _vehicle, customer in links} - known.people.keys())
    for vehicle, customer in links:
        cars[vehicle].owners.add(known.people[customer])


def changed_by_hand(customers: Iterable[int]) -> dict[int, set[str]]:
    """Return, for each of these customers, the fields that somebody here has changed in the file."""
    stands = (ChangeState.APPLIED, ChangeState.APPROVED)
    found: dict[int, set[str]] = defaultdict(set)
    rows = CustomerChange.objects.filter(customer__in=list(customers), state__in=stands)
    for customer, name in rows.values_list("customer", "field"):
        found[customer].add(name)
    return found
