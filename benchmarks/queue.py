"""The first fifty rows of a person's queue, in a small world and in a big one, beside a raw prepared join."""

from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connection

from benchmarks.measuring import Figure, in_turn
from benchmarks.world import DAYS, NOW, add_customers, add_events, add_tasks, found_company, settle_statistics
from staff.models import Employee
from visits.domain.finding.queueing import counts, queue
from visits.models import VisitStep

ROWS = 50
SMALL = 100_000
REPEATS = 40
JOIN = """
SELECT t.id, t.closes_at, t.priority, c.name, n.number, e.order_no, s.title
FROM visits_visittask t
JOIN visits_customer c ON c.id = t.customer_id
JOIN visits_serviceevent e ON e.id = t.event_id
JOIN visits_visitstep s ON s.id = t.step_id
LEFT JOIN visits_contactnumber n ON n.customer_id = c.id AND n.is_primary AND n.valid_until IS NULL
WHERE t.assignee_id = %s AND t.status = 'open' AND t.urgency = 'c'
ORDER BY t.closes_at, t.id LIMIT 50
"""


def measure(sizes: dict[str, int]) -> list[Figure]:
    """Measure at 100,000 tasks, then let the world grow and measure again."""
    found_company()
    small = measured(grow(min(SMALL, sizes["tasks"])), sizes["rounds"])
    big = measured(grow(sizes["tasks"] - small["tasks"]) + small["tasks"], sizes["rounds"])
    size = f"{ROWS} of {big['tasks']:,} tasks"
    return [
        figure("queue query", big["ours"], big["limit"], "≤ 5 ×", size),
        figure("queue query, growth", big["ours"], small["ours"], "≤ 1.2 ×", f"{small['tasks']:,} → {big['tasks']:,}"),
        figure("counters of the workbench", big["counts"], big["limit"], "", size),
    ]


def figure(what: str, ours: float, limit: float, target: str, size: str) -> Figure:
    """Return a figure of milliseconds."""
    return Figure(what, ours * 1000, limit * 1000, "ms", target, size)


def grow(tasks: int) -> int:
    """Add that many tasks with their events and customers; return how many were added."""
    if tasks <= 0:
        return 0
    steps = VisitStep.objects.count()
    customers = add_customers(max(tasks // 10, 1))
    added = add_tasks(add_events(tasks // steps, customers, waiting=False, days=DAYS))
    settle_statistics()
    return added


def measured(tasks: int, rounds: int) -> dict[str, Any]:
    """Return the shortest median of the seconds of one query of each kind."""
    people = list(Employee.objects.filter(username__startswith="advisor").order_by("pk")[:REPEATS])
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as plain:
        plain.prepare_threshold = 0

        def limit(person: Employee) -> None:
            if len(plain.execute(JOIN, [person.pk]).fetchall()) != ROWS:
                raise SystemExit("the raw join found too few rows")

        def ours(person: Employee) -> None:
            if len(queue(person, now=NOW, limit=ROWS)) != ROWS:
                raise SystemExit("the queue has too few rows")

        taken = in_turn(
            rounds + 1,  # the first warms caches up
            ours=lambda: each(people, ours),
            limit=lambda: each(people, limit),
            counts=lambda: each(people, lambda person: counts(person, now=NOW)),
        )
    return {"tasks": tasks, **{name: min(spent) / len(people) for name, spent in taken.items()}}


def each(people: list[Employee], deed: Callable[[Employee], Any]) -> None:
    """Do the deed for each person in turn."""
    for person in people:
        deed(person)
