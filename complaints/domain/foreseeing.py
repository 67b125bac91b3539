"""What would follow if a case were registered now: its level, who gets it, which clocks start. Reads only."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from complaints.domain.announcing import REGISTERED
from complaints.domain.registering import Told, drafted, facts_told
from complaints.domain.routing import choose_handler
from complaints.domain.ruling import books_on, levels_of, proposed_level
from complaints.models import Case
from config.clock import local_day
from staff.domain.conditions import holds
from staff.domain.workforce import load_workforce
from staff.models import Employee
from visits.domain.detecting.bounds import bound_text
from visits.domain.obliging.naming import deed_words
from visits.domain.obliging.owing import clock_of


@dataclass(frozen=True)
class Foreseen:
    """A case that is not saved, with what follows. `proposed`: the level that the regulation proposes.

    `handler` empty with a `role`: it waits in that role's pool. `clocks`: what is owed and until when, in words.
    """

    case: Case
    facts: Mapping[str, Any]
    proposed: str
    handler: Employee | None
    role: str
    clocks: tuple[tuple[str, str], ...]


def foresee(told: Told, *, by: Employee, now: datetime) -> Foreseen:
    """Return what would follow. Raises `CannotDo` as registering does for what cannot be registered at all."""
    case = drafted(told, by=by, now=now)
    facts = facts_told(case, told)
    handler, role = told.handler, ""
    if handler is None:
        choice = choose_handler(case, load_workforce(), on=local_day(now))
        handler = Employee.objects.filter(pk=choice.assignee).first() if choice.assignee else None
        role = choice.role
    graded = {name: value for name, value in facts.items() if name != "level"}
    proposed = proposed_level(levels_of(case.release), graded)
    return Foreseen(case, facts, proposed, handler, role, tuple(_clocks(case, facts)))


def _clocks(case: Case, facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the deeds that will be owed, each with its bound."""
    for book in books_on(local_day(case.opened_at), department=case.department):
        for spec in book.pack.obligation:
            if REGISTERED in spec.on and spec.within and not spec.blanks() and holds(spec.when, spec.match, facts):
                due_at, inclusive = clock_of(book.pack, spec).after(case.opened_at, spec.within)
                yield str(spec.title or deed_words(spec.deed)), bound_text(due_at, inclusive=inclusive)
