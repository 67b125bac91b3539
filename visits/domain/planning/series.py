"""Repeating steps: what comes next of each series, made by the first tick at or after its opening (DECISIONS 20, 21).

A later occurrence closes an undone one as missed. A chain counts from the visit before, or its closing date, and so
never stops because one visit failed. What a standstill delayed is made in order, as if each tick had come.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext_noop

from staff.domain.calendar import WorkCalendar, local_date
from staff.domain.quarantine import Ward
from visits.choices import TaskStatus
from visits.domain.planning.anchoring import EventFacts, Slot, timeline
from visits.domain.planning.inserting import Batch, Office, insert_tasks
from visits.domain.planning.pooling import pools_for
from visits.domain.planning.rulebook import ActiveRule, ActiveStep, Book, Rulebook
from visits.domain.planning.sql import Sql, among
from visits.domain.timing.recurrence import Timeline, chain_anchor
from visits.domain.timing.windows import Window
from visits.models import Series, VisitTask

CHUNK = 1000
OVER = gettext_noop("its last occurrence was made")
RETIRED = gettext_noop("the rule was retired")
SUPERSEDED = gettext_noop("superseded by the next occurrence")
UNDONE = (TaskStatus.PLANNED, TaskStatus.OPEN, TaskStatus.INVALID_NUMBER)
FACTS = (
    "event_id", "customer_id", "event__happened_at", "event__happened_on", "event__due_at", "event__due_has_time",
    "customer__visit_interval", "event__order_no",
)  # fmt: skip


@dataclass(frozen=True)
class Turn:
    """A series that is due: its rule and step under the release that rules it, and what its windows depend on."""

    series: Series
    book: Book
    rule: ActiveRule
    step: ActiveStep
    facts: EventFacts
    calendar: WorkCalendar

    @property
    def timeline(self) -> Timeline:
        """Return the windows of this series, counted from where it is anchored now."""
        return line_of(self.book, self.step, self.facts, self.calendar, self.series)

    def window(self) -> Window | None:
        """Return the window of the next occurrence."""
        return self.timeline.window(self.series.next_occurrence)

    def advance(self, made: Window, *, now: datetime) -> None:
        """Move the series behind the occurrence that was made with that window."""
        series = self.series
        series.next_occurrence += 1
        if self.step.cadence.is_chain:
            series.anchor_at = chain_anchor(made, reached_at=None, zone=self.book.zone)
            series.anchor_occurrence = series.next_occurrence
        set_next_opening(series, self.timeline, now=now)


def line_of(book: Book, step: ActiveStep, facts: EventFacts, calendar: WorkCalendar, series: Series) -> Timeline:
    """Return the windows of a series from its present anchor on."""
    return timeline(
        step.cadence,
        facts,
        anchor_at=series.anchor_at,
        zone=book.zone,
        calendar=calendar,
        anchor_occurrence=series.anchor_occurrence,
    )


def set_next_opening(series: Series, line: Timeline, *, now: datetime) -> None:
    """Write down when the next occurrence opens; a series without one is over."""
    following = line.window(series.next_occurrence)
    series.next_opens_at = following.opens_at if following else None
    if following is None:
        series.ended_at, series.ended_reason = now, OVER


def last_visits(book: Book, step: ActiveStep, customers: Iterable[int]) -> dict[int, datetime]:
    """Return when each customer's last completed visit ended: of this rule, or of any where the step counts any."""
    done = VisitTask.objects.filter(customer__in=list(customers), status=TaskStatus.DONE)
    if step.spec.counts == "rule":
        done = done.filter(step__rule__steps=step.step_id)
    found = done.order_by().values("customer").annotate(last=Max("completed_at"))
    return dict(found.values_list("customer", "last"))


