"""Giving each task to the person whom its step names: provisionally while it is planned, for good when it opens.

`choosing` decides, `wanting` reads what that needs, `placing` writes it: a fixed number of queries for each chunk of
tasks, each chunk in a transaction of its own, so that two assigners at once, or one that dies, leave every task with
one decision and one line of activity.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from config.clock import local_day
from staff.domain import activity
from staff.domain.quarantine import Ward
from staff.domain.workforce import Workforce, load_workforce
from staff.models import Employee, Policy
from visits.choices import WORKABLE
from visits.domain.assigning.choosing import Choice, Wanted, choose
from visits.domain.assigning.placing import Place, place
from visits.domain.assigning.wanting import Standing, StepBook, standings
from visits.models import VisitTask

CHUNK = 2000
IN_TURN = ("opens_at", "event_id", "step_id", "occurrence")  # who comes first gets the least burdened person
DRAWN = Q(pool=None) | Q(sampled=True)


def assign_waiting(*, now: datetime) -> int:
    """Give every new task a person, provisionally where it has not opened; return how many tasks were decided."""
    waiting = VisitTask.objects.filter(DRAWN, status__in=WORKABLE, settled=False, assignee=None, pooled_at=None)
    return _Assigner(now).keep_working("assign_waiting", waiting)


def assign_events(events: Sequence[int], *, now: datetime, actor: Employee | None = None) -> int:
    """Give the undecided tasks of these events a person now, not at the next tick; return how many were decided."""
    waiting = VisitTask.objects.filter(DRAWN, status__in=WORKABLE, settled=False, event__in=events)
    return _Assigner(now, actor).work_through(waiting)


def settle_opened(*, now: datetime) -> int:
    """Decide for good who has the tasks that have opened, and move open tasks of people who left or are away.

    Returns how many tasks were looked at anew. Without substitute and hand-over target they go down the step's list,
    at last into the pool (DECISIONS 6).
    """
    assigner = _Assigner(now)
    opened = VisitTask.objects.open().filter(DRAWN, settled=False)
    of_absent = VisitTask.objects.open().filter(assignee__in=assigner.away_now())
    return assigner.keep_working("settle_opened", opened, of_absent)


def move_work(employee: Employee, *, now: datetime, actor: Employee | None = None) -> int:
    """Move the work of somebody who left or is away today; return how many tasks moved. What is done stays theirs."""
    held = VisitTask.objects.filter(status__in=WORKABLE, assignee=employee)
    return _Assigner(now, actor).work_through(held)


def order_numbers(ids: Iterable[int]) -> dict[int, str]:
    """Return the orders that tasks belong to, by which they are called where no customer may be named."""
    return dict(VisitTask.objects.filter(pk__in=list(ids)).values_list("pk", "event__order_no"))


@dataclass(frozen=True, slots=True)
class _Move:
    """What a choice changes of one task."""

    task: Standing
    choice: Choice

    @property
    def place(self) -> Place:
        """Return where the task goes; the word on a planned one is final only for whoever stands in by name."""
        settled = not self.task.is_planned or (self.task.settled and self.choice.by == "holder")
        role = self.task.role if self.choice.assignee else self.choice.role
        return Place(self.task.id, self.choice.assignee, role, settled, self.task.assignee, self.task.settled)

    @property
    def is_told(self) -> bool:
        """Whether somebody else has the task now, or nobody for the first time."""
        pooled = self.choice.assignee is None and self.task.pooled_at is None
        return pooled or self.choice.assignee != self.task.assignee

    @property
    def changes(self) -> bool:
        """Whether anything is to be written at all."""
        place = self.place
        return self.is_told or (place.role, place.settled) != (self.task.role, self.task.settled)

    @property
    def deed(self) -> tuple[str, int, dict[str, Any]]:
        """Return the line of activity: from whom to whom, by which words of the step, who was passed over and why."""
        verb = "moved" if self.task.assignee else "assigned"
        told = {
            "from": self.task.assignee,
            "to": self.choice.assignee,
            "by": self.choice.by,
            "passed": [[passed.person, passed.employee, str(passed.why)] for passed in self.choice.passed],
        }
        if self.choice.assignee is None:
            return "pooled", self.task.id, {**told, "role": self.choice.role}
        return verb, self.task.id, told


@dataclass
class _Assigner:
    """One pass over tasks as of `now`; `forecast` counts what planned tasks will burden people with."""

    now: datetime
    actor: Employee | None = None
    workforce: Workforce = field(default_factory=load_workforce)
    steps: StepBook = field(default_factory=StepBook)

    def away_now(self) -> frozenset[int]:
        """Return who is gone or away today, wherever a policy counts its days."""
        zones = Policy.objects.order_by("timezone").values_list("timezone", flat=True).distinct()
        return frozenset().union(*(self.workforce.away(on=local_day(self.now, zone)) for zone in zones))

    def work_through(self, tasks: QuerySet[VisitTask]) -> int:
        """Decide these tasks in their turn, chunk by chunk; return how many moved."""
        ids = list(tasks.order_by(*IN_TURN).values_list("pk", flat=True))
        return sum(self._decide(ids[start : start + CHUNK]) for start in range(0, len(ids), CHUNK))

    def keep_working(self, job: str, *kinds: QuerySet[VisitTask]) -> int:
        """Decide these tasks for a job, one kind after the other: a task that cannot be decided stops no other."""
        ward = Ward(job, "visittask", now=self.now, labels=order_numbers)
        moved = 0
        for tasks in kinds:
            out = ward.out()
            ids = [pk for pk in tasks.order_by(*IN_TURN).values_list("pk", flat=True) if pk not in out]
            for start in range(0, len(ids), CHUNK):
                moved += ward.work(ids[start : start + CHUNK], lambda part: Counter(moved=self._decide(part)))["moved"]
        ward.close()
        return moved

    @transaction.atomic
    def _decide(self, ids: Sequence[int]) -> int:
        """Decide one chunk: what does not stand as its row was read is left to whoever changed it."""
        tasks = [task for task in standings(ids) if task.status in WORKABLE]
        wanted = self.steps.wanted(tasks)
        load = self._load(wanted.values())
        burden, forecast = Counter(load), Counter(load)
        moves: dict[int, _Move] = {}
        for task in tasks:
            counted = forecast if task.is_planned else burden
            choice = self._choice(task, wanted[task.id], counted)
            if choice is None:
                continue
            counted.update([choice.assignee] if choice.assignee else [])
            if (move := _Move(task, choice)).changes:
                moves[task.id] = move
        moved = place([move.place for move in moves.values()], now=self.now)
        self._log(move for pk, move in moves.items() if pk in moved)
        return len(moved)

    def _choice(self, task: Standing, wanted: Wanted, load: Counter[int]) -> Choice | None:
        """Return whose the task is now; None where whoever has it goes on."""
        if task.settled and task.assignee is not None:
            return self._relief(task, wanted, load)
        choice = choose(wanted, self.workforce, load=load, on=task.opens_on)
        if task.is_planned or self._is_here(choice.assignee, task):
            return choice
        # Since the opening they fell away, or somebody came: what was decided then is looked at as of today.
        return choose(wanted, self.workforce, load=load, on=self._today(task))

    def _relief(self, task: Standing, wanted: Wanted, load: Counter[int]) -> Choice | None:
        """Return who stands in for whoever has the task; what is planned waits for its opening unless they left."""
        on = task.opens_on if task.is_planned else self._today(task)
        stays = self._is_here(task.assignee, task) or task.is_planned or task.is_being_worked_on(now=self.now)
        if stays and not self.workforce.is_gone(task.assignee or 0, on=on):
            return None
        return choose(replace(wanted, holder=task.assignee), self.workforce, load=load, on=on)

    def _is_here(self, employee: int | None, task: Standing) -> bool:
        return employee is not None and self.workforce.at_work(employee, on=self._today(task))

    def _today(self, task: Standing) -> date:
        return local_day(self.now, task.timezone)

    def _load(self, wanted: Iterable[Wanted]) -> dict[int, int]:
        """Return how many open tasks each person has for good, where a role is to be shared out."""
        if not any(person.kind in ("role", "staff") for want in wanted for person in want.persons):
            return {}
        open_tasks = VisitTask.objects.open().filter(assignee__isnull=False)
        burden = _per_person(open_tasks)
        burden.subtract(_per_person(open_tasks.filter(settled=False)))
        return burden

    def _log(self, moves: Iterable[_Move]) -> None:
        deeds = [move.deed for move in moves if move.is_told]
        activity.log_many(now=self.now, actor=self.actor, model=VisitTask, deeds=deeds)


def _per_person(tasks: QuerySet[VisitTask]) -> Counter[int]:
    return Counter(dict(tasks.order_by().values_list("assignee").annotate(count=Count("pk"))))
