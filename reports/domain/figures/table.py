"""One figure of everybody whom a person may see, and what can be asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from reports.domain.figures.attaining import VOTES, Attainment
from reports.domain.figures.behind import Behind, Rows, behind
from reports.domain.figures.behind import rows_behind as every_row_behind
from reports.domain.figures.counted import Part
from reports.domain.figures.earning import ranks
from reports.domain.figures.measured import COUNTS, Measured, together
from reports.domain.figures.measuring import of_people, sums_of_units
from reports.domain.figures.query import query
from reports.domain.figures.remaining import still_open
from reports.domain.figures.rewarding import clauses_of
from reports.domain.figures.targets import measured_of
from staff.domain.access import scope_of
from staff.domain.conduct.rules import in_force
from staff.domain.metric_words import metric_words
from staff.domain.oversight import overseen_by
from staff.domain.periods import Period, period_of
from staff.domain.policies import release_in_force
from staff.domain.workforce import Workforce, load_workforce
from staff.models import Branch, Department, Employee, Release


@dataclass(frozen=True)
class Asked:
    """One clause that can be looked at: its key ``<policy>/<section>:<code>``, its words, its figure and its bar."""

    key: str
    title: str
    looked_at: Attainment
    op: str = ""
    threshold: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One person's figure, its rank among all who have one, and whether it reaches the bar (None without a bar)."""

    employee: Employee
    figure: Measured
    rank: int
    met: bool | None


def to_ask(*, on: date) -> list[Asked]:
    """Return what can be looked at on that day: figures first, then rewards and penalties on figures of their own."""
    found: dict[str, Asked] = {}
    for release in in_force(on=on):
        for one in (*_targets(release), *_clauses(release)):
            found.setdefault(one.key, one)
    return list(found.values())


def _targets(release: Release) -> Iterator[Asked]:
    for kpi in measured_of(release):
        looked_at = Attainment(release, kpi.per, kpi.title, kpi)
        title = kpi.title or metric_words(kpi.metric)
        yield Asked(f"{release.policy_id}/kpi:{kpi.code}", title, looked_at, kpi.op or "", kpi.target)


def _clauses(release: Release) -> Iterator[Asked]:
    for rule, looked_at in clauses_of(release):
        if looked_at.metric != VOTES:  # no tally before an election is over, and its page shows it then
            spec = rule.spec
            title = spec.title or looked_at.title or metric_words(looked_at.metric)
            section = "penalty" if rule.is_penalty else "reward"
            key = f"{release.policy_id}/{section}:{spec.code}"
            yield Asked(key, title, looked_at, spec.op or "", spec.threshold)


def periods_of(asked: Asked, *, on: date, most: int = 12) -> list[Period]:
    """Return the periods that can be chosen, the present one first."""
    found = [period_of(asked.looked_at.per, on)]
    while len(found) < most:
        found.append(found[-1].before())
    return found


@dataclass(frozen=True)
class Looked:
    """What was counted once for all that a page shows: the figures of people, and both sides by branch."""

    workforce: Workforce
    people: Mapping[int, Measured]
    branches: Mapping[int | None, Measured]


def look(asked: Asked, period: Period, *, now: datetime) -> Looked:
    """Count a figure by person and by branch at once."""
    looked_at, workforce = _looked_at(asked, period), load_workforce()
    kpi = looked_at.kpi
    if kpi is None:
        return Looked(workforce, looked_at.figures(period, workforce, now=now), {})
    by_who, by_where = sums_of_units(query(kpi, looked_at.release, period, now=now))
    people = looked_at.with_idle(of_people(by_who, kpi.metric), period, workforce)
    return Looked(workforce, people, by_where)


