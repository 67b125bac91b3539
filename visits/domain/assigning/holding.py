"""Who had a task at a moment, from the lines of activity: a figure is of whom it was at the bound (F37, T19)."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from staff.models import Activity
from visits.models import VisitTask

GIVEN = ("assigned", "moved", "pooled", "reassigned", "taken")


def holders_at(tasks: Iterable[int], moment: datetime) -> dict[int, int | None]:
    """Return who had each of these tasks at `moment`: None for one that lay in a pool. Two queries.

    What was moved later does not change it; a task that was never moved is of whoever has it.
    """
    return held_at(dict.fromkeys(tasks, moment))


def held_at(moments: Mapping[int, datetime]) -> dict[int, int | None]:
    """Return who had each task at its own moment, as `holders_at` does; two queries however many there are."""
    found: dict[int, int | None] = dict(VisitTask.objects.filter(pk__in=list(moments)).values_list("pk", "assignee"))
    lines = Activity.objects.filter(subject_type="visittask", subject_id__in=list(found), verb__in=GIVEN)
    settled: set[int] = set()
    for task, at, data in lines.order_by("-id").values_list("subject_id", "at", "data"):
        if task is None or task in settled:
            continue
        if at <= moments[task]:
            settled.add(task)
            found[task] = data.get("to")
        else:
            found[task] = data.get("from")
    return found
