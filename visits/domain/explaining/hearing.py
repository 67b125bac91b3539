"""One rule before one event: the checks of planning, one after the other, and what the first that fails says.

It follows `visits.domain.planning.selecting` check by check; a test lets planning and this module judge the same crowd.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from config.packs.codes import CUSTOMER, MANY_KINDS
from config.packs.rule import RuleSpec, StepSpec
from staff.domain import conditions as judging
from staff.domain.calendar import day_start
from visits.choices import WORKABLE, TaskStatus
from visits.domain.explaining.wording import Judged, judged
from visits.domain.planning.anchoring import EventFacts, timeline
from visits.domain.planning.events import load_calendar, rules
from visits.domain.planning.rulebook import VISIT_RECORDED, ActiveRule, Book, Rulebook
from visits.domain.timing.windows import GIVEN
from visits.models import EventBinding, EventKind, ServiceEvent, VisitTask


class Verdict(StrEnum):
    """What one step came to for one event."""

    TASK = "task"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    NOT_DRAWN = "not_drawn"
    WAITS_FOR_DRAW = "waits_for_draw"
    HISTORY = "history"
    NOT_PLANNED = "not_planned"
    NO_POLICY = "no_policy"
    BEFORE_EFFECTIVE = "before_effective"
    RETIRED = "retired"
    WAITING = "waiting"
    OTHER_KIND = "other_kind"
    OWN_VISIT = "own_visit"
    DEPARTMENT = "department"
    CONDITION = "condition"
    TAKEN = "taken"
    NO_DUE = "no_due"
    OVER = "over"
    LEFT = "left"
    AT_NIGHT = "at_night"
    NOT_CALLED_FOR = "not_called_for"


@dataclass(frozen=True)
class Try:
    """One step tried on one event. `text` says what it came to; `failed` are the conditions that did not hold.

    `rule` and `step` are empty where a whole policy, or the event itself, is ruled out; `event` is None for a customer
    who has none yet.
    """

    verdict: Verdict
    text: str
    policy: str = ""
    release: int | None = None
    rule: str = ""
    step: str = ""
    event: int | None = None
    failed: tuple[Judged, ...] = ()

    @property
    def line(self) -> str:
        """Return it as one line: policy, rule, step and what they came to."""
        place = " › ".join(part for part in (self.policy, self.rule, self.step) if part)
        return _("%(place)s: %(text)s") % {"place": place, "text": self.text} if place else self.text


@dataclass(frozen=True)
class Case:
    """An event with its facts and what exists of it."""

    event: ServiceEvent
    facts: Mapping[str, Any]
    on: date

    @cached_property
    def kind(self) -> str:
        """Return the code of the event's kind."""
        return self.event.kind.code

    @cached_property
    def titles(self) -> dict[str, str]:
        """Return what kinds of events are called."""
        return dict(EventKind.objects.values_list("code", "title"))

    @cached_property
    def is_customer(self) -> bool:
        """Whether the event stands for the customer himself."""
        return self.kind == CUSTOMER

    @cached_property
    def tasks(self) -> dict[int, VisitTask]:
        """Return the latest task of each step."""
        found = self.event.tasks.select_related("pool", "step").order_by("occurrence")
        return {task.step_id: task for task in found}

    @cached_property
    def work(self) -> frozenset[int]:
        """Return the rules under which the customer has a task to come."""
        found = VisitTask.objects.filter(customer=self.event.customer_id, status__in=WORKABLE)
        return frozenset(found.values_list("step__rule_id", flat=True))

    def books(self, rulebook: Rulebook) -> dict[int, Book]:
        """Return the release of each policy that rules the event."""
        if self.is_customer:
            return {book.policy_id: book for book in rulebook.in_force() if book.since <= self.on}
        bindings = EventBinding.objects.filter(event=self.event.pk).values_list("policy_id", "release_id")
        bound = {policy: rulebook.book(release) for policy, release in bindings}
        return {policy: book for policy, book in bound.items() if book}


