"""To which visits, tasks and events a figure is limited: those of the policy, of what `of` names, under `when`."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, TypeVar

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from config.packs.rule import StepSpec
from reports.domain.figures.query import Query
from staff.domain.conditions import holds
from staff.domain.policies import spec_of
from staff.models import Release
from visits.choices import Outcome
from visits.domain.calling.questioning import ANSWER
from visits.domain.matching.facts import facts_of
from visits.models import RecordTask, ServiceEvent, VisitRecord, VisitTask

What = TypeVar("What", bound=Hashable)


def tasks_of(asked: Query) -> QuerySet[VisitTask]:
    """Return the tasks of the policy to which the figure is limited, `when` left aside."""
    found = VisitTask.objects.filter(release__policy=asked.policy)
    if asked.channels:
        found = found.filter(channel__in=asked.channels)
    return found.filter(_named(asked))


def steps_by(policy: int, told: Callable[[StepSpec], What | None], prefix: str = "") -> dict[What, Q]:
    """Return which tasks are of a step of which something is told, by what it is, as the releases of the tasks say.

    `told` returns None of a step that does not count; `prefix` is the path to the task.
    """
    steps: dict[tuple[What, str, str], list[int]] = {}
    for release in Release.objects.filter(policy=policy, in_force_seq__isnull=False).order_by("pk"):
        for rule in spec_of(release).visit_rule:
            for step in rule.step:
                if (what := told(step)) is not None:
                    steps.setdefault((what, rule.code, step.code), []).append(release.pk)
    found: dict[What, Q] = {}
    for (what, rule_code, code), releases in steps.items():
        of = {"step__rule__code": rule_code, "step__code": code, "release__in": releases}
        one = Q(**{f"{prefix}{path}": value for path, value in of.items()})
        found[what] = found[what] | one if what in found else one
    return found


def of_rules(asked: Query, prefix: str = "") -> Q:
    """Return the condition that a task is of a rule or step that `of` names; all where it names none."""
    named = Q(**{f"{prefix}step__rule__code__in": asked.rules}) if asked.rules else Q()
    for rule, step in sorted(asked.steps):
        named |= Q(**{f"{prefix}step__rule__code": rule, f"{prefix}step__code": step})
    return named


def _named(asked: Query, prefix: str = "") -> Q:
    """Return the condition that a task is of a rule, step or kind of event that `of` names; all where it names none."""
    named = of_rules(asked, prefix)
    if asked.kinds:
        named |= Q(**{f"{prefix}event__kind__code__in": asked.kinds})
    return named


def links_of(asked: Query) -> QuerySet[RecordTask]:
    """Return the ties between visits and tasks of the policy to which the figure is limited."""
    return RecordTask.objects.filter(_linked(asked))


def _linked(asked: Query, prefix: str = "") -> Q:
    """Return the condition that a tie is to such a task; `prefix` is the path to the tie."""
    return _named(asked, f"{prefix}task__") & Q(**{f"{prefix}task__release__policy": asked.policy})


def with_first_link(found: QuerySet[VisitRecord], asked: Query) -> QuerySet[VisitRecord]:
    """Join each contact to its tie (``links``) to the first of its tasks that are looked at, and leave out others.

    A database shares joined rows out among its processes, and does not so with what it looks up for each row.
    """
    found = found.filter(_linked(asked, "links__")).annotate(link=F("links"), link_of=F("links__record"))
    return found.filter(~Exists(links_of(asked).filter(record=OuterRef("link_of"), pk__lt=OuterRef("link"))))


def visits_of(asked: Query) -> QuerySet[VisitRecord]:
    """Return the visits of the period: contacts with a customer who was reached, as they stand, under the policy.

    A visit belongs to the moment at which it was saved, which no correction moves.
    """
    found = VisitRecord.objects.current().filter(
        Exists(links_of(asked).filter(record=OuterRef("pk"))),
        outcome=Outcome.REACHED,
        logged_at__gte=asked.since,
        logged_at__lt=asked.stops,
    )
    if asked.channels:
        found = found.filter(channel__in=asked.channels)
    return found.filter(pk__in=visits_that_hold(asked, found)) if asked.conditions else found


def events_of(asked: Query) -> QuerySet[ServiceEvent]:
    """Return the events of the period in the departments and branches that the policy rules."""
    found = ServiceEvent.objects.filter(happened_on__gte=asked.period.first, happened_on__lte=asked.period.last)
    if names := asked.pack.policy.departments:
        found = found.filter(Q(department__name__in=names) | Q(branch__name__in=names))
    if asked.kinds:
        found = found.filter(kind__code__in=asked.kinds)
    if asked.rules or asked.steps:
        found = found.filter(Exists(tasks_of(asked).filter(event=OuterRef("pk"))))
    if asked.conditions:
        found = found.filter(pk__in=events_that_hold(asked, found.values_list("pk", flat=True)))
    return found


def due_that_hold(asked: Query, found: QuerySet[VisitTask]) -> QuerySet[VisitTask]:
    """Keep the tasks under `when`: by the facts of their events, their rule and their step."""
    if not asked.conditions:
        return found
    rows = list(found.values_list("pk", "event", "step__rule__code", "step__code", "channel"))
    known = event_facts(asked, {event for _pk, event, *_rest in rows})
    kept = [
        pk
        for pk, event, rule, step, channel in rows
        if holds_of({**known[event], "rule": rule, "step": step, "channel": channel}, asked)
    ]
    return found.filter(pk__in=kept)


def events_that_hold(asked: Query, ids: Iterable[int]) -> list[int]:
    """Return the events under `when`, as of the last day of the period."""
    return [pk for pk, facts in event_facts(asked, ids).items() if holds_of(facts, asked)]


def event_facts(asked: Query, ids: Iterable[int]) -> Mapping[int, Mapping[str, Any]]:
    """Return the facts of events as of the last day of the period."""
    return facts_of([ServiceEvent(pk=pk) for pk in ids], on=asked.whole.last)


def visits_that_hold(asked: Query, found: QuerySet[VisitRecord]) -> list[int]:
    """Return the visits under `when`: by their own facts, and those of the event that the first of their tasks is of.

    Of the tasks that the figure looks at: what else was talked about in the same call does not matter to it.
    """
    links = links_of(asked).filter(record__in=found).order_by("-pk")
    events = {record: (event, rule, step) for record, event, rule, step in links.values_list(
        "record", "task__event", "task__step__rule__code", "task__step__code")}  # fmt: skip
    known = event_facts(asked, {event for event, _rule, _step in events.values()})
    kept = []
    for record in found:
        event, rule, step = events[record.pk]
        facts = {**known[event], **record_facts(record), "rule": rule, "step": step}
        if holds_of(facts, asked):
            kept.append(record.pk)
    return kept


def record_facts(record: VisitRecord) -> dict[str, Any]:
    """Return what conditions may ask about a visit as it was kept."""
    names = (
        "channel", "outcome", "satisfied", "css", "nps", "problem", "need", "suggestion", "rectification", "summary",
    )  # fmt: skip
    seconds = (record.ended_at - record.started_at).total_seconds() if record.ended_at else None
    return (
        {name: getattr(record, name) for name in names}
        | {"result": record.outcome, "time": record.started_at, "reason": record.displeasure, "seconds": seconds}
        | {ANSWER + code: value for code, value in record.answers.items()}
    )


def holds_of(facts: Mapping[str, Any], asked: Query) -> bool:
    """Say whether the conditions of a figure hold of these facts."""
    return holds(asked.conditions, asked.kpi.match, facts)
