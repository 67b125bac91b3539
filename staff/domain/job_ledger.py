"""How each periodic job stands: when it ran last and how, when it runs next, what it owes, how often it failed."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext, gettext_noop

from config import wiring
from config.wiring import Job
from staff.choices import JobState
from staff.domain.jobs import moment_after, owed_since
from staff.models import JobRun

GRACE: Final = timedelta(minutes=15)  # so long a day's job may be at work, or wait for another, before it is late
TICK: Final = timedelta(seconds=settings.TICK_SECONDS)
PARTS: Final = {"draw": gettext_noop("Draw samples")}  # of jobs, that keep their own rows apart


@dataclass(frozen=True)
class JobStanding:
    """One job as of a moment.

    `last` is its newest run; `owed` are the moments of a day's job that it is not done for, oldest first; `failures`
    counts the tries in a row without success, `error` says how the last of them ended.
    """

    job: Job
    last: JobRun | None = None
    succeeded_at: datetime | None = None
    next_at: datetime | None = None
    owed: tuple[datetime, ...] = ()
    failures: int = 0
    error: str = ""
    late: bool = False

    @property
    def title(self) -> str:
        """Return what people call the job."""
        return title_of(self.job.name)

    @property
    def last_at(self) -> datetime | None:
        """Return when the newest run ended, or began where it is not over."""
        return (self.last.finished_at or self.last.started_at) if self.last else None


def title_of(name: str) -> str:
    """Return what people call a job, or a part of one; its name where it has no title."""
    titles = {job.name: job.title for job in wiring.JOBS} | PARTS
    return gettext(titles[name]) if titles.get(name) else name


def standings(*, now: datetime) -> list[JobStanding]:
    """Return how every job of the table stands, in its order; three queries."""
    names = [job.name for job in wiring.JOBS]
    runs = JobRun.objects.filter(job__in=names)
    done = runs.filter(state=JobState.DONE).values_list("job").annotate(Max("due_at"), Max("finished_at"))
    through = {name: (due_at, finished_at) for name, due_at, finished_at in done}
    undone: defaultdict[str, list[JobRun]] = defaultdict(list)
    for run in runs.exclude(state=JobState.DONE).order_by("due_at"):
        undone[run.job].append(run)
    newest = runs.values_list("job").annotate(Max("due_at")).values_list("job", "due_at__max")
    last = {run.job: run for run in runs.filter(due_at__in={due_at for _name, due_at in newest}).order_by("due_at")}
    return [_standing(job, last.get(job.name), *through.get(job.name, (None, None)), undone[job.name], now=now)
            for job in wiring.JOBS]  # fmt: skip


def _standing(
    job: Job, last: JobRun | None, done_for: datetime | None, succeeded_at: datetime | None, undone: list[JobRun],
    *, now: datetime,
) -> JobStanding:  # fmt: skip
    worst = max((run for run in undone if run.state == JobState.FAILED), key=lambda run: run.attempts, default=None)
    owed = owed_since(job, done_for, {run.due_at for run in undone}, now=now) if job.at and last else []
    return JobStanding(
        job,
        last,
        succeeded_at,
        next_at=_next(job, last, now=now),
        owed=tuple(owed),
        failures=worst.attempts if worst else 0,
        error=worst.error if worst else "",
        late=bool(owed) and now - owed[0] > GRACE,
    )


def _next(job: Job, last: JobRun | None, *, now: datetime) -> datetime | None:
    if job.at:
        return moment_after(job, now=now)
    return last.finished_at + TICK if last and last.finished_at else None
