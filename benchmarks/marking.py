"""Marking what has come due: the job that opens 100,000 of 500,000 visits, beside one raw UPDATE of as many.

The job commits chunks, so that nobody waits for it on SQLite; the raw statement is one transaction. On a kept server it
works in a database of its own.
"""

from datetime import timedelta

from django.db import connection

from benchmarks.measuring import Figure, compared, in_turn
from benchmarks.world import DAYS, NOW, add_customers, add_events, add_tasks, found_company, settle_statistics
from visits.choices import TaskStatus
from visits.domain.planning.opening import open_due
from visits.models import VisitStep, VisitTask

RAW = "UPDATE visits_visittask SET status = 'open' WHERE status = 'planned' AND pool_id IS NULL AND opens_at <= %s"
MOST = 500_000
SHARE = 5  # one in so many falls due


def measure(sizes: dict[str, int]) -> list[Figure]:
    """Let a fifth of the visits fall due anew for each side of each round."""
    found_company()
    steps = VisitStep.objects.count()
    customers = add_customers(max(sizes["tasks"] // 50, 1))
    world = min(sizes["tasks"], MOST)
    events = add_events(world // steps, customers, waiting=False, days=DAYS)
    add_tasks(events)
    due = len(events) // SHARE * steps
    taken: dict[str, list[float]] = {"ours": [], "limit": []}
    for turn in range(sizes["rounds"]):
        sides = [("ours", lambda: open_due(now=NOW)), ("limit", mark_raw)]
        for name, deed in sides if turn % 2 == 0 else sides[::-1]:
            fall_due(events, due)
            taken[name] += in_turn(1, deed=deed)["deed"]
            if VisitTask.objects.filter(status=TaskStatus.PLANNED).exists():
                raise SystemExit("not everything that is due was marked")
    size = f"{due:,} of {world:,} tasks, {connection.vendor}"
    return [compared("marking what is due, in committed chunks", taken, target="≥ 0.6 ×", sizes=size, rows=due)]


def fall_due(events: range, due: int) -> None:
    """Let all visits be done but those of a fifth of the events, which open now."""
    share = VisitTask.objects.filter(event__lt=events.start + len(events) // SHARE)
    share.update(status=TaskStatus.PLANNED, opens_at=NOW - timedelta(minutes=1), closes_at=NOW + timedelta(2))
    if share.count() != due:
        raise SystemExit("the share of what is due is another one")
    settle_statistics()


def mark_raw() -> None:
    """Mark all of them by one statement."""
    with connection.cursor() as cursor:
        cursor.execute(RAW, [NOW])
