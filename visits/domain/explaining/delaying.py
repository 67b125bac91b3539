"""What an outage made late: a visit that should have been seen while the program stood still (BEYOND A4).

A visit can be seen from its opening on, at the earliest from when its event was taken in. Where that moment fell into
an outage, it came up when the outage was over, and the time in between is held against nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from staff.domain.wording import bound_words, length_words, moment_words
from staff.models import JobRun, Outage
from visits.choices import TaskStatus
from visits.models import VisitTask

NEVER_SEEN: Final = (TaskStatus.PLANNED, TaskStatus.NOT_SAMPLED, TaskStatus.EXPIRED, TaskStatus.CANCELLED)


@dataclass(frozen=True)
class Delayed:
    """A visit that came up late: when it was due to be seen, and how much later it was."""

    task: VisitTask
    due_at: datetime
    late: timedelta

    @property
    def words(self) -> str:
        """Return how late it came, in words."""
        return length_words(self.late)

    @property
    def bound(self) -> str:
        """Return until when it was in time, in words."""
        return bound_words(self.task.closes_at, self.task.closes_inclusive)


def due_to_be_seen(task: VisitTask) -> datetime:
    """Return the moment from which the visit should have been seen."""
    return max(task.opens_at, task.event.taken_in_at)


def delayed_by(outage: Outage, among: QuerySet[VisitTask]) -> QuerySet[VisitTask]:
    """Keep the visits that should have been seen during the outage, first the one that came up first."""
    begun, over = outage.from_at, outage.to_at
    opened = Q(opens_at__gte=begun, opens_at__lt=over, event__taken_in_at__lt=over)
    taken_in = Q(event__taken_in_at__gte=begun, event__taken_in_at__lt=over, opens_at__lt=over)
    seen = among.exclude(status__in=NEVER_SEEN).filter(Q(pool=None) | Q(sampled=True))
    return seen.filter(opened | taken_in).order_by("opens_at", "pk")


def delays(outage: Outage, tasks: Iterable[VisitTask]) -> list[Delayed]:
    """Return how late each of the outage's visits came up."""
    return [Delayed(task, due_to_be_seen(task), outage.to_at - due_to_be_seen(task)) for task in tasks]


def days_caught_up(outage: Outage) -> list[JobRun]:
    """Return the work of a day whose moment fell into the outage, as it was made up afterwards."""
    missed = JobRun.objects.filter(due_at__gte=outage.from_at, due_at__lt=outage.to_at, started_at__gte=F("due_at"))
    return list(missed.filter(finished_at__gte=outage.to_at).order_by("due_at", "job"))


def delay_words(task: VisitTask) -> str:
    """Say why a visit came up late; nothing where no outage delayed it."""
    due_at = due_to_be_seen(task)
    outage = Outage.objects.filter(from_at__lte=due_at, to_at__gt=due_at).order_by("-to_at").first()
    if outage is None or task.status in NEVER_SEEN:
        return ""
    told = {
        "from": moment_words(outage.from_at),
        "to": moment_words(outage.to_at),
        "late": length_words(outage.to_at - due_at),
    }
    words = _(
        "It came up %(late)s late, because the program stood still from %(from)s to %(to)s: that is nobody's fault."
    )
    return words % told
