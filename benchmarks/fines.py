"""Fines that are found at once: hundreds of visits pass their bound together, while somebody else writes.

Beside the seconds it counts what each fine costs the database, and how long a writer waited at most: SQLite lets one
write at a time, PostgreSQL lets deeds on the ledger wait for each other alone.
"""

import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path

from django.db import connection

from benchmarks.measuring import Figure
from benchmarks.world import NOW, PACK, add_customers, add_events, add_tasks, found_company, settle_statistics
from staff.domain.activity import log
from staff.domain.conduct.detecting import find_violations
from staff.domain.jobs import run_due
from staff.models import Violation
from visits.choices import TaskStatus
from visits.models import VisitStep, VisitTask

FINES = 800
LOOKED = NOW + timedelta(hours=1)  # nobody is judged for what was before the company began
SECONDS = 30.0
WAIT_MS = 2000.0
PAUSE_SECONDS = 0.02  # between a write of the other one and the next
OVERDUE = '\n[[penalty]]\ncode = "overdue"\nviolation = "visit_overdue"\ntiers = [20, 50, 100]\n'


def measure(sizes: dict[str, int]) -> list[Figure]:
    """Let visits pass their bound; return how long their fines took, their statements, and the longest other write."""
    del sizes
    fall_past_bound()
    over, waits, statements = threading.Event(), list[float](), [0]

    def count(execute, sql, params, many, context):
        statements[0] += 1
        return execute(sql, params, many, context)

    other = threading.Thread(target=lambda: waits.extend(written(over)))
    other.start()
    began = time.perf_counter()
    try:
        with connection.execute_wrapper(count):
            find_violations(now=LOOKED)
    finally:
        spent = time.perf_counter() - began
        over.set()
        other.join()
    found = Violation.objects.filter(state="proposed").count()
    if found != FINES:
        raise SystemExit(f"{found} fines were found, not {FINES}")
    size = f"{FINES} fines at once, {connection.vendor}"
    return [
        Figure(
            "fines found at once",
            spent,
            SECONDS,
            "s",
            "≤ 1.0 ×",
            f"{size}, {statements[0] / FINES:.1f} statements each",
        ),
        Figure(
            "another write meanwhile, the slowest",
            max(waits) * 1000,
            WAIT_MS,
            "ms",
            "≤ 1.0 ×",
            f"{len(waits):,} writes",
        ),
    ]


def fall_past_bound() -> None:
    """Found a company that fines what is overdue, with visits that have just passed their bound."""
    with tempfile.TemporaryDirectory(prefix="hf-fines-") as folder:
        pack = Path(folder) / "company.toml"
        pack.write_text(PACK.read_text() + OVERDUE)
        found_company(pack)
    run_due(now=NOW)  # what a new installation does once
    events = FINES // VisitStep.objects.count()
    add_tasks(add_events(events, add_customers(events), waiting=False))
    VisitTask.objects.update(
        status=TaskStatus.OPEN, opens_at=NOW - timedelta(2), closes_at=LOOKED - timedelta(seconds=1), settled=True
    )
    settle_statistics()


def written(over: threading.Event) -> list[float]:
    """Write one line after the other until it is over; return the seconds of each."""
    spent = []
    try:
        while not over.is_set():
            began = time.perf_counter()
            log(now=NOW, actor=None, verb="looked")
            spent.append(time.perf_counter() - began)
            over.wait(PAUSE_SECONDS)
    finally:
        connection.close()
    return spent