def start_series(
    book: Book, step: ActiveStep, facts: Iterable[EventFacts], calendar: WorkCalendar, *, now: datetime
) -> None:
    """Write down, for each event whose occurrence 0 was made, what its series makes next."""
    by_id = {event.event_id: event for event in facts}
    first = VisitTask.objects.filter(event__in=by_id, step=step.step_id, release=book.release_id, occurrence=0)
    begun = [
        _begun(book, step, by_id[task.event_id], calendar, task, now=now)
        for task in first.exclude(status=TaskStatus.CANCELLED)
    ]
    Series.objects.bulk_create(
        [series for series in begun if series.next_opens_at],
        update_conflicts=True,
        unique_fields=["event", "step"],
        update_fields=["anchor_at", "customer"],
    )


def _begun(
    book: Book, step: ActiveStep, event: EventFacts, calendar: WorkCalendar, first: VisitTask, *, now: datetime
) -> Series:
    """Return the series that follows the task of occurrence 0."""
    chain = step.cadence.is_chain
    series = Series(
        event_id=event.event_id,
        step_id=step.step_id,
        release_id=book.release_id,
        customer_id=event.customer_id,
        anchor_at=chain_anchor(window_of(first, book), reached_at=None, zone=book.zone) if chain else event.happened_at,
        anchor_occurrence=1 if chain else 0,
        next_occurrence=1,
    )
    set_next_opening(series, line_of(book, step, event, calendar, series), now=now)
    return series


def window_of(task: VisitTask, book: Book) -> Window:
    """Return the window that a task was made with."""
    closes_on = None if task.closes_inclusive else local_date(task.closes_at, book.zone)
    if closes_on is not None:
        closes_on = closes_on.fromordinal(closes_on.toordinal() - 1)  # the bound is 00:00 of the next day
    return Window(task.opens_at, task.closes_at, task.closes_inclusive, None, closes_on)


def continue_series(rulebook: Rulebook, office: Office, calendar: WorkCalendar) -> int:
    """Make every later occurrence that has opened, in order; return how many tasks were made."""
    ward = Ward("continue_series", "series", now=office.now, labels=order_numbers)
    made = 0
    while ids := _due(office, without=ward.out()):
        made += ward.work(ids, lambda part: _continue(part, rulebook, office, calendar))["tasks"]
    ward.close()
    return made


def order_numbers(ids: Iterable[int]) -> dict[int, str]:
    """Return the orders that series belong to, by which they are called where no customer may be named."""
    return dict(Series.objects.filter(pk__in=list(ids)).values_list("pk", "event__order_no"))


def _due(office: Office, *, without: set[int]) -> list[int]:
    """Return up to `CHUNK` series that are due, the most overdue first."""
    due = Series.objects.filter(ended_at=None, next_opens_at__lte=office.now).order_by("next_opens_at", "pk")
    return list((due.exclude(pk__in=without) if without else due).values_list("pk", flat=True)[:CHUNK])


def _continue(ids: Sequence[int], rulebook: Rulebook, office: Office, calendar: WorkCalendar) -> Counter[str]:
    """Advance these series by one occurrence; return how many tasks were made."""
    turns = list(due_turns(ids, rulebook, office, calendar))
    groups: dict[tuple[int, int], list[Turn]] = defaultdict(list)
    for turn in turns:
        groups[turn.book.release_id, turn.step.step_id].append(turn)
    made = sum(_make(group, office) for group in groups.values())
    Series.objects.bulk_update(
        [turn.series for turn in turns],
        ["anchor_at", "anchor_occurrence", "next_occurrence", "next_opens_at", "ended_at", "ended_reason"],
    )
    for (_release, step_id), group in groups.items():
        _miss_superseded(step_id, [turn.facts.event_id for turn in group])
    return Counter({"tasks": made})


