"""The nine o'clock wave: many visits fall due and many are overdue within one minute, while people work.

All jobs of the program run as at each tick, until nothing waits any more. Meanwhile eight advisors ask the real server
for their workbench, again and again with the time of a look between.
"""

import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path

from django.db import connection
from django.db.models import Q

from benchmarks import web
from benchmarks.measuring import Figure
from benchmarks.world import DAYS, NOW, add_customers, add_events, add_tasks, found_company, settle_statistics
from staff.domain.jobs import run_due
from visits.choices import TaskStatus
from visits.models import VisitStep, VisitTask

SECONDS = {"postgresql": 300.0, "sqlite": 600.0}
AIM_SECONDS = 60.0
WEB_MS = 800.0
LOOK_SECONDS = 0.5  # between an answer and the next question
OPENS = Q(status=TaskStatus.PLANNED, opens_at__lte=NOW)
WAITS = OPENS | Q(status=TaskStatus.OPEN, assignee=None, pooled_at=None)


def measure(sizes: dict[str, int]) -> list[Figure]:
    """Let `rows` visits fall due, half of them new and half past their bound; return how long until all is done."""
    found_company()
    run_due(now=NOW - timedelta(minutes=1))  # what a new installation does once
    due = fall_due(sizes["rows"])
    over, found = threading.Event(), list[float]()
    with tempfile.TemporaryDirectory(prefix="hf-wave-") as folder, web.served("config.wsgi", Path(folder)) as port:
        cookies = [web.cookie(number) for number in range(1, web.CONNECTIONS + 1)]
        web.asked(port, "/", cookies, web.lasting(1.0))  # warms up
        people = threading.Thread(
            target=lambda: found.extend(web.asked(port, "/", cookies, lambda: not over.is_set(), LOOK_SECONDS))
        )
        people.start()
        try:
            spent = until_nothing_waits()
        finally:
            over.set()
            people.join()
    slow = sorted(found)[int(len(found) * 0.95)] * 1000
    size = f"{due:,} visits due at once, {connection.vendor}"
    return [
        Figure("nine o'clock wave, until nothing waits", spent, SECONDS[connection.vendor], "s", "≤ 1.0 ×", size),
        Figure("the same beside the aim", spent, AIM_SECONDS, "s", "≤ 1.0 ×", size),
        Figure("workbench meanwhile, slowest twentieth", slow, WEB_MS, "ms", "≤ 1.0 ×", f"{len(found):,} answers"),
    ]


def fall_due(count: int) -> int:
    """Add visits of which half open now, nobody's yet, and half have just passed their bound; return how many."""
    steps = VisitStep.objects.count()
    events = add_events(count // steps, add_customers(count // steps), waiting=False, days=DAYS)
    due = add_tasks(events)
    middle = events.start + len(events) // 2
    VisitTask.objects.filter(event__lt=middle).update(
        status=TaskStatus.PLANNED, opens_at=NOW, closes_at=NOW + timedelta(2), assignee=None, settled=False
    )
    VisitTask.objects.filter(event__gte=middle).update(
        status=TaskStatus.OPEN, opens_at=NOW - timedelta(2), closes_at=NOW - timedelta(seconds=1)
    )
    settle_statistics()
    return due


def until_nothing_waits() -> float:
    """Run the ticks of one minute after the other; return the seconds until all visits are open and somebody's."""
    began = time.perf_counter()
    for minute in range(60):
        report = run_due(now=NOW + timedelta(minutes=minute))
        if report.failed:
            raise SystemExit(f"jobs failed: {report.failed}")
        if not VisitTask.objects.filter(WAITS).exists():
            return time.perf_counter() - began
    raise SystemExit(f"{VisitTask.objects.filter(WAITS).count():,} visits still wait after an hour of ticks")
