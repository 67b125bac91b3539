"""Who owes a deed and who hears of it: the persons of a regulation as of one happening (POLICY_PACK, Persons)."""

from collections.abc import Iterable
from datetime import date

from config.packs.persons import Person
from staff.domain.calendar import local_noon
from staff.domain.superiors import superiors
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


def recipients(
    persons: Iterable[Person], wanted: Wanted, workforce: Workforce, *, owes: Employee | None, on: date
) -> list[Employee]:
    """Return whom a word goes to: every holder of a role that is nearest, the line manager of whoever owes the deed."""
    found: set[int] = set()
    above: list[Employee] = []
    for person in persons:
        if person.kind == "line_manager" and owes is not None:
            above += _above(owes, workforce, on)
        else:
            found |= _nearest(everyone(person, wanted, workforce, on=on), wanted.unit, workforce, on)
    return [*above, *Employee.objects.filter(pk__in=found).order_by("pk")]


def _above(owes: Employee, workforce: Workforce, on: date) -> list[Employee]:
    manager = workforce.post(owes.pk, on=on).line_manager
    if manager is not None:
        return list(Employee.objects.filter(pk=manager))
    return superiors(owes, now=local_noon(on, house()))


def _nearest(people: frozenset[int], unit: Post, workforce: Workforce, on: date) -> set[int]:
    """Keep those of the unit, where there are any: a manager hears of his own people."""
    near = {one for one in people if workforce.distance(one, unit, on=on) < 2} if unit.branch else set()
    return near or set(people)
