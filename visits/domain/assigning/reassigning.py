"""Moving tasks by hand: a supervisor gives them to somebody, a caller takes one out of the pool.

Nobody moves what they do not see, advisors give nothing away (K-01; RELIABILITY, T19), and what the step demands of its
caller (`exclude`, `needs`) binds a supervisor as well.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count

from config.clock import local_day
from staff.domain import activity
from staff.domain.access import CALLERS, MANAGERS, Scope, roles_of, scope_of
from staff.domain.workforce import Post, Workforce, load_workforce
from staff.models import Employee
from visits.choices import WORKABLE
from visits.domain.assigning.choosing import PassedOver, Wanted, may_work_on, pool_role
from visits.domain.assigning.placing import Place, place
from visits.domain.assigning.wanting import Standing, StepBook, standings
from visits.models import VisitTask


class MayNotReassign(Exception):
    """This person may not move these tasks: not with these rights, or not in their scope."""


class CannotTake(Exception):
    """The person for whom a task is meant cannot have it; `why` says what stands against it."""

    def __init__(self, task: int, employee: Employee, why: PassedOver) -> None:
        super().__init__(f"task {task} for {employee.username}: {why}")
        self.task, self.employee, self.why = task, employee, why


@transaction.atomic
def reassign(
    tasks: Iterable[VisitTask], to: Employee | None, *, actor: Employee, now: datetime, reason: str = ""
) -> frozenset[int]:
    """Give these tasks to `to`, or back into their pools; return the ids of those that moved.

    All may move or none does; what was finished or moved by somebody else meanwhile stays as it is. Raises
    `MayNotReassign` and `CannotTake`.
    """
    ids = [task.pk for task in tasks]
    today = local_day(now)
    if not roles_of(actor, on=today) & MANAGERS or not _sees_all(actor, ids, on=today):
        raise MayNotReassign
    steps, workforce = StepBook(), load_workforce()
    found = [task for task in standings(ids) if task.status in WORKABLE]
    wanted = steps.wanted(found)
    if to is not None:
        for task in found:
            _check(task, to, wanted[task.id], workforce, now=now)
    moves = {task.id: task for task in found if task.assignee != (to and to.pk)}
    moved = place([_to(task, to, wanted[task.id]) for task in moves.values()], now=now)
    deeds = [("reassigned", pk, _told(moves[pk], to, reason=reason)) for pk in moves if pk in moved]
    activity.log_many(now=now, actor=actor, model=VisitTask, deeds=deeds)
    return moved


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody to whom tasks can be given, with how many they have open."""

    id: int
    name: str
    open_tasks: int


def candidates(actor: Employee, *, now: datetime) -> list[Candidate]:
    """Return who makes calls and is at work today in the units that the actor oversees, by name."""
    on = local_day(now)
    scope, workforce = scope_of(actor, on=on), load_workforce()
    near = [one for one in workforce.holders_like(CALLERS, on=on) if _oversees(scope, workforce.post(one, on=on))]
    here = [one for one in near if workforce.at_work(one, on=on)]
    burden = VisitTask.objects.open().filter(assignee__in=here).order_by().values_list("assignee")
    counts = dict(burden.annotate(count=Count("pk")))
    people = (workforce.people[one] for one in here)
    return [
        Candidate(person.id, person.name or person.username, counts.get(person.id, 0))
        for person in sorted(people, key=lambda person: (person.name, person.username))
    ]


def _oversees(scope: Scope, post: Post) -> bool:
    return scope.everything or post.branch in scope.branches or post.department in scope.departments


@transaction.atomic
def take_from_pool(task: VisitTask, employee: Employee, *, now: datetime) -> bool:
    """Take a task that nobody has; return whether this person won it. Raises `MayNotReassign` and `CannotTake`."""
    today = local_day(now)
    if not roles_of(employee, on=today) & CALLERS or not _sees_all(employee, [task.pk], on=today):
        raise MayNotReassign
    [found] = standings([task.pk])
    if found.assignee is not None or found.status not in WORKABLE:
        return False
    wanted = StepBook().wanted([found])[found.id]
    _check(found, employee, wanted, load_workforce(), now=now)
    if not place([_to(found, employee, wanted)], now=now):
        return False
    deed = ("taken", found.id, {"from": None, "to": employee.pk, "role": found.role})
    activity.log_many(now=now, actor=employee, model=VisitTask, deeds=[deed])
    return True


def _sees_all(employee: Employee, ids: list[int], *, on: date) -> bool:
    seen = VisitTask.objects.visible_to(employee, on=on).filter(pk__in=ids).distinct()
    return seen.count() == len(set(ids))


def _check(task: Standing, to: Employee, wanted: Wanted, workforce: Workforce, *, now: datetime) -> None:
    """Refuse a person who is not there when the task is to be done, has no calling role, or is barred by the step."""
    on = max(task.opens_on, local_day(now, task.timezone))
    if workforce.is_gone(to.pk, on=on):
        raise CannotTake(task.id, to, PassedOver.LEFT)
    if not workforce.at_work(to.pk, on=on):
        raise CannotTake(task.id, to, PassedOver.AWAY)
    if to.pk not in workforce.holders_like(CALLERS, on=on):
        raise CannotTake(task.id, to, PassedOver.NO_HOLDER)
    if why := may_work_on(to.pk, wanted, workforce, on=on):
        raise CannotTake(task.id, to, why)


def _to(task: Standing, to: Employee | None, wanted: Wanted) -> Place:
    """Return the move; whoever was picked by hand keeps the task when it opens."""
    role = task.role or pool_role(wanted.persons)
    return Place(task.id, to.pk if to else None, role, True, task.assignee, task.settled)


def _told(task: Standing, to: Employee | None, *, reason: str) -> dict[str, Any]:
    return {"from": task.assignee, "to": to.pk if to else None, "reason": reason}
