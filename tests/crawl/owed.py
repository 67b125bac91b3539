"""What the walk needs beside the rows of a shop: a deed that is owed, and a standstill of the program."""

from datetime import timedelta

from staff.models import Outage
from tests.company import morning
from visits.models import Obligation


def owed(event, task) -> Obligation:
    """Return a to-do that the shop's advisor owes after the event."""
    return Obligation.objects.create(
        policy=task.release.policy, release=task.release, rule="file", deed="todo", subject=f"event:{event.pk}",
        event=event, customer=task.customer, employee=task.assignee, branch=task.branch, department=task.department,
        anchor_at=morning(), made_at=morning(),
    )  # fmt: skip


def stood_still() -> Outage:
    """Return an outage of last night, in which every visit of the world became due."""
    begun, over = morning() - timedelta(days=30), morning()
    return Outage.objects.get_or_create(from_at=begun, cause="stopped", defaults={"to_at": over, "found_at": over})[0]
