"""Taking in a staff list: people with their roles and postings, dated; the same list again changes nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction

from config.workbooks.rows import Row
from staff.choices import BaseRole
from staff.domain import activity
from staff.domain.access import roles_of
from staff.domain.enrolment import settle_posting, settle_roles
from staff.domain.granting import held_now, other_administrators, tell_of_roles
from staff.domain.people import AlreadyLeft, CannotStandIn, resign
from staff.domain.pinyin import pinyin_of
from staff.domain.units import Units, UnknownRole
from staff.models import Employee
from staff.models.employee import USERNAME

CREATED, UPDATED, UNCHANGED, REJECTED = "created", "updated", "unchanged", "rejected"
STATES: Final = (CREATED, UPDATED, UNCHANGED, REJECTED)
FACTS: Final = ("name", "email")


@dataclass
class Entry:
    """One row of the list and what became of it."""

    row: Row
    state: str = UNCHANGED
    employee: Employee | None = None
    roles: dict[int, str] = field(default_factory=dict)  # role -> area

    @property
    def username(self) -> str:
        """The user name that the row gives."""
        return self.row.facts.get("username", "")


@transaction.atomic
def enrol(rows: Iterable[Row], *, now: datetime, on: date, actor: Employee | None = None) -> list[Entry]:
    """Make or change the people of a list and return what became of each row.

    Roles and postings of new people hold from their first day, or from the beginning of time, changes from `on`.
    Rows are judged one by one; the order of superiors and subordinates does not matter.
    """
    units = Units()
    entries = _entries(rows, units)
    accepted = [entry for entry in entries if entry.state != REJECTED]
    for entry in accepted:
        _take(entry)
    people = People({employee.username: employee for employee in Employee.objects.all()})
    for entry in accepted:
        _place(entry, units, people, on=on)
        _grant(entry, now=now, on=on, actor=actor)
    for entry in accepted:
        _let_go(entry, people, now=now, on=on, actor=actor)
    counts: dict[str, Any] = {state: sum(entry.state == state for entry in entries) for state in STATES}
    activity.log(now=now, actor=actor, verb="staff_imported", read=len(entries), **counts)
    return entries


def _entries(rows: Iterable[Row], units: Units) -> list[Entry]:
    """Judge each row; rows of one person add their roles up."""
    entries: list[Entry] = []
    first: dict[str, Entry] = {}
    for row in rows:
        entry = Entry(row)
        _judge(entry, units)
        earlier = first.setdefault(entry.username, entry)
        if not row.wrong and earlier is not entry:
            _join(earlier, entry)
        entry.state = REJECTED if row.wrong else entry.state
        entries.append(entry)
    return entries


def _judge(entry: Entry, units: Units) -> None:
    facts, wrong = entry.row.facts, entry.row.wrong
    try:
        USERNAME(facts.get("username", "nobody"))
    except ValidationError:
        wrong.append(["bad_username", {"value": facts["username"]}])
    try:
        roles = units.roles(facts.get("roles", ""))
    except UnknownRole as unknown:
        wrong.append(["unknown_role", {"value": unknown.value, "nearest": unknown.nearest}])
    else:
        entry.roles = {role.pk: facts.get("area", "") for role in roles}


def _join(earlier: Entry, entry: Entry) -> None:
    if earlier.row.facts.get("name") != entry.row.facts.get("name") or earlier.row.wrong:
        entry.row.wrong.append(["username_taken", {"value": entry.username, "row": earlier.row.row_no}])
        return
    earlier.roles.update(entry.roles)
    entry.roles = earlier.roles
    entry.row.doubts.append(["joined_row", {"row": earlier.row.row_no}])


def _take(entry: Entry) -> None:
    """Make or change the account; a new one has no password until its link is opened."""
    facts: dict[str, Any] = {key: entry.row.facts[key] for key in FACTS if key in entry.row.facts}
    entry.employee = Employee.objects.filter(username__iexact=entry.username).first()
    if entry.employee is None:
        entry.employee = Employee.objects.create_user(entry.username, pinyin=pinyin_of(facts["name"])[:120], **facts)
        entry.state = CREATED
    elif changed := {key: value for key, value in facts.items() if getattr(entry.employee, key) != value}:
        changed["pinyin"] = pinyin_of(facts["name"])[:120]
        Employee.objects.filter(pk=entry.employee.pk).update(**changed)
        entry.employee.refresh_from_db()
        entry.state = UPDATED


@dataclass(frozen=True)
class People:
    """Everybody by user name, to find whom a cell names."""

    by_username: Mapping[str, Employee]

    def called(self, text: str) -> Employee | None:
        """Return who has that user name, else who alone has that name."""
        if text in self.by_username:
            return self.by_username[text]
        namesakes = [person for person in self.by_username.values() if person.name == text and person.is_active]
        return namesakes[0] if len(namesakes) == 1 else None


def _place(entry: Entry, units: Units, people: People, *, on: date) -> None:
    """Settle the posting; whoever answers to himself or to somebody unknown answers to nobody."""
    employee, facts = _employee(entry), entry.row.facts
    branch = units.branch(facts.get("branch"))
    department = units.department(facts.get("department"), branch)
    manager = _named(entry, "manager", "unknown_manager", people)
    posting = {"branch": branch, "department": department, "line_manager": manager}
    _note(entry, settle_posting(employee, posting, since=_since(entry), on=on, is_new=entry.state == CREATED))


def _grant(entry: Entry, *, now: datetime, on: date, actor: Employee | None) -> None:
    """Settle the roles. Nobody gives themself a right by a list, and the management hears of changed ones (T09)."""
    employee, is_new = _employee(entry), entry.state == CREATED
    if employee == actor:
        entry.row.doubts.append(["own_roles", {}])
        return
    before = set() if is_new or actor is None else held_now(employee)
    _note(entry, settle_roles(employee, entry.roles, since=_since(entry), on=on, is_new=is_new))
    if actor is not None and not is_new:
        tell_of_roles(employee, before, actor=actor, now=now, on=on)


def _since(entry: Entry) -> date | None:
    """Return the first day of a new person, if the list names it."""
    text = entry.row.facts.get("from_on")
    return date.fromisoformat(text) if text and entry.state == CREATED else None


def _note(entry: Entry, changed: bool) -> None:
    if changed and entry.state != CREATED:
        entry.state = UPDATED


def _named(entry: Entry, key: str, problem: str, people: People) -> Employee | None:
    text = entry.row.facts.get(key)
    found = people.called(text) if text else None
    if text and (found is None or found == entry.employee):
        entry.row.doubts.append([problem, {"value": text}])
        return None
    return found


def _let_go(entry: Entry, people: People, *, now: datetime, on: date, actor: Employee | None) -> None:
    """Let go whoever has a last day in the list and is still there without one; somebody must go on configuring."""
    employee, last_day = _employee(entry), entry.row.facts.get("left_on")
    if not last_day or employee.left_on is not None or not employee.is_active:
        return
    if BaseRole.ADMINISTRATOR in roles_of(employee, on=on) and not other_administrators(employee, on=on):
        entry.row.doubts.append(["last_administrator", {}])
        return
    heir = _named(entry, "hand_over_to", "unknown_heir", people)
    try:
        resign(employee, hand_over_to=heir, left_on=date.fromisoformat(last_day), actor=actor, now=now)
    except (AlreadyLeft, CannotStandIn):
        entry.row.doubts.append(["cannot_hand_over", {}])
    else:
        entry.state = entry.state if entry.state == CREATED else UPDATED


def _employee(entry: Entry) -> Employee:
    if entry.employee is None:
        raise ValueError(entry.username)
    return entry.employee


def to_activate(entries: Iterable[Entry]) -> list[Employee]:
    """Return the people of the list who have no password yet and may sign in."""
    found = {entry.employee.pk: entry.employee for entry in entries if entry.employee}
    for employee in found.values():
        employee.refresh_from_db()
    return [employee for employee in found.values() if employee.is_active and not employee.has_usable_password()]
