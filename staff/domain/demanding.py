"""Which qualifications the regulations in force demand of whom (`[[qualification]]`), and what somebody lacks of them.

Where several policies demand one, the strictest holds: the highest mark, the shortest validity, the gate of any.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models.functions import Coalesce

from config.packs.company import QualificationSpec
from config.packs.duration import Duration
from config.packs.pack import Pack
from staff.choices import ReleaseState
from staff.domain.policies import spec_of
from staff.domain.workforce import Post, Workforce
from staff.models import Branch, Department, Employee, Posting, QualificationHeld, Release, RoleAssignment


@dataclass(frozen=True, slots=True)
class Demand:
    """One qualification as one policy demands it. Empty `roles`: of everybody; empty `units`: everywhere.

    `units` are names of departments or branches, as everywhere in a regulation.
    """

    code: str
    title: str
    roles: frozenset[str]
    units: frozenset[str]
    pass_mark: Decimal | None
    valid: Duration | None
    gate: bool
    release: Release
    text: tuple[tuple[str, str], ...]  # the clauses that it carries out: number and wording

    @property
    def is_paper(self) -> bool:
        """Whether the person signs it themself: a gate without a mark. What has a mark is a test."""
        return self.gate and self.pass_mark is None

    def concerns(self, roles: Iterable[str], units: Iterable[str]) -> bool:
        """Say whether somebody with these roles in these units must have it."""
        here = not self.units or not self.units.isdisjoint(units)
        return here and (not self.roles or not self.roles.isdisjoint(roles))


def demands(*, on: date) -> tuple[Demand, ...]:
    """Return what the releases in force on that day demand, in their order, by one query."""
    published = Release.objects.filter(
        state=ReleaseState.PUBLISHED, in_force_seq__isnull=False, effective_from__lte=on
    ).defer("content")
    ruling: dict[int, Release] = {}
    for release in published.order_by("policy_id", "-in_force_seq"):
        ruling.setdefault(release.policy_id, release)
    return tuple(found for release in ruling.values() for found in _of(release))


def demanded_of(roles: Iterable[str], units: Iterable[str], found: Iterable[Demand]) -> tuple[Demand, ...]:
    """Return one demand for each code that concerns somebody, the strictest of the policies that name it."""
    roles, units = frozenset(roles), frozenset(units)
    strictest: dict[str, Demand] = {}
    for one in found:
        if one.concerns(roles, units):
            known = strictest.get(one.code)
            strictest[one.code] = stricter(known, one) if known else one
    return tuple(strictest.values())


def stricter(one: Demand, other: Demand) -> Demand:
    """Return what satisfies both demands of one qualification; the text is of both."""
    marks = [mark for mark in (one.pass_mark, other.pass_mark) if mark is not None]
    spans = sorted((span for span in (one.valid, other.valid) if span), key=lambda span: _rough_days(span))
    return Demand(
        one.code, one.title or other.title, one.roles | other.roles, one.units | other.units,
        max(marks, default=None), spans[0] if spans else None, one.gate or other.gate, one.release,
        tuple(dict.fromkeys(one.text + other.text)),
    )  # fmt: skip


def own_demands(employee: Employee, *, on: date) -> tuple[Demand, ...]:
    """Return what is demanded of one person on that day."""
    if not (found := demands(on=on)):
        return ()
    held = RoleAssignment.objects.on(on).filter(employee=employee).values_list("role__code", flat=True)
    posts = Posting.objects.on(on).filter(employee=employee).order_by("-from_on")
    where = Coalesce("branch__name", "department__branch__name")
    units = posts.values_list("department__name", where).first() or ()
    return demanded_of(held, filter(None, units), found)


def gates_shut(employee: Employee, *, on: date) -> tuple[Demand, ...]:
    """Return the gates that this person lacks on that day: without them they see no customer data (W-07)."""
    gates = tuple(one for one in own_demands(employee, on=on) if one.gate)
    if not gates:
        return ()
    held = QualificationHeld.objects.on(on).filter(employee=employee)
    has = set(held.filter(code__in=[gate.code for gate in gates]).values_list("code", flat=True))
    return tuple(gate for gate in gates if gate.code not in has)


@dataclass(frozen=True)
class Units:
    """How departments and branches are called."""

    departments: dict[int, str]
    branches: dict[int, str]

    @classmethod
    def read(cls) -> "Units":
        """Read the names of all of them."""
        return cls(*(dict(model.objects.values_list("pk", "name")) for model in (Department, Branch)))

    def of(self, post: Post) -> set[str]:
        """Return the units in which somebody on that post works."""
        return {self.departments.get(post.department or 0, ""), self.branches.get(post.branch or 0, "")} - {""}


@dataclass(frozen=True)
class Crew:
    """Everybody's roles and units on one day, to ask demands of many people without a query for each."""

    workforce: Workforce
    units: Units
    found: tuple[Demand, ...]
    on: date

    @classmethod
    def of(cls, workforce: Workforce, *, on: date) -> "Crew":
        """Read what is demanded and how the units are called."""
        return cls(workforce, Units.read(), demands(on=on), on)

    def demanded_of(self, employee: int) -> tuple[Demand, ...]:
        """Return what is demanded of one person."""
        roles = [held.role for span, held in self.workforce.roles if held.employee == employee and span.holds(self.on)]
        return demanded_of(roles, self.units.of(self.workforce.post(employee, on=self.on)), self.found)


def _of(release: Release) -> Iterable[Demand]:
    pack = spec_of(release)
    return [_demand(pack, spec, release) for spec in pack.qualification if not spec.blanks()]


def _demand(pack: Pack, spec: QualificationSpec, release: Release) -> Demand:
    reference = f"qualification:{spec.code}"
    text = tuple((clause.ref, clause.text) for clause in pack.clause if reference in clause.enforced_by)
    return Demand(
        spec.code, spec.title or spec.code, frozenset(spec.roles), frozenset(pack.policy.departments), spec.pass_mark,
        spec.valid, bool(spec.gate), release, text,
    )  # fmt: skip


def _rough_days(span: Duration) -> int:
    offset = span.offset
    return offset.months * 30 + offset.days + offset.workdays
