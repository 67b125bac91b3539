"""Who makes a visit: the list of persons of its step, tried in order (POLICY_PACK, Persons). Pure: data in, choice out.

A role is one holder: of the nearest unit (department, branch, company), at work on the day, with the fewest open tasks,
then by user name. Whoever left or is away is stood in for; whoever did the work, where the step excludes them, or lacks
a qualification is passed over; with nobody left the task stays in a pool.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from config.packs.codes import ROLES
from config.packs.persons import Person
from staff.domain.access import CALLERS
from staff.domain.workforce import NOWHERE, Post, Workforce

ADVISORS = ROLES[0]
WRITTEN_ON_EVENT = frozenset({"handler", "level", "coordinator", "recorder", "assignee", "named"})
LEVEL_PERSON = "level_person"  # of a case: `level` is its level's code there, and this whom the level names
HANDLED_BY = "handled_by"  # of a case: who handled it (user names, spaces between them); never makes its visit


def written_on(attributes: Mapping[str, Any]) -> dict[str, str]:
    """Return what an event's further columns say about people, by kind of person."""
    told = {**attributes, "level": attributes.get(LEVEL_PERSON) or attributes.get("level")}
    return {kind: str(told[kind]) for kind in (*WRITTEN_ON_EVENT, HANDLED_BY) if told.get(kind)}


