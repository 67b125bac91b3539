"""Why there is a task: its clause, release, rule and step, what was found, the sum of its dates, and why this person.

`visits.domain.explaining.omitting` answers the other question: why there is none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from config.clock import local_day
from config.packs.duration import Duration
from config.packs.pack import Pack
from config.packs.policy import ClauseSpec
from config.packs.rule import SampleSpec
from staff.domain.calendar import WorkCalendar, day_start
from staff.models import WorkdayOverride
from visits.domain.explaining.delaying import delay_words
from visits.domain.explaining.hearing import Try, Verdict
from visits.domain.explaining.naming import who
from visits.domain.explaining.omitting import WhyNot, why_not
from visits.domain.explaining.tracing import Anchor, Trace, Tracer
from visits.domain.explaining.wording import Judged, judged
from visits.domain.matching.facts import facts_of
from visits.domain.planning.rulebook import ActiveRule, ActiveStep, Book, load_rulebook
from visits.domain.planning.series import window_of
from visits.domain.timing.recurrence import chain_anchor
from visits.domain.timing.windows import GIVEN
from visits.models import Series, ServiceEvent, VisitTask

VISITS_TRIED = 5
__all__ = ["Try", "Verdict", "Why", "WhyNot", "why", "why_not"]


@dataclass(frozen=True)
class Why:
    """Why a task is there. Every part is a sentence ready to show; `lines` are all of them in their order.

    `conditions` are judged by what is known today; `trace` is None where somebody moved the task by hand.
    """

    task: int
    policy: str
    release: int
    clauses: tuple[ClauseSpec, ...]
    rule: str
    step: str
    event: str
    occurrence: int
    conditions: tuple[Judged, ...]
    trace: Trace | None
    window: str
    person: str
    draw: str
    delay: str
    state: str

    @property
    def lines(self) -> tuple[str, ...]:
        """Return all of it, a sentence a line."""
        return tuple(line for line in self._told() if line)

    def _told(self) -> Iterator[str]:
        yield _("Regulation: %(policy)s, release %(number)d") % {"policy": self.policy, "number": self.release}
        for clause in self.clauses:
            yield _("Clause %(ref)s: %(text)s") % {"ref": clause.ref, "text": clause.text}
        yield _("Rule: %(rule)s, step: %(step)s") % {"rule": self.rule, "step": self.step}
        yield _("Because of: %s") % self.event
        if self.occurrence:
            yield _("Time %d of this step for this event") % (self.occurrence + 1)
        for condition in self.conditions:
            yield _("Condition: %s") % condition.text
        if self.trace:
            yield _("Opens: %s") % self.trace.opening
            yield _("In time until: %s") % self.trace.closing
        yield self.window
        yield self.draw
        yield self.person
        yield self.delay
        yield self.state


def why(task: VisitTask, *, now: datetime) -> Why:
    """Return why `task` is there, as of `now`; a constant number of queries."""
    task = VisitTask.objects.select_related(
        "event__kind", "event__advisor", "customer__owner", "assignee", "department", "branch", "pool", "step__rule",
        "release__policy",
    ).get(pk=task.pk)  # fmt: skip
    book, rule, step = _origin(task)
    spec = {"rule": rule.spec, "step": step.spec} if rule and step else {}
    facts = facts_of([task.event], on=local_day(now)).get(task.event_id, {})
    return Why(
        task=task.pk,
        policy=task.release.policy.title,
        release=task.release.number,
        clauses=clauses_of(book.pack, task.step.rule.code, task.step.code) if book else (),
        rule=titled(spec.get("rule"), task.step.rule.code),
        step=titled(spec.get("step"), task.step.code),
        event=event_text(task.event),
        occurrence=task.occurrence,
        conditions=judged((*rule.spec.when, *step.spec.when), facts) if rule and step else (),
        trace=trace_of(task, book, step) if book and step else None,
        window=window_text(task, book),
        person=who(task),
        draw=draw_text(task, step.spec.sample if step else None),
        delay=delay_words(task),
        state=state_text(task),
    )


def _origin(task: VisitTask) -> tuple[Book | None, ActiveRule | None, ActiveStep | None]:
    book = load_rulebook().book(task.release_id)
    found = book.step(task.step_id) if book else None
    return (book, *found) if book and found else (book, None, None)


def titled(spec: Any, code: str) -> str:
    """Return what a rule or step is called: its title, else its code."""
    return spec.title if spec is not None and spec.title else code


def clauses_of(pack: Pack, rule: str, step: str) -> tuple[ClauseSpec, ...]:
    """Return the clauses of the regulation that this step carries out."""
    names = {f"visit_rule:{rule}", f"visit_rule:{rule}/{step}"}
    return tuple(clause for clause in pack.clause if names & set(clause.enforced_by))


def event_text(event: ServiceEvent) -> str:
    """Return an event as people know it: kind, order number, local day."""
    return f"{event.kind.title or event.kind.code} {event.order_no} ({event.happened_on})"


def trace_of(task: VisitTask, book: Book, step: ActiveStep) -> Trace | None:
    """Return the sums that lead to the window which the task has; None where it was moved since."""
    for anchor in anchors_of(task, book, step):
        trace = tracer_of(task, book, step).trace(anchor, task.occurrence)
        if trace and (trace.window.opens_at, trace.window.closes_at) == (task.opens_at, task.closes_at):
            return trace
    return None


def tracer_of(task: VisitTask, book: Book, step: ActiveStep) -> Tracer:
    """Return what the windows of the task's step depend on."""
    interval = task.customer.visit_interval
    calendar = WorkCalendar(dict(WorkdayOverride.objects.values_list("on", "is_workday")))
    given = due_of(task.event, book) if step.cadence.closes == GIVEN else None
    return Tracer(step.cadence, book.zone, calendar, given, Duration.parse(interval) if interval else None)


