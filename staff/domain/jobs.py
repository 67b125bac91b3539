"""Running what is due: the table of jobs, a ledger row per job and business moment, catch-up in order.

Beat only rings; losing or doubling a ring changes nothing but the delay (RELIABILITY 0.1, 1–5). A daily job runs once
for each business day, the missed ones first, each with its own day; a job of every tick looks at the database and does
what it finds. The ledger saves work and shows what happened; what makes a repetition harmless are the keys.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Case, F, Max, QuerySet, Value, When
from django.db.models.functions import Least
from django.utils.module_loading import import_string

from config.logs import about
from config.redacting import error_words
from config.wiring import HANDOVERS, JOBS, Job
from staff.choices import JobState
from staff.models import JobRun

logger = logging.getLogger(__name__)
GIVEN_UP = timedelta(minutes=10)  # a run that has not ended by then died with its process
AGAIN = "again"  # what a job counts that has more to do at once
DAYS_BACK = 400  # how far a standstill is caught up
# How long the failed run of a day's job rests after the first, second, … try.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (0, 0, 0, 5, 10, 20, 40, 60))
MOST_ATTEMPTS = 30_000  # what the column holds


@dataclass
class TickReport:
    """What one tick did: results by job, and what failed with its reason."""

    done: dict[str, Counter[str]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    @property
    def again(self) -> bool:
        """Say whether a job has stopped in the middle of its work, to let others have their turn."""
        return any(result[AGAIN] for result in self.done.values())


def run_due(*, now: datetime) -> TickReport:
    """Run every job that is due at `now`, missed business days in order; safe to repeat at any time.

    The nights judge what the days have brought in, so what waits is done before them, and what they made after them.
    """
    report = TickReport()
    _sweep_all(report, now=now)
    owed = list(due_days(now=now))
    for due_at, job in owed:
        _run(job, due_at, report, now=now)
    if owed:
        _sweep_all(report, now=now)
    return report


def run_waiting(*, now: datetime) -> TickReport:
    """Run the jobs of every tick at once, for who has just brought work in; what fails here the next tick does."""
    report = TickReport()
    _sweep_all(report, now=now)
    return report


def _sweep_all(report: TickReport, *, now: datetime) -> None:
    """Run the jobs of every tick; the ledger row of each is the business day's and adds up what was done in it."""
    sweeps = [job for job in JOBS if job.at is None]
    due_at = datetime.combine(_local(now).date(), datetime.min.time(), ZoneInfo(settings.TIME_ZONE))
    begun = set(JobRun.objects.filter(due_at=due_at).values_list("job", flat=True))
    for job in sweeps:
        if job.name not in begun:
            started = {"state": JobState.RUNNING, "started_at": now}
            JobRun.objects.get_or_create(job=job.name, due_at=due_at, defaults=started)
        _finish(job, due_at, report, partial(import_string(job.run), now=now), now=now)


def hand_over(name: str, **facts: Any) -> None:
    """Call what follows `name` across apps, in the order of the table, in the caller's transaction."""
    for path in HANDOVERS[name]:
        import_string(path)(**facts)


def due_days(*, now: datetime) -> Iterator[tuple[datetime, Job]]:
    """Yield what daily jobs owe, oldest business day first, within a day in the order of the table."""
    daily = [job for job in JOBS if job.at]
    runs = JobRun.objects.order_by().filter(job__in=[job.name for job in daily])
    done = dict(runs.filter(state=JobState.DONE).values_list("job").annotate(newest=Max("due_at")))
    undone: defaultdict[str, set[datetime]] = defaultdict(set)
    for name, due_at in runs.filter(due_at__lte=now).exclude(state=JobState.DONE).values_list("job", "due_at"):
        undone[name].add(due_at)
    owed = [
        (due_at, place, job)
        for place, job in enumerate(daily)
        for due_at in owed_since(job, done.get(job.name), undone[job.name], now=now)
    ]
    for due_at, _place, job in sorted(owed, key=lambda one: one[:2]):
        yield due_at, job


