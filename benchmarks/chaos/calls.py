"""Calls of a made company, saved one after the other by the door that every call goes through."""

import time
import uuid
from collections.abc import Iterator
from datetime import timedelta

from django.core.management import call_command

from benchmarks.world import NOW, add_customers, add_events, add_tasks, found_company
from staff.models import Employee
from visits.choices import Channel, Outcome, TaskStatus
from visits.domain.calling.contacts import Contact
from visits.domain.calling.recording import record_contact
from visits.models import VisitStep, VisitTask

VISITS = 20_000


def found() -> None:
    """Make a company with visits to make."""
    call_command("migrate", verbosity=0)
    found_company()
    add_tasks(add_events(VISITS // VisitStep.objects.count(), add_customers(VISITS // 10), waiting=False))


def saved(most: int) -> Iterator[tuple[int, float]]:
    """Save so many calls; yield the record of each and the seconds that it took."""
    people = {person.pk: person for person in Employee.objects.all()}
    untried = VisitTask.objects.filter(status=TaskStatus.OPEN, assignee__isnull=False, attempts=0).order_by("pk")
    for task in untried[:most]:
        told = Contact(
            token=uuid.uuid4(), outcome=Outcome.NO_ANSWER, started_at=NOW - timedelta(minutes=2),
            channel=Channel.DESK_PHONE,
        )  # fmt: skip
        began = time.perf_counter()
        made = record_contact(task, told, advisor=people[task.assignee_id or 0], now=NOW)
        yield made.record.pk, time.perf_counter() - began
