"""Whom and what the words of a row name: kinds, segments, branches, departments, colleagues."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any, Final

from django.db.models import Model

from config.packs.codes import MANY_KINDS, USUAL_KINDS
from staff.domain.workforce import Colleague, Workforce, load_workforce
from staff.models import Branch, Department
from visits.kind_titles import KIND_TITLES
from visits.models import EventKind, Segment

APART: Final = re.compile(r"[、,，;；/|\n]+")
WORD: Final = re.compile(r"[\w.@+-]+")
NEAREST: Final = 3
LIST_KIND: Final = "list_received"
RESIGNED, UNKNOWN, AMBIGUOUS = "resigned_advisor", "unknown_advisor", "ambiguous_advisor"


class NotFound(Exception):
    """A row names something that the company does not have; `nearest` are the names that look most alike."""

    def __init__(self, value: str, nearest: Iterable[str]) -> None:
        super().__init__(value)
        self.value = value
        self.nearest = list(nearest)


@dataclass
class Names:
    """Things by their code and title, without regard to case, width and blanks."""

    ids: dict[str, int] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)

    def add(self, pk: int, *names: str) -> None:
        """Know one thing by each of its names."""
        for name in filter(None, names):
            self.ids.setdefault(folded(name), pk)
            self.shown.setdefault(folded(name), name)

    def find(self, text: str) -> int:
        """Return what the text names; NotFound with the names that are nearest to it."""
        found = self.ids.get(folded(text))
        if found is None:
            near = get_close_matches(folded(text), self.shown, n=NEAREST, cutoff=0.3) or sorted(self.shown)[:NEAREST]
            raise NotFound(text, (self.shown[name] for name in near))
        return found


def folded(text: str) -> str:
    """Return the text without blanks and without differences of width and case."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


class Directory:
    """What the company has, read once for one intake. A rehearsal makes nothing, not even a standard event kind."""

    def __init__(self, workforce: Workforce, *, rehearsal: bool = False) -> None:
        self.workforce = workforce
        self.rehearsal = rehearsal
        self.kinds, self.many = _kinds()
        self.lists = {self.kinds.ids[folded(LIST_KIND)]}
        self.segments = _named(Segment, "code", "title")
        self.branches = _named(Branch, "name")
        self.departments = _departments()
        self.people: dict[str, list[Colleague]] = defaultdict(list)
        for person in workforce.people.values():
            for name in {folded(person.username), folded(person.name)}:
                self.people[name].append(person)
        self._asked: dict[tuple[str, int | None, date], tuple[int | None, str]] = {}

    def kind(self, text: str) -> int:
        """Return the event kind of that code or title; a standard one is made when it is first named."""
        found = self.kinds.find(text)
        if found >= 0 or self.rehearsal:
            return found
        code = (*USUAL_KINDS, *MANY_KINDS)[-found - 1]
        is_many = code in MANY_KINDS
        made, _new = EventKind.objects.get_or_create(code=code, defaults={"title": KIND_TITLES[code], "many": is_many})
        self.many |= {made.pk} if made.many else set()
        self.lists |= {made.pk} if code == LIST_KIND else set()
        self.kinds.ids.update({name: made.pk for name, pk in self.kinds.ids.items() if pk == found})
        return made.pk

    def segments_of(self, text: str) -> list[int]:
        """Return the segments that a cell names, one or several."""
        return sorted({self.segments.find(name) for name in APART.split(text) if name.strip()})

    def department(self, text: str, branch: int | None) -> int:
        """Return the department of that name in the branch, else of the company."""
        own = self.departments.get(branch, Names())
        if folded(text) in own.ids or branch is None:
            return own.find(text)
        if folded(text) in (company := self.departments.get(None, Names())).ids:
            return company.find(text)
        if branch is not None and not own.ids:
            return company.find(text)
        return own.find(text)

    def colleague(self, text: str, branch: int | None, on: date) -> tuple[int | None, str]:
        """Return who is named (user name, else a name that only one has) and what is to be remarked on it, or "".

        Of several of one name the one at work in the branch counts. Who has left is returned with a remark.
        """
        key = (text, branch, on)
        if key not in self._asked:
            self._asked[key] = self._colleague(text, branch, on)
        return self._asked[key]

    def _colleague(self, text: str, branch: int | None, on: date) -> tuple[int | None, str]:
        named = self.people.get(folded(text)) or [
            person for word in WORD.findall(text) for person in self.people.get(folded(word), ())
        ]
        found = {person.id for person in named}
        here = {pk for pk in found if not self.workforce.is_gone(pk, on=on)} or found
        if len(here) > 1 and branch:
            here = {pk for pk in here if self.workforce.post(pk, on=on).branch == branch} or here
        if len(here) != 1:
            return None, AMBIGUOUS if here else UNKNOWN
        person = next(iter(here))
        return person, RESIGNED if self.workforce.is_gone(person, on=on) else ""


def load_directory(*, rehearsal: bool = False) -> Directory:
    """Read what the company has."""
    return Directory(load_workforce(), rehearsal=rehearsal)


def _kinds() -> tuple[Names, set[int]]:
    """Return the event kinds, and which concern many customers; standard ones that are not yet there have ids < 0."""
    names, many = Names(), set()
    for pk, code, title, is_many in EventKind.objects.values_list("pk", "code", "title", "many"):
        names.add(pk, code, title, KIND_TITLES.get(code, ""))
        many |= {pk} if is_many else set()
    for number, code in enumerate((*USUAL_KINDS, *MANY_KINDS), start=1):
        names.add(-number, code, KIND_TITLES[code])
        many |= {-number} if code in MANY_KINDS else set()
    return names, many


def _named(model: type[Model], *columns: str) -> Names:
    names = Names()
    for pk, *found in model._default_manager.values_list("pk", *columns):
        names.add(pk, *found)
    return names


def _departments() -> dict[int | None, Names]:
    found: dict[int | None, Names] = defaultdict(Names)
    for pk, branch, name in Department.objects.values_list("pk", "branch_id", "name"):
        found[branch].add(pk, name)
    return dict(found)


def missed(problem: NotFound) -> dict[str, Any]:
    """Return the details of the reason that a name was not found."""
    return {"value": problem.value[:60], "nearest": "、".join(problem.nearest) or "—"}
