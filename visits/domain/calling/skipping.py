"""Putting a task to the back of the queue: for a reason, so many times a day, and never what was promised (UX).

The customer's other visits in the same hands go with it: whoever cannot be called now cannot be called about them
either. What is skipped comes back by itself on the next day, and before that when nothing else is left.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from staff.domain.activity import log
from staff.domain.calendar import day_start, local_date
from staff.models import Activity, Employee
from visits.choices import SkipReason, TaskStatus
from visits.domain.contact.masking import mask_in_text
from visits.models import VisitTask

SKIPPED: Final = "task_skipped"
LONGEST_NOTE: Final = 200


class CannotSkip(Exception):
    """The task stays where it is; the text says why, and what can be done instead."""


@dataclass(frozen=True)
class Skipped:
    """How many skips the person has had today, and how many there may be."""

    count: int
    limit: int


@transaction.atomic
def skip(task: VisitTask, employee: Employee, *, reason: str, note: str = "", now: datetime) -> Skipped:
    """Put the task, with the customer's others in the same hands, behind the queue of the day; raises `CannotSkip`."""
    note = mask_in_text(note.strip())[:LONGEST_NOTE]
    _check_told(reason, note)
    if task.call_back_at is not None:
        raise CannotSkip(_("This call was promised. Make it, or agree on another time with outcome 7."))
    Employee.objects.select_for_update(no_key=True).get(pk=employee.pk)  # two at once are counted one by one
    before = skips_today(employee, now=now)
    limit = settings.SKIPS_A_DAY
    if before >= limit:
        raise CannotSkip(_("You have skipped %(count)d calls today; more are not possible.") % {"count": limit})
    free = Q(leased_until=None) | Q(leased_until__lte=now) | Q(leased_by=employee)
    waiting = VisitTask.objects.filter(
        free, customer=task.customer_id, assignee=employee, status=TaskStatus.OPEN, call_back_at=None
    )
    moved = list(waiting.order_by("pk").values_list("pk", flat=True))
    if task.pk not in moved:
        raise CannotSkip(_("Only an open task of your own that nobody else works on can be skipped."))
    waiting.filter(pk__in=moved).update(skipped_at=now, leased_by=None, leased_until=None)
    log(now=now, actor=employee, verb=SKIPPED, subject=task, reason=reason, note=note, tasks=moved)
    return Skipped(before + 1, limit)


def skips_today(employee: Employee, *, now: datetime) -> int:
    """Return how many times the person has skipped a call on the local day of `now`."""
    zone = ZoneInfo(settings.TIME_ZONE)
    today = Activity.objects.filter(actor=employee, verb=SKIPPED, at__gte=day_start(local_date(now, zone), zone))
    return today.count()


def last_skip(task: VisitTask) -> Activity | None:
    """Return the line of the task's last skip, while the task still lies where it put it."""
    if task.skipped_at is None:
        return None
    lines = Activity.objects.filter(subject_type="visittask", subject_id=task.pk, verb=SKIPPED)
    return lines.select_related("actor").order_by("-id").first()


def _check_told(reason: str, note: str) -> None:
    if reason not in SkipReason.values:
        raise CannotSkip(_("Say why this call is skipped."))
    if reason == SkipReason.OTHER and not note:
        raise CannotSkip(_("Say in a few words why this call is skipped."))