def owed_since(job: Job, done_for: datetime | None, undone: set[datetime], *, now: datetime) -> list[datetime]:
    """Return the moments for which a day's job is not done, oldest first; one that never ran owes its last one only.

    `done_for` is the newest moment that it is done for, `undone` are those that were begun without success.
    """
    newest = _latest(job, now=now)
    if done_for is None:
        return sorted(undone | {newest})
    if not job.each_day:
        return [newest] if newest > done_for or newest in undone else []
    oldest = max(_local(done_for).date() + timedelta(1), _local(newest).date() - timedelta(DAYS_BACK))
    days = (_local(newest).date() - oldest).days + 1
    return sorted(undone | {_moment(oldest + timedelta(day), job) for day in range(days)})


def moment_after(job: Job, *, now: datetime) -> datetime:
    """Return when a day's job is due next."""
    return _moment(_local(_latest(job, now=now)).date() + timedelta(1), job)


def _latest(job: Job, *, now: datetime) -> datetime:
    today = _local(now).date()
    moment = _moment(today, job)
    return moment if moment <= now else _moment(today - timedelta(1), job)


def _moment(on: date, job: Job) -> datetime:
    return datetime.combine(on, job.at or datetime.min.time(), ZoneInfo(settings.TIME_ZONE))


def _local(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE))


def _run(job: Job, due_at: datetime, report: TickReport, *, now: datetime) -> None:
    """Run a daily job for its business day, unless it is done or being done."""
    if not _claim(job, due_at, now=now):
        return
    run = import_string(job.run)
    _finish(job, due_at, report, partial(run, now=now, on=_local(due_at).date()), now=now)


def _claim(job: Job, due_at: datetime, *, now: datetime) -> bool:
    """Take the run of that moment: a new row, or one that failed or whose process died."""
    try:
        with transaction.atomic():
            JobRun.objects.create(job=job.name, due_at=due_at, state=JobState.RUNNING, started_at=now)
        return True
    except IntegrityError:
        run = JobRun.objects.get(job=job.name, due_at=due_at)
        found = JobRun.objects.filter(pk=run.pk, state=run.state, attempts=run.attempts, started_at=run.started_at)
        again = {"state": JobState.RUNNING, "started_at": now, "attempts": min(run.attempts + 1, MOST_ATTEMPTS)}
        return _may_try(run, now=now) and bool(found.update(**again))


def _may_try(run: JobRun, *, now: datetime) -> bool:
    """Say whether a run may be taken up again: its process died, or it failed and its pause is over."""
    if run.state == JobState.RUNNING:
        return run.started_at <= now - GIVEN_UP
    pause = PAUSES[min(run.attempts, len(PAUSES)) - 1]
    return run.state == JobState.FAILED and (run.finished_at is None or abs(now - run.finished_at) >= pause)


def retry(name: str) -> int:
    """Let the failed runs of a job be tried at the next ring, whatever their pause; return how many there are."""
    return JobRun.objects.filter(job=name, state=JobState.FAILED).update(finished_at=None)


def _finish(job: Job, due_at: datetime, report: TickReport, run: Callable[[], Any], *, now: datetime) -> None:
    """Do the work and write down how it went; one job that fails stops no other."""
    row = JobRun.objects.filter(job=job.name, due_at=due_at)
    began = monotonic()
    try:
        with about(job=job.name):
            result = run()
    except Exception as error:  # whatever a job meets, the others go on and the ledger says what it was
        _fail(job, row, report, error, now=now, took_ms=_since(began))
    else:
        counts = Counter(result if isinstance(result, dict) else {"count": result})
        report.done[job.name] = report.done.get(job.name, Counter()) + counts
        before = Counter(row.values_list("result", flat=True).get()) if job.at is None else Counter()
        tried = {} if job.at else {"attempts": 1}
        row.update(state=JobState.DONE, finished_at=now, result=before + counts, took_ms=_since(began), **tried)


def _since(began: float) -> int:
    return round((monotonic() - began) * 1000)


def _fail(
    job: Job, row: QuerySet[JobRun], report: TickReport, error: Exception, *, now: datetime, took_ms: int
) -> None:
    """Write down how it failed; the sweeps of a day share a row, so what counts there are the failures in a row."""
    logger.exception("job %s failed", job.name)
    report.failed[job.name] = error_words(error)
    in_a_row = Case(When(state=JobState.FAILED, then=Least(F("attempts") + 1, MOST_ATTEMPTS)), default=Value(1))
    counted = {} if job.at else {"attempts": in_a_row}
    row.update(state=JobState.FAILED, finished_at=now, error=report.failed[job.name], took_ms=took_ms, **counted)
