"""A regulation in action, as the clause tests tell it: publish it, let things happen, tick, call."""

from datetime import timedelta
from uuid import uuid4

from staff.domain.jobs import run_due
from staff.models import Employee
from tests.visits.world import at, employee, local
from visits.choices import Outcome
from visits.domain.calling.contacts import Contact
from visits.domain.calling.recording import Recorded, record_contact
from visits.models import VisitTask


def rule(code: str, trigger: str, *steps: str, **keys: str) -> str:
    """Return one visit rule as TOML: `steps` are the lines of each step, `keys` the rule's own, as TOML writes them."""
    head = "".join(f"{key} = {value}\n" for key, value in {"trigger": trigger, **keys}.items())
    made = "".join(f'[[visit_rule.step]]\ncode = "step-{n}"\n{step}\n' for n, step in enumerate(steps, 1))
    return f'[[visit_rule]]\ncode = "{code}"\n{head}{made}\n'


def on_days(*offsets: str) -> tuple[str, ...]:
    """Return one step for each offset, due on that very day."""
    return tuple(f'opens = "{offset}"\ncloses = "{offset}"' for offset in offsets)


def tick(*moments: str) -> None:
    """Let the program do at these moments what is due."""
    for moment in moments:
        report = run_due(now=at(moment))
        assert not report.failed, report.failed


def days(first: str, last: str) -> None:
    """Let the program tick at one o'clock of every day from `first` to `last`."""
    moment = at(f"{first} 01:00")
    while moment <= at(f"{last} 01:00"):
        report = run_due(now=moment)
        assert not report.failed, report.failed
        moment += timedelta(1)


def caller() -> Employee:
    """Return somebody who makes calls."""
    return Employee.objects.filter(username="caller").first() or employee("caller")


def call(
    task: VisitTask, moment: str, *, outcome: str = Outcome.REACHED, seconds: int = 120, by: Employee | None = None,
    **said,
) -> Recorded:  # fmt: skip
    """Let somebody call about a task; the call ends and is saved at `moment`."""
    now = at(moment)
    contact = Contact(
        token=uuid4(), outcome=outcome, started_at=now - timedelta(seconds=seconds), ended_at=now,
        channel=said.pop("channel", "desk_phone"), **said,
    )  # fmt: skip
    return record_contact(VisitTask.objects.get(pk=task.pk), contact, advisor=by or caller(), now=now)


def in_time(task: VisitTask) -> bool | None:
    """Say whether a task was completed in time; None where it was not completed."""
    return VisitTask.objects.get(pk=task.pk).completed_in_time


def due(**of) -> list[str]:
    """Return the last day of each task in the order of their openings, or the minute of an inclusive bound."""
    found = VisitTask.objects.filter(**of).order_by("opens_at", "pk")
    return [last_day(task) for task in found]


def last_day(task: VisitTask) -> str:
    """Return until when a task is in time, as Shanghai reads it."""
    if task.closes_inclusive:
        return local(task.closes_at)
    return local(task.closes_at - timedelta(days=1))
