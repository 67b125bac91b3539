"""Sharing out tasks of a role among its holders, beside one raw UPDATE of as many rows."""

from django.db import connection

from benchmarks.measuring import Figure, compared, in_turn
from benchmarks.world import NOW, add_customers, add_events, add_tasks, found_company, settle_statistics
from staff.models import Employee
from visits.domain.assigning.deciding import assign_waiting
from visits.models import ServiceEvent, VisitStep, VisitTask

UPDATE = """
UPDATE visits_visittask SET assignee_id = %s + id %% 100, settled = TRUE, pooled_at = NULL, leased_by_id = NULL,
  leased_until = NULL WHERE event_id BETWEEN %s AND %s AND assignee_id IS NULL
"""
TASKS = 15_000


def measure(sizes: dict[str, int]) -> list[Figure]:
    """Make open tasks without a person in each round, twice as many as either side settles."""
    found_company()
    steps = VisitStep.objects.count()
    customers = add_customers(TASKS)
    first = Employee.objects.order_by("pk").first()
    taken: dict[str, list[float]] = {"ours": [], "limit": []}
    for _ in range(sizes["rounds"]):
        mine, others = waiting_tasks(customers, steps), waiting_tasks(customers, steps)
        VisitTask.objects.filter(event__in=others).update(settled=True)
        settle_statistics()
        now = in_turn(1, ours=lambda: assign_waiting(now=NOW), limit=lambda span=others: assign_raw(first.pk, span))
        for name, spent in now.items():
            taken[name] += spent
        if VisitTask.objects.filter(event__in=mine, assignee=None).exists():
            raise SystemExit("not every task has a person")
    size = f"{TASKS:,} tasks of a role, 100 holders, a line of activity each"
    return [compared("giving tasks to the holders of a role", taken, target="", sizes=size, rows=TASKS)]


def waiting_tasks(customers: range, steps: int) -> range:
    """Add open tasks that nobody has, of events without an advisor; return the events."""
    events = add_events(TASKS // steps, customers, waiting=False)
    add_tasks(events, open_share=100)
    VisitTask.objects.filter(event__in=events).update(assignee=None, settled=False)
    ServiceEvent.objects.filter(pk__in=events).update(advisor=None)
    return events


def assign_raw(first: int, events: range) -> None:
    """Give the tasks of these events to a hundred people by one statement."""
    with connection.cursor() as cursor:
        cursor.execute(UPDATE, [first, events.start, events.stop - 1])
