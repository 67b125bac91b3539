"""Figures over visits that fell due: worked, completed, successful, in time; and how many events were covered.

Due: closing date in the period; what was cancelled, not drawn or taken in late is left out. A task counts for whoever
had it at its bound (RELIABILITY F37).
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce

from reports.domain.figures.limiting import due_that_hold, events_that_hold, tasks_of
from reports.domain.figures.query import Query, Row
from staff.models import Activity
from visits.choices import RecordKind, TaskStatus
from visits.domain.assigning.holding import GIVEN
from visits.domain.calling.questioning import ANSWER
from visits.models import RecordTask, VisitTask

OUTSIDE = (TaskStatus.CANCELLED, TaskStatus.EXPIRED, TaskStatus.NOT_SAMPLED)
OWED = ~Q(status__in=OUTSIDE)


def rate(asked: Query) -> Iterator[Row]:
    """Yield what the metric counts / due: visits, or customers each once."""
    counted = "customer" if asked.kpi.count == "customers" else "pk"
    once = counted == "customer"
    rows = judged(asked).order_by().values("holder", "branch")
    sums = rows.annotate(met=Count(counted, distinct=once, filter=Q(good=1)), all=Count(counted, distinct=once))
    yield from sums.values_list("holder", "branch", "met", "all")


def judged(asked: Query) -> QuerySet[Any]:
    """Return the tasks that fell due, each with its `holder`, and `good` where the metric counts it."""
    return due_tasks(asked).annotate(good=Case(When(met(asked), then=1), default=0))


def met(asked: Query) -> Q:
    """Return what a due task must have come to: attempted; done (reached); with every answer; in the window."""
    match asked.kpi.metric:
        case "worked_rate":
            tried = Q(attempt__gt=0) | Q(completes=True)
            return Q(Exists(_calls().filter(tried, record__logged_at__lt=asked.until)))
        case "success_rate":
            codes = _contacts().filter(completes=True).annotate(lacks=Cast("record__incomplete", TextField()))
            return _done(asked) & Q(~Exists(codes.filter(lacks__contains=f'"{ANSWER}')))
        case "timely_rate":
            return _done(asked) & Q(completed_in_time=True)
        case _:
            return _done(asked)


def due_tasks(asked: Query) -> QuerySet[VisitTask]:
    """Return the tasks that fell due in the period, each with its `holder`; while it lasts, those settled or closed."""
    found = tasks_of(asked).filter(OWED, closing_between(asked))
    if not asked.is_over:
        settled = ~Q(status__in=(TaskStatus.PLANNED, TaskStatus.OPEN, TaskStatus.INVALID_NUMBER))
        found = found.filter(settled | Q(closes_at__lt=asked.until))
    return due_that_hold(asked, found).annotate(holder=holder_at_bound())


def closing_between(asked: Query) -> Q:
    """Return the condition that a closing date lies in the period: a bound of days is the midnight after its date."""
    return Q(closes_inclusive=True, closes_at__gte=asked.since, closes_at__lt=asked.ends) | Q(
        closes_inclusive=False, closes_at__gt=asked.since, closes_at__lte=asked.ends
    )


def holder_at_bound() -> Case:
    """Return who had a task at its bound: from whom the first later line of activity took it, else whoever has it."""
    later = Activity.objects.filter(
        subject_type="visittask", subject_id=OuterRef("pk"), verb__in=GIVEN, at__gt=OuterRef("closes_at")
    ).order_by("pk")
    former = later.annotate(former=Cast(KT("data__from"), BigIntegerField())).values("former")[:1]
    return Case(When(Exists(later), then=Subquery(former)), default=F("assignee"), output_field=BigIntegerField())


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


def coverage_rate(asked: Query) -> Iterator[Row]:
    """Yield events with a visit done in its window / events of the period, undrawn included; by the event's advisor.

    Where the visits are aligned to calendar periods, or due to each customer, it is customers with such a visit.
    """
    aligned, found = _on_customers(asked), covering_tasks(asked)
    yield from _covered(asked, found.exclude(aligned), "event", Coalesce("event__advisor", "assignee"))
    yield from _covered(asked, found.filter(aligned), "customer", F("assignee"))


def covering_tasks(asked: Query) -> QuerySet[VisitTask]:
    """Return the tasks of the events of the period, drawn or not; of aligned visits those that close in it.

    An event that calls for nobody any more (a case that is exempt or merged, K-14, K-15) is none of them.
    """
    aligned = _on_customers(asked)
    of_days = Q(event__happened_on__gte=asked.period.first, event__happened_on__lte=asked.period.last)
    found = tasks_of(asked).exclude(status__in=(TaskStatus.CANCELLED, TaskStatus.EXPIRED))
    found = found.exclude(status=TaskStatus.NOT_SAMPLED, event__history=True)
    return found.filter((~aligned & of_days) | (aligned & closing_between(asked)))


def covered_by(asked: Query, employee: int) -> QuerySet[Any, Any]:
    """Return event, order number, its day and whether it was covered, of the events of one advisor."""
    found = _judged(asked, covering_tasks(asked).annotate(whose=Coalesce("event__advisor", "assignee")))
    rows = found.filter(whose=employee).order_by().values("event", "event__order_no", "event__happened_on")
    return rows.annotate(met=Max("good")).values_list("event", "event__order_no", "event__happened_on", "met")


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


def _covered(asked: Query, found: QuerySet[VisitTask], what: str, who: F | Coalesce) -> Iterator[Row]:
    sums = _judged(asked, found.annotate(whose=who)).order_by().values("whose", "branch").annotate(
        met=Count(what, distinct=True, filter=Q(good=1)), all=Count(what, distinct=True)
    )  # fmt: skip
    yield from sums.values_list("whose", "branch", "met", "all")


def _judged(asked: Query, found: QuerySet[VisitTask]) -> QuerySet[Any]:
    if asked.conditions:
        found = found.filter(event__in=events_that_hold(asked, found.values_list("event", flat=True)))
    return found.annotate(good=Case(When(status=TaskStatus.DONE, completed_in_time=True, then=1), default=0))
