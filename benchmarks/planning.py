"""Planning on PostgreSQL: all tasks of many events, then again when nothing is new."""

from benchmarks import raw
from benchmarks.measuring import Figure, compared, in_turn
from benchmarks.world import NOW, add_customers, add_events, found_company, settle_statistics
from visits.domain.planning.events import plan_events
from visits.models import ServiceEvent, VisitStep, VisitTask


def measure(sizes: dict[str, int]) -> list[Figure]:
    """Plan a share of the events in each round beside the raw statement on as many others."""
    found_company()
    rounds, steps = sizes["rounds"], VisitStep.objects.count()
    share = max(sizes["events"] // rounds, 1)
    customers = add_customers(sizes["events"])
    ours = [add_events(share, customers, waiting=True, days=20) for _ in range(rounds)]
    limit = [add_events(share, customers, waiting=False, days=20) for _ in range(rounds)]
    ServiceEvent.objects.update(needs_planning=False)
    settle_statistics()
    size = f"{rounds} × {share:,} events × {steps} steps"
    turns = iter(zip(ours, limit, strict=True))
    taken: dict[str, list[float]] = {"ours": [], "limit": []}
    for mine, others in turns:
        ServiceEvent.objects.filter(pk__in=mine).update(needs_planning=True)
        now = in_turn(1, ours=lambda: plan_events(now=NOW), limit=lambda span=others: raw.insert_tasks(span))
        for name, spent in now.items():
            taken[name] += spent
    check(ours + limit, steps)
    planned = compared("planning tasks, PostgreSQL", taken, target="≥ 0.8 ×", sizes=size, rows=share * steps)
    return [planned, *again(range(ours[0].start, ours[-1].stop), rounds, steps)]


def again(events: range, rounds: int, steps: int) -> list[Figure]:
    """Measure planning where every task is there already: each event looked at anew, and none at all."""
    pairs = len(events) * steps

    def all_anew() -> None:
        plan_events(now=NOW)

    taken: dict[str, list[float]] = {"ours": [], "limit": []}
    for _ in range(rounds):
        ServiceEvent.objects.filter(pk__gte=events.start, pk__lt=events.stop).update(needs_planning=True)
        for name, spent in in_turn(1, ours=all_anew, limit=lambda: raw.count_missing(events)).items():
            taken[name] += spent
    idle = in_turn(rounds, ours=all_anew, limit=lambda: raw.count_missing(events))
    size = f"{pairs:,} pairs of event and step"
    return [
        compared("planning again when nothing is new", idle, target="≥ 0.5 ×", sizes=size, rows=pairs),
        compared("the same, every event marked to be looked at", taken, target="", sizes=size, rows=pairs),
    ]


def check(events: list[range], steps: int) -> None:
    """Refuse to report figures of work that was not done."""
    expected = sum(len(span) for span in events) * steps
    found = VisitTask.objects.count()
    if found != expected:
        raise SystemExit(f"{found} tasks were made instead of {expected}")