class PassedOver(StrEnum):
    """Why a person of the list did not get the task."""

    UNKNOWN = "unknown"  # the event or customer names nobody
    LEFT = "left"
    AWAY = "away"
    EXCLUDED = "excluded"
    UNQUALIFIED = "unqualified"
    NO_HOLDER = "no_holder"
    TO_BE_NAMED = "to_be_named"  # a supervisor picks


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a step says about its caller, with what the task's event and customer say about people.

    `written`: texts of the event by kind of person (``{"handler": "li.na"}``). `holder`: who has the task now and is
    to be stood in for before the list is tried. `unit`: the branch and department of the task.
    """

    persons: tuple[Person, ...]
    exclude: tuple[Person, ...] = ()
    needs: tuple[str, ...] = ()
    advisor: int | None = None
    owner: int | None = None
    area: str = ""
    unit: Post = NOWHERE
    written: Mapping[str, str] = field(default_factory=dict)
    holder: int | None = None


@dataclass(frozen=True, slots=True)
class Passed:
    """One person of the list who did not get the task."""

    person: str
    employee: int | None
    why: PassedOver


@dataclass(frozen=True, slots=True)
class Choice:
    """Who gets the task, by which words of the list, who was passed over before. No `assignee`: the pool of `role`.

    `role` is empty where the task waits "to be assigned" by a supervisor.
    """

    assignee: int | None
    role: str
    by: str
    passed: tuple[Passed, ...] = ()


def choose(wanted: Wanted, workforce: Workforce, *, load: Mapping[int, int], on: date) -> Choice:
    """Return who makes the visit as of the day `on`, given how many open tasks each person has."""
    asking = _Asking(wanted, workforce, load, on)
    if wanted.holder is not None and (found := asking.first_of("holder", [wanted.holder])):
        return asking.choice(found, pool_role(wanted.persons), "holder")
    for person in wanted.persons:
        if person.kind == "pool":
            return asking.choice(None, person.code, str(person))
        if found := asking.first_of(str(person), asking.candidates(person)):
            return asking.choice(found, pool_role(wanted.persons), str(person))
        if person.kind == "named":
            return asking.choice(None, "", str(person))
    return asking.choice(None, pool_role(wanted.persons), "")


def pool_role(persons: Iterable[Person]) -> str:
    """Return whose pool takes the task when nobody is left: the first role or pool of the list, else the advisors'.

    Empty where the list names neither: such a task waits for a supervisor.
    """
    persons = tuple(persons)
    coded = next((person.code for person in persons if person.code), "")
    return coded or (ADVISORS if any(person.kind == "advisor" for person in persons) else "")


def excluded(wanted: Wanted, workforce: Workforce, *, on: date) -> frozenset[int]:
    """Return who must not make the visit: those whom the step excludes, and who handled the case that it verifies."""
    named = {employee for person in wanted.exclude for employee in everyone(person, wanted, workforce, on=on)}
    handled = {workforce.called(name) for name in wanted.written.get(HANDLED_BY, "").split()}
    return frozenset(employee for employee in named | handled if employee is not None)


def may_work_on(employee: int, wanted: Wanted, workforce: Workforce, *, on: date) -> PassedOver | None:
    """Return what keeps this person from the task, None where nothing does."""
    return _hindrance(employee, wanted, workforce, excluded(wanted, workforce, on=on), on)


def everyone(person: Person, wanted: Wanted, workforce: Workforce, *, on: date) -> frozenset[int]:
    """Return everybody whom the word names, at work or not: every holder of a role."""
    if person.kind in ("role", "pool"):
        return workforce.holders(person.code, on=on, area=wanted.area if person.in_area else None)
    if person.kind == "staff":
        return workforce.holders_like(CALLERS, on=on)
    found = _single(person, wanted, workforce, on)
    return frozenset() if found is None else frozenset({found})


def nearest_first(
    people: frozenset[int], wanted: Wanted, workforce: Workforce, *, load: Mapping[int, int], on: date
) -> Iterator[int]:
    """Yield the holders of a role in the order in which they are asked: who is at work before who is not.

    Nearly always the first one takes the task, so the others are put in order only when they are asked for.
    """
    for group in workforce.groups(people, wanted.unit, on=on):
        first = min(group, key=lambda one: load.get(one, 0))
        yield first
        yield from (one for one in sorted(group, key=lambda one: load.get(one, 0)) if one != first)


def _single(person: Person, wanted: Wanted, workforce: Workforce, on: date) -> int | None:
    if person.kind in ("advisor", "owner"):
        return wanted.advisor if person.kind == "advisor" else wanted.owner
    if person.kind == "line_manager":
        return None if wanted.advisor is None else workforce.post(wanted.advisor, on=on).line_manager
    return workforce.called(wanted.written.get(person.kind, ""))


@dataclass
class _Asking:
    """One walk down the list of one task; notes whom it passes over."""

    wanted: Wanted
    workforce: Workforce
    load: Mapping[int, int]
    on: date
    passed: list[Passed] = field(default_factory=list)

    @cached_property
    def barred(self) -> frozenset[int]:
        return excluded(self.wanted, self.workforce, on=self.on)

    def candidates(self, person: Person) -> Iterable[int]:
        named = everyone(person, self.wanted, self.workforce, on=self.on)
        return nearest_first(named, self.wanted, self.workforce, load=self.load, on=self.on)

    def first_of(self, words: str, candidates: Iterable[int]) -> int | None:
        """Return the first candidate, or who stands in for them, whom nothing hinders."""
        nobody = True
        for candidate in candidates:
            nobody = False
            self._note_absence(words, candidate)
            for employee in self.workforce.in_place_of(candidate, on=self.on):
                why = _hindrance(employee, self.wanted, self.workforce, self.barred, self.on)
                if why is None:
                    return employee
                self.passed.append(Passed(words, employee, why))
        if nobody:
            self.passed.append(Passed(words, None, _nobody(words)))
        return None

    def _note_absence(self, words: str, candidate: int) -> None:
        if not self.workforce.at_work(candidate, on=self.on):
            why = PassedOver.LEFT if self.workforce.is_gone(candidate, on=self.on) else PassedOver.AWAY
            self.passed.append(Passed(words, candidate, why))

    def choice(self, assignee: int | None, role: str, by: str) -> Choice:
        return Choice(assignee, role, by, tuple(self.passed))


def _nobody(words: str) -> PassedOver:
    if words == "named":
        return PassedOver.TO_BE_NAMED
    return PassedOver.NO_HOLDER if ":" in words or words == "staff" else PassedOver.UNKNOWN


def _hindrance(
    employee: int, wanted: Wanted, workforce: Workforce, barred: frozenset[int], on: date
) -> PassedOver | None:
    if employee in barred:
        return PassedOver.EXCLUDED
    if wanted.needs and not workforce.has_qualifications(employee, wanted.needs, on=on):
        return PassedOver.UNQUALIFIED
    return None
