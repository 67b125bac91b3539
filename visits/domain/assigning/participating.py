"""Who must take part in a visit besides its caller (`joint` of the step), by name, for the page of the task."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from config.clock import local_day
from config.packs.persons import Person
from staff.domain.workforce import Workforce, load_workforce
from staff.models import Employee
from visits.domain.assigning.choosing import Wanted, everyone
from visits.domain.assigning.wanting import StepBook, standings
from visits.models import VisitTask


@dataclass(frozen=True, slots=True)
class Participant:
    """One entry of `joint` in the pack's words, with the people at work whom it names; of a role the nearest unit's."""

    words: str
    people: tuple[Employee, ...]


def participants(task: VisitTask, *, now: datetime) -> list[Participant]:
    """Return who must take part, as of the later of today and the opening; an entry that names nobody is empty."""
    steps, workforce = StepBook(), load_workforce()
    [found] = standings([task.pk])
    wanted = steps.wanted([found])[found.id]
    on = max(found.opens_on, local_day(now, found.timezone))
    named = {str(person): _nearest(person, wanted, workforce, on=on) for person in steps.spec(found).joint}
    people = Employee.objects.order_by("username").in_bulk({one for ones in named.values() for one in ones})
    return [
        Participant(words, tuple(person for pk, person in people.items() if pk in ones))
        for words, ones in named.items()
    ]


def _nearest(person: Person, wanted: Wanted, workforce: Workforce, *, on: date) -> frozenset[int]:
    """Return whom the word names, or who stands in for them, in the nearest unit that has anybody."""
    named = everyone(person, wanted, workforce, on=on)
    there = {first for one in named for first in islice(workforce.in_place_of(one, on=on), 1)}
    far = {one: workforce.distance(one, wanted.unit, on=on) for one in there}
    return frozenset(one for one in there if far[one] == min(far.values()))