def lines(
    asked: Asked, period: Period, actor: Employee, *, on: date, now: datetime, looked: Looked | None = None
) -> tuple[list[Line], Measured]:
    """Return the figures of whom `actor` may see, the best first, and of them together."""
    figures = (looked or look(asked, period, now=now)).people
    standing = ranks({who: one.value for who, one in figures.items() if one.value is not None})
    seen = seen_by(actor, on=on).filter(pk__in=list(figures))
    found = [
        Line(person, figures[person.pk], standing.get(person.pk, 0), _met(asked, figures[person.pk])) for person in seen
    ]
    whole = together(one.figure for one in found)
    if asked.looked_at.metric in COUNTS:
        whole = Measured(whole.numerator, 1 if found else 0)
    return sorted(found, key=lambda one: (one.rank or len(found) + 1, one.employee.username)), whole


@dataclass(frozen=True, slots=True)
class UnitLine:
    """The figure of one branch, or of one department's people, and whether it reaches the bar (None without a bar)."""

    name: str
    figure: Measured
    met: bool | None


def by_unit(
    asked: Asked, period: Period, found: list[Line], actor: Employee, *, on: date, looked: Looked
) -> list[UnitLine]:
    """Return the figure by branch, also of what nobody has yet, and by department of the people that are shown (AK-13).

    A branch is that of the visit or the case, a department that of its people on the last day of the period.
    """
    scope = scope_of(actor, on=on)
    names = dict(Branch.objects.values_list("pk", "name"))
    parts: dict[str, list[Measured]] = {}
    for where, one in looked.branches.items():
        if where is not None and (scope.everything or where in scope.branches):
            parts.setdefault(names[where], []).append(one)
    departments = {one.pk: str(one) for one in Department.objects.select_related("branch")}
    for line in found:
        place = looked.workforce.post(line.employee.pk, on=period.last).department
        if place is not None:
            parts.setdefault(departments[place], []).append(line.figure)
    return [_unit(name, parts[name], asked) for name in sorted(parts)]


def _unit(name: str, parts: list[Measured], asked: Asked) -> UnitLine:
    whole = together(parts)
    if asked.looked_at.metric in COUNTS:
        whole = Measured(whole.numerator, 1)
    return UnitLine(name, whole, _met(asked, whole) if asked.looked_at.metric not in COUNTS else None)


def left_open(asked: Asked, period: Period, actor: Employee, *, on: date, now: datetime) -> list[Behind]:
    """Return what still keeps a figure from a hundred per cent, of whom `actor` may see and of nobody (K-13)."""
    looked_at = _looked_at(asked, period)
    if looked_at.kpi is None:
        return []
    scope, people = scope_of(actor, on=on), seen_by(actor, on=on).order_by().values("pk")
    free = Q() if scope.everything else Q(branch__in=scope.branches)
    return still_open(query(looked_at.kpi, looked_at.release, period, now=now), people, free)


def rows_behind(asked: Asked, period: Period, employee: int, *, now: datetime) -> list[Behind]:
    """Return what one person's figure was counted from."""
    looked_at = _looked_at(asked, period)
    return behind(query(looked_at.kpi, looked_at.release, period, now=now), employee) if looked_at.kpi else []


def all_behind(asked: Asked, period: Period, employee: int, *, now: datetime) -> Rows | None:
    """Return every row that one person's figure was counted from, streamed; None where nothing is counted."""
    looked_at = _looked_at(asked, period)
    if looked_at.kpi is None:
        return None
    part = Part(people=frozenset({employee}))
    return every_row_behind(query(looked_at.kpi, looked_at.release, period, now=now), part, most=None)


def seen_by(actor: Employee, *, on: date) -> QuerySet[Employee]:
    """Return whose figures one may see: one's own, and of whom one looks after."""
    return overseen_by(actor, on=on)


def _looked_at(asked: Asked, period: Period) -> Attainment:
    """Return the figure as the release that ruled the period's end says it, where that release knows it."""
    release = release_in_force(asked.looked_at.release.policy, period.last) or asked.looked_at.release
    if release.pk == asked.looked_at.release.pk:
        return asked.looked_at
    there = {one.key: one for one in (*_targets(release), *_clauses(release))}
    return there[asked.key].looked_at if asked.key in there else asked.looked_at


def _met(asked: Asked, figure: Measured) -> bool | None:
    return None if asked.threshold is None else figure.meets(asked.op, asked.threshold)
