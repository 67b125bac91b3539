"""Planning on SQLite beside `executemany` of the very rows that it makes."""

from django.db import connection, transaction

from benchmarks import raw
from benchmarks.measuring import Figure, compared, in_turn
from benchmarks.world import NOW, add_customers, add_events, found_company, settle_statistics
from visits.domain.planning.events import plan_events
from visits.models import VisitStep, VisitTask

INSERT = f"INSERT INTO visits_visittask ({raw.COLUMNS}) VALUES ({', '.join('?' * len(raw.COLUMNS.split(',')))})"


def measure(sizes: dict[str, int]) -> list[Figure]:
    """Plan a share of the events in each round; rows for as many others are ready in memory."""
    found_company()
    rounds, steps = sizes["rounds"], VisitStep.objects.count()
    share = max(sizes["events"] // rounds, 1)
    customers = add_customers(share)
    settle_statistics()
    taken: dict[str, list[float]] = {"ours": [], "limit": []}
    for _ in range(rounds):
        rows = ready_rows(add_events(share, customers, waiting=False, days=20))
        add_events(share, customers, waiting=True, days=20)
        now = in_turn(1, ours=lambda: plan_events(now=NOW), limit=lambda ready=rows: insert_rows(ready))
        for name, spent in now.items():
            taken[name] += spent
    if VisitTask.objects.count() != 2 * rounds * share * steps:
        raise SystemExit("not every task was made")
    size = f"{rounds} × {share:,} events × {steps} steps"
    return [compared("planning tasks, SQLite", taken, target="≥ 0.5 ×", sizes=size, rows=share * steps)]


def ready_rows(events: range) -> list[tuple]:
    """Return the rows of the tasks of these events."""
    with connection.cursor() as cursor:
        cursor.execute(raw.rows_sql(), [events.start, events.stop - 1])
        return cursor.fetchall()


def insert_rows(rows: list[tuple]) -> None:
    """Insert them by the driver itself."""
    with transaction.atomic():
        connection.connection.cursor().executemany(INSERT, rows)
