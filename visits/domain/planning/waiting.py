"""What waits for the scheduler, and for how long: events without their visits, visits that should be open."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Max, Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from staff.choices import JobState
from staff.domain.checking import Finding, Level
from staff.domain.installation import Backlog
from staff.models import JobRun
from visits.choices import TaskStatus
from visits.models import ServiceEvent, VisitTask

PATIENCE: Final = timedelta(minutes=10)


def backlogs(*, now: datetime) -> list[Backlog]:
    """Return all work that waits for the next ring; each count reads a partial index."""
    drawn = Q(pool=None) | Q(sampled=True)
    to_open = VisitTask.objects.filter(drawn, status=TaskStatus.PLANNED, opens_at__lte=now)
    undecided = VisitTask.objects.filter(settled=False, status=TaskStatus.OPEN)
    events = ServiceEvent.objects.filter(needs_planning=True)
    return [
        _since_planned(_backlog("events", _("Events without their visits"), events, "changed_at")),
        _backlog("to_open", _("Visits to open"), to_open, "opens_at"),
        _backlog("to_assign", _("Opened visits to give to people"), undecided, "opens_at"),
    ]


def _backlog(what: str, title: str, rows: Any, since: str) -> Backlog:
    found = rows.aggregate(count=Count("pk"), since=Min(since))
    return Backlog(what, title, found["count"], found["since"])


def _since_planned(events: Backlog) -> Backlog:
    """Count from the last planning at the earliest: it left nothing waiting, however old the events are themselves."""
    done = JobRun.objects.filter(job="plan_events", state=JobState.DONE).aggregate(at=Max("finished_at"))["at"]
    since = max(filter(None, (events.since, done)), default=None) if events.count else None
    return Backlog(events.what, events.title, events.count, since)


def work_waiting(*, now: datetime) -> Iterator[Finding]:
    """Find work that has waited for more than ten minutes (a check)."""
    events, to_open, _undecided = backlogs(now=now)
    late = [backlog for backlog in (events, to_open) if backlog.lag(now=now) > PATIENCE]
    if not late:
        yield Finding(Level.OK, "work", _("No work waits longer than it should."))
    mend = _("It is done with the next rings. If it stays, look at the scheduler and at the jobs.")
    for backlog in late:
        minutes = int(backlog.lag(now=now).total_seconds() // 60)
        yield Finding(Level.WARNING, f"work.{backlog.what}", _words(backlog) % {
            "count": backlog.count, "minutes": minutes}, mend)  # fmt: skip


def _words(backlog: Backlog) -> str:
    if backlog.what == "events":
        return ngettext(
            "%(count)d event has waited for its visits for %(minutes)d minutes.",
            "%(count)d events have waited for their visits, the oldest for %(minutes)d minutes.",
            backlog.count,
        )
    return ngettext(
        "%(count)d visit should have opened %(minutes)d minutes ago.",
        "%(count)d visits should have opened, the oldest %(minutes)d minutes ago.",
        backlog.count,
    )
