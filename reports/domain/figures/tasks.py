"""Figures over visits that fell due: worked, completed, successful, in time; and how many events were covered.

Due: closing date in the period; what was cancelled, not drawn or taken in late is left out. A task counts for whoever
had it at its bound (RELIABILITY F37).
"""

from collections.abc import Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import (
    BigIntegerField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, NullIf

from reports.domain.figures.bounds import due_day, falls_due
from reports.domain.figures.counted import Counted, Path, Shown, segment_of
from reports.domain.figures.limiting import due_that_hold, events_that_hold, tasks_of
from reports.domain.figures.query import Query
from staff.models import Activity
from visits.choices import RecordKind, TaskStatus
from visits.domain.assigning.holding import GIVEN
from visits.domain.calling.questioning import ANSWER
from visits.models import RecordTask, VisitTask

OUTSIDE = (TaskStatus.CANCELLED, TaskStatus.EXPIRED, TaskStatus.NOT_SAMPLED)
OWED = ~Q(status__in=OUTSIDE)
OF_TASK: Final[Mapping[str, Path]] = {
    "rule": "step__rule__code", "channel": "channel", "kind": "event__kind__code", "segment": segment_of("customer"),
    "model": "event__vehicle__model",
}  # fmt: skip
CLOSING: Final = {"at": "closes_at", "inclusive": "closes_inclusive"}
NOBODY: Final = Value(0, output_field=BigIntegerField())
SHOWN_TASK: Final = Shown("event__order_no", "visits:task")
SHOWN_EVENT: Final = Shown("event__order_no", "visits:event", "event")
SHOWN_CUSTOMER: Final = Shown("customer", "visits:customer", "customer", "#")


def rate(asked: Query) -> tuple[Counted, ...]:
    """Return what the metric counts / due: visits, or customers each once."""
    once = asked.kpi.count == "customers"
    return (
        Counted(
            due_tasks(asked), holder_at_bound(), "branch", bound_day(asked.zone), "closes_at",
            SHOWN_CUSTOMER if once else SHOWN_TASK, asked.zone, good=met(asked), met_at=met_at(asked),
            is_good_when_met=asked.kpi.metric == "worked_rate", each="customer" if once else "pk", by=OF_TASK,
        ),
    )  # fmt: skip


def met(asked: Query) -> Q:
    """Return what a due task must have come to: attempted; done (reached); with every answer; in the window."""
    match asked.kpi.metric:
        case "worked_rate":
            return Q(Exists(_attempts(asked)))
        case "success_rate":
            codes = _contacts().filter(completes=True).annotate(lacks=Cast("record__incomplete", TextField()))
            return _done(asked) & Q(~Exists(codes.filter(lacks__contains=f'"{ANSWER}')))
        case "timely_rate":
            return _done(asked) & Q(completed_in_time=True)
        case _:
            return _done(asked)


def met_at(asked: Query) -> Combinable:
    """Return when a due task came to that: the first attempt that counts; else when it was completed."""
    if asked.kpi.metric != "worked_rate":
        return F("completed_at")
    first = _attempts(asked).order_by("record__logged_at").values("record__logged_at")[:1]
    return Subquery(first)


def due_tasks(asked: Query) -> QuerySet[VisitTask]:
    """Return the tasks that fell due in the period; while it lasts, those that are settled or closed."""
    found = tasks_of(asked).filter(OWED, closing_between(asked))
    if not asked.is_over:
        settled = ~Q(status__in=(TaskStatus.PLANNED, TaskStatus.OPEN, TaskStatus.INVALID_NUMBER))
        found = found.filter(settled | Q(closes_at__lt=asked.until))
    return due_that_hold(asked, found)


def closing_between(asked: Query) -> Q:
    """Return the condition that a closing date lies in the period."""
    return falls_due(asked.since, asked.ends, **CLOSING)


def holder_at_bound() -> Combinable:
    """Return who had a task at its bound: from whom the first later line of activity took it, else whoever has it."""
    later = Activity.objects.filter(
        subject_type="visittask", subject_id=OuterRef("pk"), verb__in=GIVEN, at__gt=OuterRef("closes_at")
    ).order_by("pk")
    whole = BigIntegerField()
    former = Coalesce(Cast(KT("data__from"), whole), NOBODY)
    latest = Coalesce(Subquery(later.annotate(former=former).values("former")[:1]), F("assignee"), output_field=whole)
    return NullIf(latest, NOBODY)


def bound_day(zone: ZoneInfo) -> Combinable:
    """Return the last day of a task's window."""
    return due_day(zone, **CLOSING)


def _attempts(asked: Query) -> QuerySet[RecordTask]:
    """Return the contacts by which the task of the outer query was worked on, as of then."""
    return _calls().filter(Q(attempt__gt=0) | Q(completes=True), record__logged_at__lt=asked.until)


def first_attempt() -> QuerySet[RecordTask, Any]:
    """Return the moment at which the first attempt of the task of the outer query was saved."""
    tried = _calls().filter(Q(attempt__gt=0) | Q(completes=True)).order_by("record__logged_at")
    return tried.values("record__logged_at")[:1]


def _calls() -> QuerySet[RecordTask]:
    """Return the contacts about the task of the outer query that were not taken back, corrected since or not."""
    made = RecordTask.objects.filter(task=OuterRef("pk"))
    return made.exclude(record__kind=RecordKind.VOID).exclude(record__superseded_by__kind=RecordKind.VOID)


def _contacts() -> QuerySet[RecordTask]:
    """Return the contacts about the task of the outer query that stand."""
    return RecordTask.objects.filter(task=OuterRef("pk"), record__superseded_by=None).exclude(
        record__kind=RecordKind.VOID
    )


def _done(asked: Query) -> Q:
    return Q(status=TaskStatus.DONE, completed_at__lt=asked.until)


def still_to_come(asked: Query, employee: int) -> int:
    """Return how many more visits of somebody will fall due in the rest of the period."""
    under_way = (TaskStatus.PLANNED, TaskStatus.OPEN, TaskStatus.INVALID_NUMBER)
    coming = tasks_of(asked).filter(
        closing_between(asked), status__in=under_way, assignee=employee, closes_at__gte=asked.until
    )
    return due_that_hold(asked, coming).count()


def coverage_rate(asked: Query) -> tuple[Counted, ...]:
    """Return events with a visit done in its window / events of the period, undrawn included; by the event's advisor.

    Where the visits are aligned to calendar periods, or due to each customer, it is customers with such a visit.
    """
    aligned, found, zone = _on_customers(asked), covering_tasks(asked), asked.zone
    if asked.conditions:
        found = found.filter(event__in=events_that_hold(asked, found.values_list("event", flat=True)))
    both: dict[str, Any] = {"good": Q(status=TaskStatus.DONE, completed_in_time=True), "by": OF_TASK}
    return (
        Counted(
            found.exclude(aligned), Coalesce("event__advisor", "assignee"), "branch", F("event__happened_on"),
            "event__happened_on", SHOWN_EVENT, zone, each="event", **both,
        ),
        Counted(
            found.filter(aligned), "assignee", "branch", bound_day(zone), "closes_at", SHOWN_CUSTOMER, zone,
            each="customer", **both,
        ),
    )  # fmt: skip


def covering_tasks(asked: Query) -> QuerySet[VisitTask]:
    """Return the tasks of the events of the period, drawn or not; of aligned visits those that close in it.

    An event that calls for nobody any more (a case that is exempt or merged, K-14, K-15) is none of them.
    """
    aligned = _on_customers(asked)
    of_days = Q(event__happened_on__gte=asked.period.first, event__happened_on__lte=asked.period.last)
    found = tasks_of(asked).exclude(status__in=(TaskStatus.CANCELLED, TaskStatus.EXPIRED))
    found = found.exclude(status=TaskStatus.NOT_SAMPLED, event__history=True)
    return found.filter((~aligned & of_days) | (aligned & closing_between(asked)))


def is_of_customers(asked: Query) -> bool:
    """Say whether a step to which the figure is limited is aligned to calendar periods, or of a rule on customers."""
    for rule in asked.pack.visit_rule:
        steps = [one for one in rule.step if rule.code in asked.rules or (rule.code, one.code) in asked.steps]
        if not (asked.rules or asked.steps):
            steps = list(rule.step)
        if steps and (rule.is_on_customers or any(one.align != "none" for one in steps)):
            return True
    return False


def _on_customers(asked: Query) -> Q:
    """Return the condition that a step is aligned to calendar periods, or of a rule on each customer."""
    found = Q(pk__in=[])
    for rule in asked.pack.visit_rule:
        if rule.is_on_customers:
            found |= Q(step__rule__code=rule.code)
        for step in rule.step:
            if step.align != "none":
                found |= Q(step__rule__code=rule.code, step__code=step.code)
    return found
