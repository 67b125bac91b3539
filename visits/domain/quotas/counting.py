"""How many visits were made of what a quota wants: customers reached for a task of its policy, each contact once.

A visit counts for who made it, on the day of the moment that counts (DECISIONS 12), whatever was corrected since.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Count, Q, QuerySet

from config.packs.duties import QuotaSpec
from config.packs.persons import Person
from staff.choices import BaseRole
from staff.domain.access import ADVISOR
from staff.domain.periods import Period
from staff.domain.policies import releases_of, ruling, spec_of
from staff.domain.workforce import Workforce
from staff.models import Branch, Department, Policy, Release
from visits.choices import Outcome
from visits.domain.detecting.bounds import house
from visits.models import Customer, VisitRecord

RULE: Final = "visit_rule:"
TEAM, COMPANY, CUSTOMER = "team", "company", "customer"


@dataclass(frozen=True)
class Goal:
    """One quota of one release for one period."""

    release: Release
    spec: QuotaSpec
    period: Period

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Return the first moment of the period, and its end."""
        return self.period.starts_at(house()), self.period.ends_at(house())


@dataclass(frozen=True)
class Tally:
    """How much of a goal was made by one person, one unit, or (neither) the whole company.

    Of a goal of customers, `wanted` counts the customers of `employee`, `made` those that had their visits.
    """

    goal: Goal
    made: int
    wanted: int
    employee: int | None = None
    department: int | None = None

    @property
    def left(self) -> int:
        """Return how many are still to be made."""
        return max(0, self.wanted - self.made)

    @property
    def share(self) -> int:
        """Return the share that was made, in whole per cent, rounded down; 100 only where nothing is left."""
        return 100 if not self.left else self.made * 100 // self.wanted


def goals_of(periods: Iterable[Period]) -> Iterator[Goal]:
    """Yield the quotas that end with each of the periods, each of the release that rules on its last day.

    A policy that came into force within the period sets none for it: nobody is held to a part of one.
    """
    policies = [list(releases_of(policy).defer("content")) for policy in Policy.objects.order_by("pk")]
    for period in periods:
        for releases in policies:
            release = ruling(releases, period.last)
            if release is None or ruling(releases, period.first) is None:
                continue
            for spec in spec_of(release).quota:
                if not spec.blanks() and spec.per == period.per:
                    yield Goal(release, spec, period)


def counts(goal: Goal, workforce: Workforce) -> list[Tally]:
    """Return how much of a goal was made, by everybody who has to reach it."""
    at_least = goal.spec.at_least
    if goal.spec.who == CUSTOMER:
        return _by_owner(goal)
    by_person = _visits(goal).order_by().values_list("advisor").annotate(n=Count("pk", distinct=True))
    made: dict[int, int] = dict(by_person)
    if goal.spec.who == COMPANY:
        return [Tally(goal, sum(made.values()), at_least)]
    if goal.spec.who == TEAM:
        return _by_department(goal, made, workforce)
    people = ruled(goal, held_throughout(goal, workforce), workforce)
    return [Tally(goal, made.get(one, 0), at_least, employee=one) for one in sorted(people)]


def ruled(goal: Goal, people: Iterable[int], workforce: Workforce) -> frozenset[int]:
    """Keep whom the policy rules on the last day: those of its departments or branches, where it names any."""
    names = spec_of(goal.release).policy.departments
    if not names:
        return frozenset(people)
    departments = set(Department.objects.filter(name__in=names).values_list("pk", flat=True))
    branches = set(Branch.objects.filter(name__in=names).values_list("pk", flat=True))
    posts = {one: workforce.post(one, on=goal.period.last) for one in people}
    return frozenset(one for one, post in posts.items() if post.department in departments or post.branch in branches)


def held_throughout(goal: Goal, workforce: Workforce) -> frozenset[int]:
    """Return who has the role on the first and on the last day of the period: nobody is held to a part of it."""
    first, last = (_holders(goal.spec.who, workforce, on) for on in (goal.period.first, goal.period.last))
    return first & last


def answerable(tally: Tally, workforce: Workforce) -> frozenset[int]:
    """Return who answers for a shortage: the person, of a unit who manages it, of the company who leads it.

    A manager is held to a period that they began and ended with, as everybody is.
    """
    if tally.employee is not None:
        return frozenset({tally.employee})
    first, last = (_leaders(tally, workforce, on) for on in (tally.goal.period.first, tally.goal.period.last))
    return first & last


def _leaders(tally: Tally, workforce: Workforce, on: date) -> frozenset[int]:
    if tally.department is None:
        found = workforce.holders_like([BaseRole.GENERAL_MANAGER], on=on)
    else:
        managers = workforce.holders_like([BaseRole.DEPARTMENT_MANAGER], on=on)
        found = frozenset(one for one in managers if workforce.post(one, on=on).department == tally.department)
    return frozenset(one for one in found if not workforce.is_gone(one, on=on))


def _holders(who: str, workforce: Workforce, on: date) -> frozenset[int]:
    person = Person.parse(who)
    found = workforce.holders(person.code, on=on) if person.code else workforce.holders_like([ADVISOR], on=on)
    return frozenset(one for one in found if not workforce.is_gone(one, on=on))


def _visits(goal: Goal) -> QuerySet[VisitRecord]:
    """Return the visits of the period that the goal counts, as they stand."""
    first, last = goal.span
    told = Q(reported_by_system=True, started_at__gte=first, started_at__lt=last)
    told |= Q(reported_by_system=False, logged_at__gte=first, logged_at__lt=last)
    links: dict[str, Any] = {"links__completes": True, "links__task__release__policy": goal.release.policy_id}
    rules = [name.removeprefix(RULE).partition("/")[0] for name in goal.spec.of]
    if rules:
        links["links__task__step__rule__code__in"] = rules
    found = VisitRecord.objects.filter(told, outcome=Outcome.REACHED, **links).current()
    return found.filter(channel__in=goal.spec.channels) if goal.spec.channels else found


def _by_department(goal: Goal, made: dict[int, int], workforce: Workforce) -> list[Tally]:
    """Return how much each team made; a team is a department in which somebody makes visits."""
    on = goal.period.last
    callers = ruled(goal, workforce.holders_like([ADVISOR], on=on), workforce)
    units = {workforce.post(one, on=on).department for one in callers if not workforce.is_gone(one, on=on)}
    totals = {unit: 0 for unit in units if unit is not None}
    for one, count in made.items():
        unit = workforce.post(one, on=on).department
        if unit in totals:
            totals[unit] += count
    return [Tally(goal, n, goal.spec.at_least, department=unit) for unit, n in sorted(totals.items())]


def _by_owner(goal: Goal) -> list[Tally]:
    """Return how many customers of each person had as many visits as the goal wants of each."""
    known = Customer.objects.filter(left_at=None, owner__isnull=False, registered_at__lt=goal.span[0])
    reached = _visits(goal).order_by().values_list("customer").annotate(n=Count("pk", distinct=True))
    enough = {customer for customer, n in reached if n >= goal.spec.at_least}
    made: dict[int, list[int]] = {}
    for customer, owner in known.values_list("pk", "owner"):
        tally = made.setdefault(owner, [0, 0])
        tally[0] += customer in enough
        tally[1] += 1
    return [Tally(goal, done, of, employee=owner) for owner, (done, of) in sorted(made.items())]
