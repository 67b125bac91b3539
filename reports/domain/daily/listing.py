"""Which tasks somebody had open at a moment, also when it is asked hours later (DECISIONS 34).

A task is open from its opening, once it was made, until it ended: by the contact that ended it, as the server took it
in, or by whatever else closed it. One whose number turned out wrong still waits for its holder. It is of whoever had it
at that moment; what lay in a pool is nobody's.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db.models import Exists, Q, QuerySet

from staff.models import Activity
from visits.choices import RecordKind, TaskStatus
from visits.domain.assigning.holding import holders_at
from visits.models import RecordTask, VisitTask
from visits.models.scope import one_by_one

CHUNK: Final = 2_000
NOT_ENDED: Final = (TaskStatus.PLANNED, TaskStatus.OPEN, TaskStatus.INVALID_NUMBER)
ENDED: Final = (TaskStatus.DONE, TaskStatus.REFUSED, TaskStatus.UNREACHABLE, TaskStatus.CANCELLED)
LET_GO: Final = "unwanted"  # the line of a task that its customer refused


def open_by_holder(policy: int, *, moment: datetime) -> dict[int, list[int]]:
    """Return the tasks of a policy that each person had open at `moment`, by person, in the order of their ids."""
    ids = list(open_at(policy, moment=moment).order_by("pk").values_list("pk", flat=True))
    found: dict[int, list[int]] = defaultdict(list)
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        for task, holder in sorted(holders_at(chunk, moment).items()):
            if holder is not None:
                found[holder].append(task)
    return dict(found)


def open_at(policy: int, *, moment: datetime) -> QuerySet[VisitTask]:
    """Return the tasks of a policy that were open at `moment`, whatever became of them since."""
    drawn = Q(pool=None) | Q(sampled=True)
    born = VisitTask.objects.filter(drawn, release__policy=policy, opens_at__lte=moment, created_at__lte=moment)
    # One query for each reason, joined by ids: asked together, every task there ever was would be looked at.
    return born.filter(
        pk__in=VisitTask.objects.order_by().filter(status__in=NOT_ENDED).values("pk").union(*_ended_since(moment))
    )


def _ended_since(moment: datetime) -> Iterator[QuerySet]:
    """Yield the ids of what has ended since: by a contact, by the wish of its customer, by anything else."""
    links = RecordTask.objects.filter(record__logged_at__gt=moment, record__kind=RecordKind.CONTACT)
    contacts = links.exclude(record__superseded_by__kind=RecordKind.VOID).order_by().values("task")
    lines = Activity.objects.filter(subject_type="visittask", subject_id__isnull=False, verb=LET_GO, at__gt=moment)
    ended = VisitTask.objects.order_by().filter(status__in=ENDED)
    yield ended.filter(pk__in=contacts).values("pk")
    yield ended.filter(pk__in=lines.values("subject_id")).values("pk")
    own = RecordTask.objects.filter(**one_by_one("task", "pk"))
    yield ended.filter(~Exists(own), completed_at__gt=moment).values("pk")


def contacted(tasks: Sequence[int], *, since: datetime, until: datetime) -> frozenset[int]:
    """Return which of the tasks had a contact that was logged in [`since`, `until`) and stands."""
    found: set[int] = set()
    for start in range(0, len(tasks), CHUNK):
        links = RecordTask.objects.filter(
            task__in=tasks[start : start + CHUNK], record__logged_at__gte=since, record__logged_at__lt=until
        )
        standing = links.exclude(record__kind=RecordKind.VOID).filter(record__superseded_by=None)
        found.update(standing.values_list("task", flat=True))
    return frozenset(found)


def joined(days: Iterable[Mapping[int, list[int]]]) -> dict[int, list[int]]:
    """Return by person all tasks that were open at 00:00 of one of several days."""
    found: dict[int, set[int]] = defaultdict(set)
    for day in days:
        for person, tasks in day.items():
            found[person].update(tasks)
    return {person: sorted(tasks) for person, tasks in found.items()}
