"""Who gets a case: whom its category names, else whom its level names, else who manages its department (M-03).

A category may name a department instead of persons: its manager gets the case, and it is involved in it (AK-04).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from django.db.models import Count

from complaints.domain.facts import people_of
from complaints.domain.ruling import category_of, level_of
from complaints.models import Case
from config.packs.persons import WORDS, Person
from staff.domain.workforce import Post, Workforce, load_workforce
from staff.models import Department, Employee
from visits.domain.assigning.choosing import HANDLED_BY, Choice, Wanted, choose, everyone

LAST_RESORT = (Person("role", "department_manager"), Person("role", "cs_supervisor"))


def persons_of(case: Case) -> tuple[Person, ...]:
    """Return the persons who are asked in order whether they take the case."""
    return tuple(_persons(case))


def _persons(case: Case) -> Iterator[Person]:
    yield from (Person.parse(word) for word in _route(case) if _names_person(word))
    if level := level_of(case.release, case.level):
        yield from level.handler
    yield from LAST_RESORT


def _route(case: Case) -> list[str]:
    """Return the words by which the category, then the one above it, says who gets the case."""
    category = category_of(case.release, case.category)
    above = category_of(case.release, category.parent) if category and category.parent else None
    return [word for one in (category, above) if one is not None for word in one.route]


def _names_person(word: str) -> bool:
    return ":" in word or word in WORDS


def routed_to(case: Case) -> Department | None:
    """Return the department that the category of a case names: that of its branch, else the first of that name."""
    names = [word for word in _route(case) if not _names_person(word)]
    found = list(Department.objects.filter(name__in=names).order_by("pk")) if names else []
    return next((one for one in found if one.branch_id == case.branch_id), found[0] if found else None)


def wanted_by(case: Case, persons: Iterable[Person], *, without: str = "") -> Wanted:
    """Return what the case says about people, with the persons who are asked in order.

    `without`: the user names of those who are not, with spaces between them.
    """
    customer, event = case.customer, case.event
    return Wanted(
        persons=tuple(persons), advisor=event.advisor_id if event else None,
        owner=customer.owner_id if customer else None, area=customer.area if customer else "",
        unit=Post(case.branch_id, case.department_id),
        written=people_of(case) | ({HANDLED_BY: without} if without else {}),
    )  # fmt: skip


def choose_handler(case: Case, workforce: Workforce, *, on: date, but: Mapping[str, str] | None = None) -> Choice:
    """Return who gets the case, fewest open cases first; of a department that its category names, the manager.

    `but` adds to what the case says about people (`HANDLED_BY`: who does not get it).
    """
    wanted, load = wanted_by(case, persons_of(case)), open_cases()
    wanted = replace(wanted, written={**wanted.written, **(but or {})})
    if unit := routed_to(case):
        managed = replace(wanted, persons=LAST_RESORT[:1], unit=Post(unit.branch_id, unit.pk))
        if (choice := choose(managed, workforce, load=load, on=on)).assignee:
            return choice
    return choose(wanted, workforce, load=load, on=on)


def pool_of(case: Case, *, on: date) -> list[Employee]:
    """Return who may take a case that nobody has: the holders of the role in whose pool it waits."""
    asked = (Person("role", case.role),) if case.role else LAST_RESORT
    wanted, workforce = wanted_by(case, asked), load_workforce()
    found = {pk for person in asked for pk in everyone(person, wanted, workforce, on=on)}
    return list(Employee.objects.filter(pk__in=found, is_active=True).order_by("pk"))


def open_cases() -> dict[int, int]:
    """Return how many open cases each person handles."""
    handled = Case.objects.open().filter(handler__isnull=False).order_by()
    return dict(handled.values_list("handler").annotate(count=Count("pk")))


def level_person(case: Case, workforce: Workforce, *, on: date, handled_by: str = "") -> Employee | None:
    """Return whom the level of the case names, as of a day (K-04); none of those who handled it, where told."""
    level = level_of(case.release, case.level)
    if level is None or not level.handler:
        return None
    wanted = wanted_by(case, level.handler, without=handled_by)
    chosen = choose(wanted, workforce, load=open_cases(), on=on).assignee
    return Employee.objects.filter(pk=chosen).first() if chosen else None
