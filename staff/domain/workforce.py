"""Everybody who works here with their dated facts, read once and asked as of a day: no question costs a query.

Whoever left or is away is stood in for by the substitute, else by the hand-over target (DECISIONS 6).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from staff.models import Absence, Employee, Posting, QualificationHeld, RoleAssignment


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `from_on` up to and including `until_on`, or without end."""

    from_on: date
    until_on: date | None = None

    def holds(self, on: date) -> bool:
        """Say whether the day lies in the span."""
        return self.from_on <= on and (self.until_on is None or on <= self.until_on)


@dataclass(frozen=True, slots=True)
class Colleague:
    """One account. Someone without a right to sign in, or past the last day `left_on`, is gone."""

    id: int
    username: str
    name: str = ""
    is_active: bool = True
    left_on: date | None = None
    hand_over_to: int | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """Where somebody works and to whom they answer; the branch of a department is the branch of its people."""

    branch: int | None = None
    department: int | None = None
    line_manager: int | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A role held, for the customers of one area where `area` is given. `like`: whose rights it has."""

    employee: int
    role: str
    area: str = ""
    like: str = ""


@dataclass(frozen=True, slots=True)
class Leave:
    """Days away, with the substitute for them."""

    span: Span
    substitute: int | None = None


NOWHERE = Post()


@dataclass(frozen=True)
class Workforce:
    """The people of the company; see the module's first line."""

    people: Mapping[int, Colleague]
    roles: Iterable[tuple[Span, Held]] = ()
    posts: Mapping[int, list[tuple[Span, Post]]] = field(default_factory=dict)
    leaves: Mapping[int, list[Leave]] = field(default_factory=dict)
    qualifications: Mapping[int, list[tuple[Span, str]]] = field(default_factory=dict)
    # What was answered before: thousands of tasks ask the same of a few people and days.
    _at_work: dict[tuple[int, date], bool] = field(default_factory=dict, compare=False, repr=False)
    _posts: dict[tuple[int, date], Post] = field(default_factory=dict, compare=False, repr=False)
    _groups: dict[tuple[frozenset[int], Post, date], tuple[tuple[int, ...], ...]] = field(
        default_factory=dict, compare=False, repr=False
    )
    _holders: dict[tuple[str, date, str | None], frozenset[int]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def is_gone(self, employee: int, *, on: date) -> bool:
        """Say whether the person no longer works here on that day; whoever is unknown does not."""
        found = self.people.get(employee)
        return found is None or not found.is_active or (found.left_on is not None and found.left_on < on)

    def leave_of(self, employee: int, *, on: date) -> Leave | None:
        """Return the leave that covers the day; of several, one that names a substitute."""
        covering = [leave for leave in self.leaves.get(employee, ()) if leave.span.holds(on)]
        return next((leave for leave in covering if leave.substitute), covering[0] if covering else None)

    def at_work(self, employee: int, *, on: date) -> bool:
        """Say whether the person works here on that day and is not on leave."""
        known = self._at_work.get((employee, on))
        if known is None:
            known = not self.is_gone(employee, on=on) and self.leave_of(employee, on=on) is None
            self._at_work[employee, on] = known
        return known

    def away(self, *, on: date) -> frozenset[int]:
        """Return everybody who is gone or on leave on that day."""
        return frozenset(employee for employee in self.people if not self.at_work(employee, on=on))

    def in_place_of(self, employee: int, *, on: date) -> Iterator[int]:
        """Yield who does the person's work on that day, best first: themselves, or who stands in for them.

        A substitute who is away is stood in for in turn; nobody is asked twice.
        """
        yield from self._in_place_of(employee, on, set())

    def _in_place_of(self, employee: int, on: date, asked: set[int]) -> Iterator[int]:
        if employee in asked:
            return
        asked.add(employee)
        if self.at_work(employee, on=on):
            yield employee
            return
        leave, colleague = self.leave_of(employee, on=on), self.people.get(employee)
        for deputy in (leave and leave.substitute, colleague and colleague.hand_over_to):
            if deputy:
                yield from self._in_place_of(deputy, on, asked)

    def holders(self, role: str, *, on: date, area: str | None = None) -> frozenset[int]:
        """Return who holds the role on that day; with `area`, for that area only. Being `like` it does not count."""
        if (role, on, area) not in self._holders:
            self._holders[role, on, area] = frozenset(
                held.employee
                for span, held in self._by_role.get(role, ())
                if span.holds(on) and (area is None or (area and held.area == area))
            )
        return self._holders[role, on, area]

    def holders_like(self, rights: Iterable[str], *, on: date) -> frozenset[int]:
        """Return who holds, on that day, a role with one of these rights."""
        wanted = frozenset(rights)
        return frozenset(held.employee for span, held in self.roles if held.like in wanted and span.holds(on))

    def post(self, employee: int, *, on: date) -> Post:
        """Return where the person works on that day; of several postings the one that began last."""
        if (employee, on) not in self._posts:
            covering = [(span.from_on, post) for span, post in self.posts.get(employee, ()) if span.holds(on)]
            last = max(covering, key=lambda found: found[0])[1] if covering else NOWHERE
            self._posts[employee, on] = last
        return self._posts[employee, on]

    def distance(self, employee: int, unit: Post, *, on: date) -> int:
        """Return 0 for who works in the department of `unit` on that day, 1 in its branch, 2 elsewhere."""
        post = self.post(employee, on=on)
        if unit.department is not None and post.department == unit.department:
            return 0
        return 1 if unit.branch is not None and post.branch == unit.branch else 2

    def groups(self, people: frozenset[int], unit: Post, *, on: date) -> tuple[tuple[int, ...], ...]:
        """Return these people in groups by user name: at work in the nearest unit, in the next one, then the absent."""
        key = (people, unit, on)
        if key not in self._groups:
            found: dict[tuple[bool, int], list[int]] = defaultdict(list)
            for employee in sorted(people, key=lambda one: self.people[one].username):
                found[not self.at_work(employee, on=on), self.distance(employee, unit, on=on)].append(employee)
            self._groups[key] = tuple(tuple(found[rank]) for rank in sorted(found))
        return self._groups[key]

    def has_qualifications(self, employee: int, codes: Iterable[str], *, on: date) -> bool:
        """Say whether the person holds all of these on that day."""
        held = {code for span, code in self.qualifications.get(employee, ()) if span.holds(on)}
        return held.issuperset(codes)

    def called(self, text: str) -> int | None:
        """Return who has that user name, else who alone has that name; None where nobody or several do."""
        if text in self._by_username:
            return self._by_username[text]
        namesakes = [person.id for person in self.people.values() if person.name == text]
        return namesakes[0] if len(namesakes) == 1 else None

    @cached_property
    def _by_role(self) -> Mapping[str, list[tuple[Span, Held]]]:
        found: dict[str, list[tuple[Span, Held]]] = defaultdict(list)
        for span, held in self.roles:
            found[held.role].append((span, held))
        return found

    @cached_property
    def _by_username(self) -> Mapping[str, int]:
        return {person.username: person.id for person in self.people.values()}


def load_workforce() -> Workforce:
    """Read everybody with all dated facts in five queries."""
    names = ("id", "username", "name", "is_active", "left_on", "hand_over_to_id")
    return Workforce(
        people={row[0]: Colleague(*row) for row in Employee.objects.order_by("id").values_list(*names)},
        roles=_roles(),
        posts=_posts(),
        leaves=_leaves(),
        qualifications=_qualifications(),
    )


def _roles() -> list[tuple[Span, Held]]:
    rows = RoleAssignment.objects.order_by("id").values_list(
        "from_on", "until_on", "employee_id", "role__code", "area", "role__like"
    )
    return [(Span(row[0], row[1]), Held(*row[2:])) for row in rows]


def _posts() -> dict[int, list[tuple[Span, Post]]]:
    found: dict[int, list[tuple[Span, Post]]] = defaultdict(list)
    rows = Posting.objects.order_by("id").values_list(
        "employee_id", "from_on", "until_on", "branch_id", "department__branch_id", "department_id", "line_manager_id"
    )
    for employee, from_on, until_on, branch, of_department, department, manager in rows:
        found[employee].append((Span(from_on, until_on), Post(branch or of_department, department, manager)))
    return found


def _leaves() -> dict[int, list[Leave]]:
    found: dict[int, list[Leave]] = defaultdict(list)
    rows = Absence.objects.order_by("id").values_list("employee_id", "from_on", "until_on", "substitute_id")
    for employee, from_on, until_on, substitute in rows:
        found[employee].append(Leave(Span(from_on, until_on), substitute))
    return found


def _qualifications() -> dict[int, list[tuple[Span, str]]]:
    found: dict[int, list[tuple[Span, str]]] = defaultdict(list)
    rows = QualificationHeld.objects.order_by("id").values_list("employee_id", "from_on", "until_on", "code")
    for employee, from_on, until_on, code in rows:
        found[employee].append((Span(from_on, until_on), code))
    return found
