"""Saving a call and getting the next card, beside the raw statements that it needs."""

import uuid
from datetime import timedelta

from django.db import connection, transaction

from benchmarks.measuring import Figure, compared, in_turn
from benchmarks.world import (
    DAYS,
    NOW,
    add_customers,
    add_events,
    add_tasks,
    default,
    found_company,
    settle_statistics,
)
from staff.models import Employee
from visits.choices import Channel, Outcome
from visits.domain.calling.contacts import Contact
from visits.domain.calling.recording import record_contact
from visits.domain.finding.queueing import next_task
from visits.models import VisitRecord, VisitStep, VisitTask

CALLS = 20
NEXT = """
SELECT t.id, c.name, n.number FROM visits_visittask t JOIN visits_customer c ON c.id = t.customer_id
LEFT JOIN visits_contactnumber n ON n.customer_id = c.id AND n.is_primary AND n.valid_until IS NULL
WHERE t.assignee_id = %s AND t.status = 'open' AND t.urgency = 'c' ORDER BY t.closes_at, t.id LIMIT 1
"""
FIRST = """
SELECT id, customer_id, branch_id FROM visits_visittask
WHERE assignee_id = %s AND status = 'open' AND urgency = 'c' ORDER BY closes_at, id LIMIT 1
"""
LINK = "INSERT INTO visits_recordtask (record_id, task_id, completes, in_time, attempt) VALUES (%s, %s, TRUE, TRUE, 1)"
CLOSE = """
UPDATE visits_visittask SET status = 'done', completed_at = %s, completed_in_time = TRUE, attempts = attempts + 1
WHERE id = %s AND status = 'open'
"""
TOLD = """
INSERT INTO staff_activity (at, actor_id, verb, subject_type, subject_id, data)
VALUES (%s, %s, 'recorded', 'visitrecord', %s, '{}')
"""


def measure(sizes: dict[str, int]) -> list[Figure]:
    """Save a few calls of one person in each round, each the next of the queue."""
    found_company()
    steps = VisitStep.objects.count()
    customers = add_customers(max(sizes["tasks"] // 10, 1))
    tasks = add_tasks(add_events(sizes["tasks"] // steps, customers, waiting=False, days=DAYS))
    settle_statistics()
    mine, other = Employee.objects.filter(username__startswith="advisor").order_by("pk")[:2]
    taken = in_turn(sizes["rounds"] + 1, ours=lambda: save_calls(mine), limit=lambda: save_raw(other))
    each = {name: [spent / CALLS for spent in found[1:]] for name, found in taken.items()}
    size = f"one call, world of {tasks:,} tasks"
    figure = compared("saving a call and getting the next card", each, target="≤ 10 ×", sizes=size)
    return [figure, Figure("the same in milliseconds", figure.ours, 25.0, "ms", "≤ 1 ×", size)]


def save_calls(person: Employee) -> None:
    """Save calls by the door that every call goes through."""
    task = next_task(person, now=NOW)
    for _ in range(CALLS):
        found = VisitTask.objects.get(pk=getattr(task, "pk", None) or task.id)
        told = Contact(
            token=uuid.uuid4(), outcome=Outcome.REACHED, started_at=NOW - timedelta(minutes=2),
            channel=Channel.DESK_PHONE, notes="fine",
        )  # fmt: skip
        record_contact(found, told, advisor=person, now=NOW)
        task = next_task(person, now=NOW)


def save_raw(person: Employee) -> None:
    """Save calls by the bare statements."""
    with connection.cursor() as cursor:
        for _ in range(CALLS):
            with transaction.atomic():
                cursor.execute(FIRST, [person.pk])
                task = cursor.fetchone()
                cursor.execute(*record_row(customer_id=task[1], branch_id=task[2], advisor_id=person.pk))
                record = cursor.fetchone()[0]
                cursor.execute(LINK, [record, task[0]])
                cursor.execute(CLOSE, [NOW, task[0]])
                cursor.execute(TOLD, [NOW, person.pk, record])
            cursor.execute(NEXT, [person.pk])
            cursor.fetchone()


def record_row(**told: int) -> tuple[str, list]:
    """Return the bare statement of one record with its parameters; what it does not tell stands at its default."""
    fields = [found for found in VisitRecord._meta.concrete_fields if not found.primary_key]
    told |= {"form_token": uuid.uuid4(), "fingerprint": "f", "channel": Channel.DESK_PHONE, "outcome": Outcome.REACHED}
    told |= {"started_at": NOW, "logged_at": NOW, "summary": "fine"}
    values = [found.get_db_prep_save(told.get(found.column, default(found)), connection) for found in fields]
    names, marks = ", ".join(found.column for found in fields), ", ".join(["%s"] * len(fields))
    return f"INSERT INTO visits_visitrecord ({names}) VALUES ({marks}) RETURNING id", values
