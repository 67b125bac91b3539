"""What it costs that the database notes touched days itself: planning and saving with its triggers and without.

The triggers (`reports.touching`) are taken away by their own SQL and put back, in turn, within one run.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle

from django.db import connection

from benchmarks.measuring import Figure, compared, seconds
from benchmarks.saving import CALLS, save_calls
from benchmarks.world import DAYS, NOW, add_customers, add_events, add_tasks, found_company, settle_statistics
from reports.touching import WATCHED
from staff.models import Employee
from visits.domain.planning.events import plan_events
from visits.models import VisitStep

EVENTS = 3000
ALLOWED = 1.2  # what noting a day may add


def measure(sizes: dict[str, int]) -> list[Figure]:
    """Plan a day's events and save calls in each round, with the triggers and without."""
    found_company()
    steps = VisitStep.objects.count()
    customers = add_customers(max(sizes["tasks"] // 10, EVENTS))
    tasks = add_tasks(add_events(sizes["tasks"] // steps, customers, waiting=False, days=DAYS))
    settle_statistics()
    people = cycle(Employee.objects.filter(username__startswith="advisor").order_by("pk"))  # nobody runs out of work

    def plan() -> Callable[[], object]:
        add_events(EVENTS, customers, waiting=True)
        return lambda: plan_events(now=NOW)

    def save() -> Callable[[], object]:
        person = next(people)
        return lambda: save_calls(person)

    planned, saved = compare(plan, sizes["rounds"]), compare(save, sizes["rounds"] * 3)
    each = {side: [spent / CALLS for spent in found] for side, found in saved.items()}
    target, world = f"≤ {ALLOWED} ×", f"world of {tasks:,} tasks; limit: without the triggers"
    return [
        compared("planning with the triggers", planned, target=target, sizes=f"{EVENTS * steps:,} tasks, {world}"),
        compared("saving a call with the triggers", each, target=target, sizes=f"one call, {world}"),
    ]


def compare(prepare: Callable[[], Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Do what `prepare` yields with the triggers and without, by turns; the first round warms caches up."""
    taken: dict[str, list[float]] = {"ours": [], "limit": []}
    for turn in range(rounds + 1):
        for side in ("ours", "limit") if turn % 2 else ("limit", "ours"):
            deed = prepare()
            if side == "ours":
                spent = seconds(deed)
            else:
                with without_triggers():
                    spent = seconds(deed)
            if turn:
                taken[side].append(spent)
    return taken


@contextmanager
def without_triggers() -> Iterator[None]:
    """Let the database note nothing meanwhile."""
    names = [(table, f"{table}_touch_{deed}") for table in WATCHED for deed in ("insert", "update", "delete")]
    with connection.cursor() as cursor:
        for table, name in names:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
        yield
        for table, name in names:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {name}")
