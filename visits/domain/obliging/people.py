"""Who owes a deed and who hears of it: the persons of a regulation as of one happening (POLICY_PACK, Persons)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from config.packs.persons import Person
from staff.domain.calendar import local_noon
from staff.domain.superiors import managers_above
from staff.domain.workforce import Post, Workforce
from staff.models import Employee
from visits.domain.assigning.choosing import Wanted, everyone
from visits.domain.detecting.bounds import house
from visits.domain.obliging.occasions import Occasion


def wanted_of(occasion: Occasion, persons: Iterable[Person]) -> Wanted:
    """Return what the happening says about people, with the persons who are asked in order."""
    return Wanted(
        persons=tuple(persons), advisor=occasion.advisor, owner=occasion.owner, area=occasion.area,
        unit=Post(occasion.branch, occasion.department), written=occasion.written,
    )  # fmt: skip


@dataclass(frozen=True)
class Reached:
    """Whom a word goes to. `instead`: who is named and away (ids), `vacant`: what nobody holds or is."""

    people: list[Employee]
    instead: tuple[int, ...] = ()
    vacant: tuple[str, ...] = ()


def recipients(
    persons: Iterable[Person], wanted: Wanted, workforce: Workforce, *, owes: Employee | None, on: date
) -> list[Employee]:
    """Return whom a word goes to: every holder of a role that is nearest, the line manager of whoever owes the deed."""
    return reached(persons, wanted, workforce, owes=owes, on=on).people


def reached(
    persons: Iterable[Person], wanted: Wanted, workforce: Workforce, *, owes: Employee | None, on: date
) -> Reached:
    """Return whom a word goes to, and in whose place: who is away is stood in for, else whoever is one higher hears.

    A word to somebody is never one to nobody, as long as anybody above is there.
    """
    persons = tuple(persons)
    if not persons:
        return Reached([])
    found: dict[int, None] = {}
    instead: list[int] = []
    vacant: list[str] = []
    for person in persons:
        named = sorted(_named(person, wanted, workforce, owes, on))
        if not named and not (person.kind == "line_manager" and owes is not None):
            vacant.append(person.code or person.kind)
        for one in named:
            here = next(workforce.in_place_of(one, on=on), None)
            instead += [one] if here != one else []
            found |= {here: None} if here else {}
    people = list(Employee.objects.filter(pk__in=found).order_by("pk"))
    return Reached(people or _above(wanted.unit, workforce, owes, on), tuple(instead), tuple(vacant))


def _named(
    person: Person, wanted: Wanted, workforce: Workforce, owes: Employee | None, on: date
) -> Iterable[int]:  # fmt: skip
    if person.kind != "line_manager" or owes is None:
        return _nearest(everyone(person, wanted, workforce, on=on), wanted.unit, workforce, on)
    manager = workforce.post(owes.pk, on=on).line_manager
    return [manager] if manager else []


def _above(unit: Post, workforce: Workforce, owes: Employee | None, on: date) -> list[Employee]:
    """Return who is one higher: above whoever owes the deed, else above the unit."""
    post = workforce.post(owes.pk, on=on) if owes is not None else unit
    return managers_above(post, workforce, but=owes.pk if owes else None, now=local_noon(on, house()))


def _nearest(people: frozenset[int], unit: Post, workforce: Workforce, on: date) -> set[int]:
    """Keep those of the unit, where there are any: a manager hears of his own people."""
    near = {one for one in people if workforce.distance(one, unit, on=on) < 2} if unit.branch else set()
    return near or set(people)
