"""A day's events into a big world: 3,000 services become 15,000 tasks beside millions."""

from benchmarks import raw
from benchmarks.measuring import Figure, compared, in_turn
from benchmarks.world import DAYS, NOW, add_customers, add_events, add_tasks, found_company, settle_statistics
from visits.domain.planning.events import plan_events
from visits.models import VisitStep, VisitTask

EVENTS = 3000


def measure(sizes: dict[str, int]) -> list[Figure]:
    """Plan a new day in each round beside the raw statement for another one."""
    found_company()
    steps = VisitStep.objects.count()
    customers = add_customers(sizes["tasks"] // 10)
    world = add_tasks(add_events(sizes["tasks"] // steps, customers, waiting=False, days=DAYS))
    settle_statistics()
    taken: dict[str, list[float]] = {"ours": [], "limit": []}
    for _ in range(sizes["rounds"]):
        others = add_events(EVENTS, customers, waiting=False)
        add_events(EVENTS, customers, waiting=True)
        now = in_turn(1, ours=lambda: plan_events(now=NOW), limit=lambda span=others: raw.insert_tasks(span))
        for name, spent in now.items():
            taken[name] += spent
    if VisitTask.objects.count() != world + 2 * sizes["rounds"] * EVENTS * steps:
        raise SystemExit("planning did not make the tasks of the day")
    size = f"{EVENTS * steps:,} tasks into {world:,}"
    return [compared("a day's events into a big world", taken, target="≤ 1.5 ×", sizes=size)]