def due_turns(ids: Sequence[int], rulebook: Rulebook, office: Office, calendar: WorkCalendar) -> Iterator[Turn]:
    """Yield those of the series that are still due, most overdue first; those whose rule was retired end here."""
    due = Series.objects.filter(pk__in=ids, ended_at=None, next_opens_at__lte=office.now)
    facts = {row[0]: EventFacts(*row[1:]) for row in due.values_list("pk", *FACTS)}
    for series in due.order_by("next_opens_at", "pk"):
        book = rulebook.book(series.release_id)
        found = book.step(series.step_id) if book else None
        if book is None or found is None or not rulebook.goes_on(series.step_id, series.release_id):
            end_series(series, reason=RETIRED, now=office.now)
            continue
        yield Turn(series, book, *found, facts[series.pk], calendar)


def end_series(series: Series, *, reason: str, now: datetime) -> None:
    """Let a series make no further occurrence."""
    Series.objects.filter(pk=series.pk, ended_at=None).update(ended_at=now, ended_reason=reason, next_opens_at=None)


def _make(turns: list[Turn], office: Office) -> int:
    """Make the next occurrence of series of one step, and move each behind it."""
    first = turns[0]
    turns = _without_waiting(turns, now=office.now)
    windows = [(turn, turn.window()) for turn in turns]
    wanted = _wanted(first, turns)
    places = {local_date(window.opens_at, first.book.zone) for _turn, window in windows if window}
    pools = pools_for(first.book, first.step, {(on, "") for on in places}) if first.rule.spec.is_on_customers else {}
    slots = []
    for turn, window in windows:
        if window is None:
            set_next_opening(turn.series, turn.timeline, now=office.now)
            continue
        if turn.facts.event_id in wanted:
            pool = pools.get((local_date(window.opens_at, first.book.zone), ""))
            slots.append(Slot(turn.facts.event_id, turn.series.next_occurrence, window, pool))
        turn.advance(window, now=office.now)
    events = among("e.id", [turn.facts.event_id for turn in turns])
    return insert_tasks(Batch(first.book, first.rule, first.step, slots, events, bound=False, judged=False), office)


def _without_waiting(turns: list[Turn], *, now: datetime) -> list[Turn]:
    """Put off the chains whose task at hand is undone and still in time: a chain has one task at a time."""
    step = turns[0].step
    if not step.cadence.is_chain:
        return turns
    events = [turn.facts.event_id for turn in turns]
    undone = VisitTask.objects.filter(event__in=events, step=step.step_id, status__in=UNDONE, closes_at__gt=now)
    bounds = {(event, number): at for event, number, at in undone.values_list("event_id", "occurrence", "closes_at")}
    ready = []
    for turn in turns:
        bound = bounds.get((turn.facts.event_id, turn.series.next_occurrence - 1))
        if bound is None:
            ready.append(turn)
        else:
            turn.series.next_opens_at = bound
    return ready


def _wanted(first: Turn, turns: list[Turn]) -> set[int]:
    """Return the events whose series goes on: of a sampled step on events, those whose occurrence 0 was drawn."""
    events = {turn.facts.event_id for turn in turns}
    if first.step.spec.sample is None or first.rule.spec.is_on_customers:
        return events
    drawn = VisitTask.objects.filter(event__in=events, step=first.step.step_id, occurrence=0, sampled=True)
    return set(drawn.values_list("event_id", flat=True))


def _miss_superseded(step_id: int, events: list[int]) -> None:
    """Close what a later occurrence has overtaken undone: missed, it counts as due (DECISIONS 17)."""
    last = (
        "SELECT MAX(l.occurrence) FROM visits_visittask l "
        "WHERE l.event_id = visits_visittask.event_id AND l.step_id = visits_visittask.step_id"
    )
    states = tuple(status.value for status in UNDONE)
    (
        Sql(
            "UPDATE visits_visittask SET status = %s, closed_reason = %s WHERE step_id = %s "
            f"AND status IN (%s, %s, %s) AND occurrence < ({last}) AND",
            (TaskStatus.MISSED.value, SUPERSEDED, step_id, *states),
        )
        + among("event_id", events)
    ).run()
