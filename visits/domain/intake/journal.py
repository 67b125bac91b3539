"""What a chunk of an import wrote: noted in its transaction, so that the import can be taken back row by row."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from visits.domain.intake.known import VEHICLE_FACTS, Car, Person
from visits.domain.intake.writing import EVENT_FACTS
from visits.models import ImportBatch, ImportChunk, ServiceEvent

if TYPE_CHECKING:
    from visits.domain.intake.taking import Decision

MARK = 12  # letters of a fingerprint that tell whether an event was changed since


def events_before(changed: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Return what the events hold that a chunk is about to change."""
    wanted = list(changed)
    if not wanted:
        return {}
    return {row.pop("pk"): row for row in ServiceEvent.objects.filter(pk__in=wanted).values("pk", *EVENT_FACTS)}


def note(
    batch: ImportBatch, decision: "Decision", made: Sequence[int], before: dict[int, dict[str, Any]], *, now: datetime
) -> None:
    """Write down what one chunk wrote; `made` are the ids of its new events, `before` what its changed ones held."""
    written = _made(decision, made)
    former = _former(decision, before)
    if not any((*written.values(), *former.values())):
        return
    number = ImportChunk.objects.filter(batch=batch).count()
    ImportChunk.objects.create(batch=batch, number=number, written_at=now, made=written, former=former)


def _made(decision: "Decision", events: Sequence[int]) -> dict[str, list[Any]]:
    people, cars = decision.people, decision.cars
    new_people, new_cars = set(map(id, people.new)), set(map(id, cars.new))
    return {
        "events": [
            [row.row_no, pk, row.facts["fingerprint"][:MARK]]
            for (row, _person, _car), pk in zip(decision.created, events, strict=True)
        ],
        "customers": [person.id for person in people.new],
        "vehicles": [car.id for car in cars.new],
        "numbers": [[one.id, number] for one, number, _primary in people.numbers if id(one) not in new_people],
        "segments": [[one.id, segment] for one, segment in people.memberships if id(one) not in new_people],
        "owners": [[car.id, person.id] for car, person, _since in cars.owners if id(car) not in new_cars],
    }


def _former(decision: "Decision", before: dict[int, dict[str, Any]]) -> dict[str, list[Any]]:
    return {
        "events": [
            [row.row_no, pk, _plain(before[pk]), row.facts["fingerprint"]]
            for pk, (row, _person, _car) in decision.updated
        ],
        "customers": [[pk, _plain(_changes(person))] for pk, person in decision.people.changed.items()],
        "vehicles": [[pk, _plain(_changes(car))] for pk, car in decision.cars.changed.items()],
    }


def _changes(thing: Person | Car) -> dict[str, list[Any]]:
    """Return each changed field with what it held and what it holds now."""
    return {key: [held, _now(thing, key)] for key, held in thing.changed.items()}


def _now(thing: Person | Car, key: str) -> Any:
    if isinstance(thing, Car):
        return thing.facts[key] if key in VEHICLE_FACTS else getattr(thing, key)
    return thing.name if key == "name" else thing.facts[key]


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    """Return the facts as JSON can hold them: days, moments and amounts as text, which the fields read again."""
    plain: dict[str, Any] = json.loads(json.dumps(facts, default=str, ensure_ascii=False))
    return plain
