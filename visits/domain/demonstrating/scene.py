"""The demo company while it is being lived: its day, its zone, its people, and the luck that is the same each time."""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from staff.domain.calendar import local_date
from staff.models import Employee
from visits.domain.calling.contacts import Contact
from visits.domain.calling.terms import Terms, terms_of
from visits.models import VisitTask

SEED: Final = 20260302
BEGUN, LIVED = "demo_begun", "demo_lived"  # the lines of activity with which the filling begins and ends


def luck(*names: object) -> random.Random:
    """Return dice that fall the same way each time for the same names."""
    return random.Random("·".join(map(str, (SEED, *names))))  # noqa: S311  it is to be the same each time


@dataclass
class Company:
    """The demo company up to the moment `until` of the local day `today`, at which the visitor comes."""

    today: date
    days: int  # that are lived before today
    until: datetime
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo(settings.TIME_ZONE))
    dice: random.Random = field(default_factory=lambda: luck("life"))
    people: dict[str, Employee] = field(default_factory=dict)
    terms: dict[tuple[int, int], Terms] = field(default_factory=dict)
    said: dict[int, Contact] = field(default_factory=dict)  # of the day that is lived, by record

    @property
    def first(self) -> date:
        """Return the first day that is lived."""
        return self.today - timedelta(self.days)

    def at(self, on: date, clock: time | str) -> datetime:
        """Return a moment of a local day, UTC; `clock` may be a text such as ``09:30``."""
        told = time.fromisoformat(clock) if isinstance(clock, str) else clock
        return datetime.combine(on, told, self.zone).astimezone(UTC)

    def has_come(self, moment: datetime) -> bool:
        """Say whether a moment lies in what is lived: today that is what has passed of it."""
        return moment <= self.until

    def terms_of(self, task: VisitTask) -> Terms:
        """Return the terms of a task; a release never changes, so those of each step are read once."""
        key = (task.release_id, task.step_id)
        if key not in self.terms:
            self.terms[key] = terms_of(task)
        return self.terms[key]

    def day(self, moment: datetime) -> date:
        """Return the local day of a moment."""
        return local_date(moment, self.zone)

    def ago(self, on: date) -> int:
        """Return how many days before today a day is."""
        return (self.today - on).days

    def luck(self, *names: object, on: date) -> random.Random:
        """Return dice of their own for one matter on one day: what one matter asks moves no other one."""
        return luck(*names, self.ago(on))

    def person(self, username: str) -> Employee:
        """Return one of the people by user name, read once."""
        if username not in self.people:
            self.people = {person.username: person for person in Employee.objects.all()}
        return self.people[username]

    def by_id(self, pk: int) -> Employee:
        """Return one of the people by id."""
        return next((person for person in self.people.values() if person.pk == pk), None) or Employee.objects.get(pk=pk)


def token(dice: random.Random) -> UUID:
    """Return the token of a form, by those dice."""
    return UUID(int=dice.getrandbits(128), version=4)