@dataclass(frozen=True)
class Hearing:
    """One rule before one event under one release: the checks of planning, in their order."""

    book: Book
    rule: RuleSpec
    rule_id: int
    active: ActiveRule | None  # None: the whole rule waits for a figure
    case: Case
    waiting: Mapping[str, bool] = field(default_factory=dict)  # by step: whether it waits for a figure

    def steps(self) -> Iterator[Try]:
        """Yield a try for each step that waits, has a task, or passed every check but made none."""
        refused = self._refusal()
        for step in self.rule.step:
            verdict, text, failed = self._of_task(step) or refused or self._of_step(step)
            yield Try(
                verdict, text, self.book.pack.policy.title, self.book.number, named(self.rule), named(step),
                self.case.event.pk, failed,
            )  # fmt: skip

    def _of_task(self, step: StepSpec) -> "Finding | None":
        ids = {one.spec.code: one.step_id for one in self.active.steps} if self.active else {}
        task = self.case.tasks.get(ids.get(step.code, 0))
        return of_task(task) if task else None

    def _refusal(self) -> "Finding | None":
        """Return what rules the whole rule out, the first of the checks that fails."""
        checks: tuple[Callable[[], Finding | None], ...] = (
            self._of_kind, self._of_figures, self._of_time, self._of_itself, self._of_department, self._of_conditions,
            self._of_group, self._of_customer,
        )  # fmt: skip
        return next((found for check in checks if (found := check())), None)

    def _of_kind(self) -> "Finding | None":
        if self.case.kind in self.rule.trigger:
            return None
        titles = self.case.titles
        kinds = pgettext("list", ", ").join(titles.get(code) or code for code in self.rule.trigger)
        told = {"kinds": kinds, "kind": titles.get(self.case.kind) or self.case.kind}
        return Verdict.OTHER_KIND, _("it listens to %(kinds)s, and this is %(kind)s") % told, ()

    def _of_figures(self) -> "Finding | None":
        return None if self.active else waiting_text(self.rule.blanks())

    def _of_time(self) -> "Finding | None":
        on = self.case.event.happened_on
        if self.case.is_customer or self.active is None or rules(self.book, self.active, on):
            return None
        tried = before("", self.case, self.book.floor)
        return tried.verdict, tried.text, ()

    def _of_itself(self) -> "Finding | None":
        said = self.case.event.attributes
        if VISIT_RECORDED not in self.rule.trigger or self.case.kind != VISIT_RECORDED:
            return None
        if (said.get("policy"), said.get("rule")) != (self.book.slug, self.rule.code):
            return None
        return Verdict.OWN_VISIT, _("it is a visit of this very rule"), ()

    def _of_department(self) -> "Finding | None":
        ruled = self.book.pack.policy.departments
        own = [self.case.facts.get("department"), self.case.facts.get("branch")]
        if not ruled or set(own) & set(ruled):
            return None
        found = next((name for name in own if name), _("none"))
        text = _("the regulation rules %(ruled)s; the event belongs to %(found)s")
        return Verdict.DEPARTMENT, text % {"ruled": pgettext("list", ", ").join(ruled), "found": found}, ()

    def _of_conditions(self) -> "Finding | None":
        failed = failed_of(self.rule, self.case.facts)
        return (Verdict.CONDITION, conditions_text(failed), failed) if failed else None

    def _of_group(self) -> "Finding | None":
        """Return which earlier rule of the group takes the event, or has work for the customer."""
        for rival in self.active.rivals if self.active else ():
            told = {"rule": named(rival.spec), "group": self.rule.group}
            if self._matches(rival):
                return Verdict.TAKEN, _("taken by the earlier rule %(rule)s of the group %(group)s") % told, ()
            if self._spares() and rival.rule_id in self.case.work:
                return Verdict.TAKEN, _("the customer has a task to come under the earlier rule %(rule)s") % told, ()
        return None

    def _spares(self) -> bool:
        return bool(self.rule.is_on_customers or set(self.rule.trigger) & set(MANY_KINDS))

    def _matches(self, rival: ActiveRule) -> bool:
        other = Hearing(self.book, rival.spec, rival.rule_id, rival, self.case)
        return not (other._of_kind() or other._of_itself() or failed_of(rival.spec, self.case.facts))

    def _of_customer(self) -> "Finding | None":
        customer = self.case.event.customer
        if not self.case.is_customer or (customer.left_at is None and customer.merged_into_id is None):
            return None
        return Verdict.LEFT, _("the customer is no longer one"), ()

    def _of_step(self, step: StepSpec) -> "Finding":
        """Return what keeps a step of a rule that takes the event from making a task."""
        if self.waiting.get(step.code):
            return waiting_text(step.blanks())
        if failed := failed_of(step, self.case.facts):
            return Verdict.CONDITION, conditions_text(failed), failed
        if step.closes == GIVEN and self.case.event.due_at is None:
            return Verdict.NO_DUE, _("it closes with the due of the event, which gives none"), ()
        if self._is_over(step):
            text = _("its window had closed before the regulation took effect on %s")
            return Verdict.OVER, text % self.book.since, ()
        if self.case.is_customer:
            return Verdict.AT_NIGHT, _("customers are judged every night; the next occurrence has not opened yet"), ()
        text = _("today it would be called for; when it was taken in it was not, and only a correction judges it anew")
        return Verdict.NOT_CALLED_FOR, text, ()

    def _is_over(self, step: StepSpec) -> bool:
        """Say whether the window of an earlier event closed before the release took effect."""
        own = next((one for one in self.active.steps if one.spec.code == step.code), None) if self.active else None
        if own is None or not self.rule.earlier:
            return False
        event, zone = self.case.event, self.book.zone
        facts = EventFacts(
            event.pk, event.customer_id, event.happened_at, event.happened_on, event.due_at, event.due_has_time,
            event.customer.visit_interval, event.order_no,
        )  # fmt: skip
        line = timeline(own.cadence, facts, anchor_at=event.happened_at, zone=zone, calendar=load_calendar())
        found = line.window(0)
        return found is not None and found.closes_at <= day_start(self.book.since, zone)


