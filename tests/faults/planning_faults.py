"""The world in which the planner is killed, and the oracle that says what must be there: every task once, as computed
by hand from the dates of the events."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from staff.domain.jobs import run_due
from tests.visits import world
from visits.models import EventKind, ServiceEvent, VisitTask

START = date(2024, 1, 31)
NOW = datetime(2024, 4, 2, 0, tzinfo=UTC)
STEPS = {"3d": 3, "7d": 7, "14d": 14}
MONTH_ENDS = [date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 30)]
EVENTS_A_ROUND = 60

ONCE = """
[[visit_rule]]
code = "after-service"
trigger = "service_completed"
""" + "".join(f'[[visit_rule.step]]\ncode = "{code}"\nopens = "{code}"\ncloses = "{code}"\n' for code in STEPS)
PACK = (
    ONCE
    + """
[[visit_rule]]
code = "monthly"
trigger = "service_completed"
[[visit_rule.step]]
code = "month"
opens = "1m"
closes = "1m"
every = "1m"
"""
)


def supply(number: int) -> None:
    """Take in one more round of events, all of one day."""
    kind = EventKind.objects.get_or_create(code="service_completed")[0]
    guest = world.customer(number=f"1390{number:07}")
    happened = datetime(START.year, START.month, START.day, 2, tzinfo=UTC)
    ServiceEvent.objects.bulk_create(
        ServiceEvent(
            source="dms", order_no=f"RO-{number}-{place}", kind=kind, customer=guest, happened_at=happened,
            happened_on=START, taken_in_at=happened, changed_at=happened,
        )
        for place in range(EVENTS_A_ROUND)
    )  # fmt: skip


def work() -> None:
    """What a worker does when it is rung for."""
    report = run_due(now=NOW)
    if report.failed:
        raise AssertionError(report.failed)


def expected(events: list[str]) -> Counter[tuple[str, str, int, str]]:
    """Return every task that must be there once, by order number, step, occurrence and local opening day."""
    days = [(code, 0, START + timedelta(days)) for code, days in STEPS.items()]
    days += [("month", number, on) for number, on in enumerate(MONTH_ENDS) if on <= date(2024, 4, 2)]
    return Counter((order_no, code, number, on.isoformat()) for order_no in events for code, number, on in days)


def found() -> Counter[tuple[str, str, int, str]]:
    """Return the tasks that are there."""
    rows = VisitTask.objects.values_list("event__order_no", "step__code", "occurrence", "opens_at")
    return Counter(
        (order_no, code, number, world.local(opens_at)) for order_no, code, number, opens_at in rows.iterator()
    )


def toll() -> tuple[int, int]:
    """Return how many tasks are lost and how many are there that should not be."""
    wanted = expected(list(ServiceEvent.objects.values_list("order_no", flat=True)))
    present = found()
    return (wanted - present).total(), (present - wanted).total()