def due_of(event: ServiceEvent, book: Book) -> datetime | date | None:
    """Return the event's own due: a moment where it has a time of day, else its local date."""
    if event.due_at is None or event.due_has_time:
        return event.due_at
    return event.due_at.astimezone(book.zone).date()


def anchors_of(task: VisitTask, book: Book, step: ActiveStep) -> Iterator[Anchor]:
    """Yield what the task may have been counted from, the likeliest first."""
    event = task.event
    if step.cadence.is_chain:
        yield from _links_of(task, book)
    series = Series.objects.filter(event=event, step=task.step_id).first() if step.cadence.is_recurring else None
    if series and series.anchor_occurrence <= task.occurrence and series.anchor_at != event.happened_at:
        yield Anchor(_("counted since"), series.anchor_at, series.anchor_occurrence)
    yield Anchor(event.kind.title or event.kind.code, event.happened_at)
    judged_on = local_day(task.created_at, book.zone.key)
    yield Anchor(_("the conditions hold since"), day_start(judged_on, book.zone), task.occurrence)


def _links_of(task: VisitTask, book: Book) -> Iterator[Anchor]:
    """Yield what a link of a chain may be counted from: the visit before, or the bound of an unreached one."""
    others = VisitTask.objects.filter(customer=task.customer_id).exclude(pk=task.pk)
    before = others.filter(event=task.event_id, step=task.step_id, occurrence=task.occurrence - 1).first()
    if before and before.completed_at:
        yield Anchor(_("last visit"), before.completed_at, task.occurrence)
    if before:
        end = chain_anchor(window_of(before, book), reached_at=None, zone=book.zone)
        yield Anchor(_("end of the window before"), end, task.occurrence)
    done = others.filter(completed_at__isnull=False).order_by("-completed_at")
    for visit in done.only("completed_at")[:VISITS_TRIED]:
        if visit.completed_at:
            yield Anchor(_("last visit"), visit.completed_at, task.occurrence)


def window_text(task: VisitTask, book: Book | None) -> str:
    """Return the window itself, in the policy's local time."""
    zone = book.zone if book else None
    opens, closes = task.opens_at.astimezone(zone), task.closes_at.astimezone(zone)
    until = f"{closes:%Y-%m-%d %H:%M}"
    if not task.closes_inclusive:
        until = date.fromordinal(closes.date().toordinal() - 1).isoformat()
    return _("Window: %(opens)s – %(until)s") % {"opens": f"{opens:%Y-%m-%d %H:%M}", "until": until}


def draw_text(task: VisitTask, sample: SampleSpec | None) -> str:
    """Return what a draw decided, or when it will; empty where nothing is drawn."""
    if sample is None or task.pool is None:
        return ""
    told = {"size": sample_text(sample), "pool": task.pool.key}
    if task.sampled:
        return _("Drawn: %(size)s of the pool %(pool)s") % told
    if task.sampled is None:
        return _("Waits for the draw: %(size)s of the pool %(pool)s") % told
    return _("Not drawn: %(size)s of the pool %(pool)s") % told


def sample_text(sample: SampleSpec) -> str:
    """Return how much of a pool is drawn: "30 %", "20"."""
    return f"{sample.rate * 100:f}".rstrip("0").rstrip(".") + " %" if sample.rate is not None else str(sample.count)


def state_text(task: VisitTask) -> str:
    """Return where the task stands, with the reason if it was closed."""
    state = _("State: %s") % task.get_status_display()
    return f"{state} ({_(task.closed_reason)})" if task.closed_reason else state