Finding = tuple[Verdict, str, tuple[Judged, ...]]


def before(policy: str, case: "Case", since: date, *, rule: str = "") -> Try:
    """Return that the event lies before the time that a regulation rules."""
    text = _("it happened on %(day)s, before the regulation takes effect on %(since)s")
    told = text % {"day": case.event.happened_on, "since": since}
    return Try(Verdict.BEFORE_EFFECTIVE, told, policy, rule=rule, event=case.event.pk)


def of_task(task: VisitTask) -> Finding:
    """Return what a step's task came to."""
    match task.status:
        case TaskStatus.EXPIRED:
            return Verdict.EXPIRED, _("taken in late: its window had closed by then, so it is nobody's work"), ()
        case TaskStatus.CANCELLED:
            reason = _(task.closed_reason) if task.closed_reason else _("cancelled")
            return Verdict.CANCELLED, _("its task was cancelled: %s") % reason, ()
        case TaskStatus.NOT_SAMPLED:
            key = task.pool.key if task.pool else ""
            return Verdict.NOT_DRAWN, _("it was not drawn from the pool %s") % key, ()
        case TaskStatus.PLANNED if task.pool and task.sampled is None:
            return Verdict.WAITS_FOR_DRAW, _("it waits for the draw from the pool %s") % task.pool.key, ()
        case _:
            return Verdict.TASK, _("it has a task: %s") % task.get_status_display(), ()


def waiting_text(blanks: list[str]) -> Finding:
    """Return that a rule or step waits for the figures that the regulation leaves open."""
    return Verdict.WAITING, _("it waits for a figure: %s") % ", ".join(blanks), ()


def named(spec: RuleSpec | StepSpec) -> str:
    """Return what a rule or step is called: its title, else its code."""
    return spec.title or spec.code


def failed_of(spec: RuleSpec | StepSpec, facts: Mapping[str, Any]) -> tuple[Judged, ...]:
    """Return the conditions of a rule or step that keep it from holding, with what was found."""
    return judged(judging.failing(spec.when, spec.match, facts), facts)


def conditions_text(failed: tuple[Judged, ...]) -> str:
    """Return the conditions that did not hold, with what was found."""
    return _("demanded: %s") % _("; ").join(one.text for one in failed)
