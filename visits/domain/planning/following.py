"""What a completed visit moves: chains count from it, calendar periods are fulfilled by it, rules listen to it."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_noop

from config import clock
from staff.domain.calendar import WorkCalendar
from visits.choices import TaskStatus
from visits.domain.matching.goods import LINES, differs
from visits.domain.planning.anchoring import EventFacts
from visits.domain.planning.rulebook import VISIT_RECORDED, ActiveStep, Book, Rulebook, load_rulebook
from visits.domain.planning.series import FACTS, line_of, set_next_opening
from visits.domain.timing.recurrence import chain_anchor, is_fulfilled
from visits.domain.timing.windows import Window
from visits.models import EventKind, RecordTask, Series, ServiceEvent, VisitRecord, VisitTask

SOURCE = "huifang"
FULFILLED = gettext_noop("fulfilled by another visit")


def note_visit(
    record: VisitRecord, tasks: Iterable[VisitTask], *, at: datetime, calendar: WorkCalendar, now: datetime
) -> None:
    """Follow up a visit that completed `tasks` of its customer at the moment `at`, in the caller's transaction."""
    rulebook = load_rulebook()
    completed = list(tasks)
    rules = {task.step.rule_id for task in completed}
    own = {(task.event_id, task.step_id, task.occurrence) for task in completed}
    series = Series.objects.filter(customer=record.customer_id, ended_at=None)
    facts = {row[0]: EventFacts(*row[1:]) for row in series.values_list("pk", *FACTS)}
    for one in series.filter(pk__in=facts):
        book = rulebook.book(one.release_id)
        found = book.step(one.step_id) if book else None
        if book is None or found is None:
            continue
        rule, step = found
        if step.spec.counts == "any" or rule.rule_id in rules:
            _follow(record, book, step, one, facts[one.pk], at=at, own=own, calendar=calendar, now=now)
    if rulebook.listens_to(VISIT_RECORDED):
        announce(record, completed, at=at, rulebook=rulebook, now=now)


def _follow(
    record: VisitRecord, book: Book, step: ActiveStep, series: Series, facts: EventFacts, *, at: datetime,
    own: set[tuple[int, int, int]], calendar: WorkCalendar, now: datetime,
) -> None:  # fmt: skip
    last = series.next_occurrence - 1
    is_own = (series.event_id, series.step_id, last) in own
    if step.cadence.is_chain:
        _anchor_chain(book, step, series, facts, at=at, is_own=is_own, calendar=calendar, now=now)
    elif step.cadence.align != "none" and not is_own:
        _fulfil(record, book, step, series, facts, at=at, calendar=calendar)


def _anchor_chain(
    book: Book, step: ActiveStep, series: Series, facts: EventFacts, *, at: datetime, is_own: bool,
    calendar: WorkCalendar, now: datetime,
) -> None:  # fmt: skip
    """Count the chain from this visit: after its own task the next one, after another visit also the task at hand."""
    series.anchor_at = at
    if not is_own:
        series.anchor_occurrence = series.next_occurrence - 1
        moved = line_of(book, step, facts, calendar, series).window(series.next_occurrence - 1)
        if moved is None or not _move_untouched(series, moved, now=now):
            return
        series.anchor_at = chain_anchor(moved, reached_at=None, zone=book.zone)
    series.anchor_occurrence = series.next_occurrence
    set_next_opening(series, line_of(book, step, facts, calendar, series), now=now)
    series.save(update_fields=["anchor_at", "anchor_occurrence", "next_opens_at", "ended_at", "ended_reason"])


def _move_untouched(series: Series, window: Window, *, now: datetime) -> bool:
    """Move the chain's task at hand to its new window if nobody has worked on it; say whether it was moved."""
    task = VisitTask.objects.filter(
        event=series.event_id, step=series.step_id, occurrence=series.next_occurrence - 1, attempts=0,
        status__in=(TaskStatus.PLANNED, TaskStatus.OPEN),
    )  # fmt: skip
    status = TaskStatus.OPEN if window.has_opened(now) else TaskStatus.PLANNED
    return bool(
        task.update(
            opens_at=window.opens_at,
            closes_at=window.closes_at,
            closes_inclusive=window.closes_inclusive,
            status=status,
        )
    )


def _fulfil(
    record: VisitRecord, book: Book, step: ActiveStep, series: Series, facts: EventFacts, *, at: datetime,
    calendar: WorkCalendar,
) -> None:  # fmt: skip
    """Count this visit for the calendar period of an undone task of the series."""
    line = line_of(book, step, facts, calendar, series)
    undone = VisitTask.objects.filter(
        event=series.event_id, step=series.step_id, status__in=(TaskStatus.PLANNED, TaskStatus.OPEN)
    )
    for task in undone:
        if is_fulfilled(line, task.occurrence, visits=[at]) and VisitTask.objects.filter(
            pk=task.pk, status=task.status
        ).update(status=TaskStatus.DONE, completed_at=at, completed_in_time=True, closed_reason=FULFILLED):
            RecordTask.objects.create(record=record, task=task, completes=True, in_time=True, attempt=0)


def announce(
    record: VisitRecord, tasks: Iterable[VisitTask], *, at: datetime, rulebook: Rulebook, now: datetime
) -> None:
    """Hand the visit back as an event of kind visit_recorded, one for each task, to the rules that listen to it."""
    kind, _made = EventKind.objects.get_or_create(code=VISIT_RECORDED, defaults={"title": "回访已记录"})
    for task in tasks:
        facts = _spoken(record, task, rulebook)
        ServiceEvent.objects.update_or_create(
            source=SOURCE,
            order_no=f"visit-{record.pk}-{task.pk}",
            member="",
            defaults={
                "kind": kind, "happened_at": at, "happened_on": clock.local_day(at), "branch_id": task.branch_id,
                "department_id": task.department_id, "customer_id": record.customer_id,
                "vehicle_id": task.event.vehicle_id, "advisor_id": task.event.advisor_id, "css": record.css,
                "rating": record.satisfaction, "attributes": facts, "fingerprint": "", "taken_in_at": now,
                "changed_at": now, "needs_planning": True,
            },
        )  # fmt: skip


def _spoken(record: VisitRecord, task: VisitTask, rulebook: Rulebook) -> dict[str, str]:
    """Return what conditions may ask of a visit, as the text that attributes hold."""
    book = rulebook.book(task.release_id)
    seconds = int((record.ended_at - record.started_at).total_seconds()) if record.ended_at else ""
    facts = {
        "policy": book.slug if book else "", "rule": task.step.rule.code, "step": task.step.code,
        "handler": record.advisor.username, "channel": record.channel, "outcome": record.outcome, "seconds": seconds,
        "satisfied": "" if record.satisfied is None else str(record.satisfied).lower(), "result": record.satisfaction,
        "problem": record.problem, "need": record.need, "suggestion": record.suggestion, "summary": record.summary,
        "rectification": record.rectification, "reason": record.reason,
        "mismatch": LINES if any(differs(answer) for answer in record.answers.values()) else "",
    }  # fmt: skip
    answers = {f"answer.{code}": value for code, value in record.answers.items()}
    return {name: str(value) for name, value in {**facts, **answers}.items() if value not in ("", None)}
