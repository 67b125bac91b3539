"""What assigning must know of tasks: how they stand, and what their step, event and customer say about people."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from config.clock import local_day
from config.packs.rule import StepSpec
from staff.domain.workforce import Post
from visits.choices import CASES, TaskStatus
from visits.domain.assigning.choosing import WRITTEN_ON_EVENT, Wanted, written_on
from visits.models import ReleasedStep, ServiceEvent, VisitTask

COLUMNS = {
    "id": "id",
    "status": "status",
    "assignee": "assignee_id",
    "settled": "settled",
    "role": "role",
    "pooled_at": "pooled_at",
    "opens_at": "opens_at",
    "branch": "branch_id",
    "of_department": "department__branch_id",
    "department": "department_id",
    "event": "event_id",
    "source": "event__source",
    "advisor": "event__advisor_id",
    "owner": "customer__owner_id",
    "area": "customer__area",
    "release": "release_id",
    "step": "step_id",
    "timezone": "release__policy__timezone",
    "leased_by": "leased_by_id",
    "leased_until": "leased_until",
}


class Standing(NamedTuple):
    """One task as assigning sees it, read in the transaction that decides it."""

    id: int
    status: str
    assignee: int | None
    settled: bool
    role: str
    pooled_at: datetime | None
    opens_at: datetime
    branch: int | None
    of_department: int | None
    department: int | None
    event: int
    source: str
    advisor: int | None
    owner: int | None
    area: str
    release: int
    step: int
    timezone: str
    leased_by: int | None
    leased_until: datetime | None

    @property
    def is_planned(self) -> bool:
        """Whether the task has not opened, so that its person is a provisional one."""
        return self.status == TaskStatus.PLANNED

    @property
    def opens_on(self) -> date:
        """Return the policy's local day of the opening."""
        return local_day(self.opens_at, self.timezone)

    def is_being_worked_on(self, *, now: datetime) -> bool:
        """Say whether its own person has it before them at this moment."""
        held = self.leased_by is not None and self.leased_by == self.assignee
        return held and self.leased_until is not None and self.leased_until > now


def standings(ids: Sequence[int]) -> list[Standing]:
    """Return how these tasks stand, in the order of `ids`, by one query."""
    rows = VisitTask.objects.filter(pk__in=ids).order_by().values_list(*COLUMNS.values())
    found = {row[0]: Standing(*row) for row in rows}
    return [found[pk] for pk in ids if pk in found]


class StepBook:
    """The steps of the releases that tasks come from; a release never changes, so each is read once."""

    def __init__(self) -> None:
        self._specs: dict[tuple[int, int], StepSpec] = {}

    def wanted(self, tasks: Iterable[Standing]) -> dict[int, Wanted]:
        """Return for each task what its step wants of a caller, by at most two queries for all of them."""
        tasks = list(tasks)
        self._learn({(task.release, task.step) for task in tasks})
        written = self._written(tasks)
        return {task.id: self._wanted(task, written.get(task.event, {})) for task in tasks}

    def spec(self, task: Standing) -> StepSpec:
        """Return the step of the task as its release froze it; `wanted` has read it."""
        return self._specs[task.release, task.step]

    def _learn(self, keys: set[tuple[int, int]]) -> None:
        missing = keys - self._specs.keys()
        if not missing:
            return
        rows = ReleasedStep.objects.filter(
            rule__release__in={release for release, _step in missing}, step__in={step for _release, step in missing}
        ).values_list("rule__release_id", "step_id", "spec")
        for release, step, spec in rows:
            self._specs[release, step] = StepSpec.from_json(spec)

    def _written(self, tasks: Sequence[Standing]) -> dict[int, Mapping[str, str]]:
        """Return what events say about people, of those events whose step asks for it and of all about cases."""
        asking = {task.event for task in tasks if task.source == CASES or asks_event(self.spec(task))}
        if not asking:
            return {}
        rows = ServiceEvent.objects.filter(pk__in=asking).values_list("pk", "attributes")
        return {pk: written_on(said) for pk, said in rows}

    def _wanted(self, task: Standing, written: Mapping[str, str]) -> Wanted:
        spec = self.spec(task)
        return Wanted(
            persons=spec.assign,
            exclude=spec.exclude,
            needs=spec.needs,
            advisor=task.advisor,
            owner=task.owner,
            area=task.area,
            unit=Post(task.branch or task.of_department, task.department),
            written=written,
        )


def asks_event(spec: StepSpec) -> bool:
    """Say whether the step names somebody whom only the event's further data tell."""
    return any(person.kind in WRITTEN_ON_EVENT for person in (*spec.assign, *spec.exclude, *spec.joint))
