"""How much each person has in hand: what a hand-over moves, and what a manager sees beside a name."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Count, Q

from staff.domain.workforce import Leave, Workforce
from staff.models import Employee
from visits.choices import TaskStatus
from visits.domain.finding.browsing import past
from visits.models import FollowUpItem, VisitTask

OPEN = Q(status=TaskStatus.OPEN)


@dataclass(frozen=True, slots=True)
class Burden:
    """Open tasks, how many of them are overdue, planned ones, call-backs promised, follow-ups not settled."""

    open: int = 0
    overdue: int = 0
    planned: int = 0
    promised: int = 0
    follow_ups: int = 0

    @property
    def moves(self) -> int:
        """Return how much a hand-over moves."""
        return self.open + self.planned + self.follow_ups


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the list. `state` is here, away, leaving (on `person.left_on`) or left."""

    person: Employee
    state: str
    leave: Leave | None
    deputy: str
    department: int | None
    burden: Burden


def burdens(people: Iterable[int], *, now: datetime) -> dict[int, Burden]:
    """Return what each of these people has in hand, by three queries."""
    ids = list(people)
    # Open and planned visits have an index each; asked for together, all visits there ever were are read.
    held = VisitTask.objects.filter(assignee__in=ids).order_by()
    counted = held.filter(OPEN).values("assignee").annotate(
        open=Count("pk"), overdue=Count("pk", filter=past(now)),
        promised=Count("pk", filter=Q(call_back_at__isnull=False)),
    )  # fmt: skip
    planned = dict(held.filter(status=TaskStatus.PLANNED).values_list("assignee").annotate(count=Count("pk")))
    items = FollowUpItem.objects.waiting().filter(owner__in=ids).order_by().values_list("owner")
    follow_ups = dict(items.annotate(count=Count("pk")))
    tasks = {row["assignee"]: Burden(row["open"], row["overdue"], 0, row["promised"]) for row in counted}
    return {
        one: replace(tasks.get(one, Burden()), planned=planned.get(one, 0), follow_ups=follow_ups.get(one, 0))
        for one in ids
    }


def members(people: Iterable[Employee], workforce: Workforce, *, on: date, now: datetime) -> list[Member]:
    """Return these people with where they are today and what they have in hand."""
    people = list(people)
    found = burdens([person.pk for person in people], now=now)
    return [_member(person, workforce, found[person.pk], on) for person in people]


def _member(person: Employee, workforce: Workforce, burden: Burden, on: date) -> Member:
    leave = workforce.leave_of(person.pk, on=on)
    deputy = workforce.people.get(leave.substitute) if leave and leave.substitute else None
    department = workforce.post(person.pk, on=on).department
    return Member(person, _state(person, leave, on), leave, deputy.name if deputy else "", department, burden)


def _state(person: Employee, leave: Leave | None, on: date) -> str:
    if not person.is_active or (person.left_on is not None and person.left_on < on):
        return "left"
    if leave is not None:
        return "away"
    return "leaving" if person.left_on is not None else "here"
