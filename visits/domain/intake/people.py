"""Whose row it is: a telephone number is a customer, and nobody is merged by an import (DECISIONS 32)."""

from typing import Any

from visits.domain.intake.known import CUSTOMER_FACTS, Known, Person
from visits.domain.intake.rows import Staged

SPELLED_IN_ROW = {"source": "origin", "owner_id": "owner"}


class People:
    """Finds or makes the customers of a chunk and collects what is to be written."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.new: list[Person] = []
        self.changed: dict[int, Person] = {}
        self.numbers: list[tuple[Person, str, bool]] = []  # owner, number, first to dial
        self.memberships: list[tuple[Person, int]] = []

    def of(self, row: Staged, before: int | None) -> Person:
        """Return the customer of the row; `before` is the one whose event it was until now."""
        person = self._find(row, before) or self._make(row)
        self._add_numbers(person, row)
        self._correct(person, row)
        self._join_segments(person, row)
        return person

    def _find(self, row: Staged, before: int | None) -> Person | None:
        numbers = row.facts["numbers"]
        found = list(
            dict.fromkeys(self.known.by_number[number] for number in numbers if number in self.known.by_number)
        )
        earlier = self.known.people[before] if before else None
        if earlier and (earlier in found or earlier.former.intersection(numbers)):
            return earlier
        if len(found) > 1:
            row.warnings.append(["two_customers", {}])
        if found:
            return found[0]
        return self._who_gave_up(row, numbers[0])

    def _who_gave_up(self, row: Staged, number: str) -> Person | None:
        """Return the customer of that very name whose number was corrected since: the source still has the old one."""
        name = row.facts.get("name")
        namesakes = [person for person in self.known.by_former.get(number, ()) if name and person.name == name]
        return namesakes[0] if len(set(map(id, namesakes))) == 1 else None

    def _make(self, row: Staged) -> Person:
        person = Person(None, row.facts.get("name", ""))
        person.facts = {key: None if key == "owner_id" else "" for key in CUSTOMER_FACTS}
        self.new.append(person)
        return person

    def _add_numbers(self, person: Person, row: Staged) -> None:
        for number in row.facts["numbers"]:
            if number in self.known.by_number:
                continue
            if number in person.former:
                row.warnings.append(["former_number", {}])
                continue
            if person.id is not None:
                row.warnings.append(["new_number", {}])
            self.known.by_number[number] = person
            self.numbers.append((person, number, not person.has_primary))
            person.has_primary = True

    def _correct(self, person: Person, row: Staged) -> None:
        """Let the row's facts replace the customer's, save what is fixed; his name only where he had none."""
        fixed = self.known.fixed.get(person.id or 0, set())
        name = row.facts.get("name")
        if name and not person.name:
            self._set(person, "name", name)
        elif name and name != person.name:
            row.warnings.append(["other_name", {}])
        for key in CUSTOMER_FACTS:
            value = row.facts.get(SPELLED_IN_ROW.get(key, key))
            if value and value != person.facts[key] and key not in fixed:
                self._set(person, key, value)

    def _set(self, person: Person, key: str, value: Any) -> None:
        held = person.name if key == "name" else person.facts[key]
        if key == "name":
            person.name = value
        else:
            person.facts[key] = value
        if person.id is not None:
            person.changed.setdefault(key, held)
            self.changed[person.id] = person

    def _join_segments(self, person: Person, row: Staged) -> None:
        for segment in row.facts.get("segment", ()):
            key = (id(person) if person.id is None else person.id, segment)
            if key not in self.known.memberships:
                self.known.memberships.add(key)
                self.memberships.append((person, segment))
