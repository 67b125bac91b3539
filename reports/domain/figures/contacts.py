"""Figures over what was said: visits by who made them, scores by whose customer it was, problems by who answers."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from django.db.models import (
    BigIntegerField,
    Case,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Round

from config.packs.rule import StepSpec
from reports.domain.figures.cases import issue_source, of_units, with_problems
from reports.domain.figures.counted import Counted, Path, Shown, day_of, segment_of
from reports.domain.figures.limiting import (
    events_of,
    holds_of,
    links_of,
    of_rules,
    steps_by,
    tasks_of,
    visits_of,
    visits_that_hold,
    with_first_link,
)
from reports.domain.figures.query import Query
from reports.domain.figures.tasks import SHOWN_CUSTOMER
from staff.domain.conditions import as_number
from visits.choices import FollowUpKind, FollowUpState
from visits.models import FollowUpItem, RecordTask, VisitRecord

HUNDRED = 100
PROMOTER, DETRACTOR = 9, 6  # of an answer from 0 to 10: who recommends, and from where down one advises against
OF_TASK: Final = {  # what a visit has of a task, by the path from its tie to that task
    "rule": "task__step__rule__code", "kind": "task__event__kind__code", "model": "task__event__vehicle__model",
}  # fmt: skip
PROOF: Final = "visits:record_proof"
SHOWN_VISIT: Final = Shown("pk", PROOF, mark="#")
SHOWN_ONE: Final = Shown("pk", PROOF, mark="#", value=Value(1))


def visits(asked: Query, found: QuerySet[VisitRecord], shown: Shown = SHOWN_VISIT, **what: Any) -> Counted:
    """Return visits of the period as they are counted: by who made them, in the branch of the visit.

    Of which rule, kind of event and model a visit is, the first of its tasks says that the figure looks at.
    """
    by: dict[str, Path] = {name: f"links__{path}" for name, path in OF_TASK.items()}
    by |= {"channel": "channel", "segment": segment_of("customer")}
    return Counted(
        found, "advisor", "branch", day_of("logged_at", asked.zone), "logged_at", shown, asked.zone,
        by=by, join=lambda rows: with_first_link(rows, asked), of_joined=frozenset(OF_TASK), **what,
    )  # fmt: skip


def of_visit(asked: Query, record: str = "pk") -> Mapping[str, Path]:
    """Return the dimensions of a visit, looked up for each row; `record` is the path to it."""
    prefix = "" if record == "pk" else f"{record}__"
    links = links_of(asked).filter(record=OuterRef(record)).order_by("pk")
    return {
        **{name: Subquery(links.values(path)[:1]) for name, path in OF_TASK.items()},
        "channel": f"{prefix}channel",
        "segment": segment_of(f"{prefix}customer"),
    }


def satisfaction_rate(asked: Query) -> tuple[Counted, ...]:
    """Return visits rated good / rated; basis `visited`: / all visits."""
    found = visits_of(asked)
    rated = found if asked.kpi.basis == "visited" else found.filter(satisfied__isnull=False)
    return (visits(asked, rated, good=Q(satisfied=True), **_once(asked, SHOWN_VISIT)),)


def visit_count(asked: Query) -> tuple[Counted, ...]:
    """Return the number of visits, or of customers visited."""
    return (visits(asked, visits_of(asked), **_once(asked, SHOWN_ONE)),)


def _once(asked: Query, shown: Shown) -> dict[str, Any]:
    """Return what is counted, visits or customers each once, and how it is shown."""
    once = asked.kpi.count == "customers"
    return {"shown": SHOWN_CUSTOMER, "each": "customer"} if once else {"shown": shown}


def css_average(asked: Query) -> tuple[Counted, ...]:
    """Return the sum of scores / scores: of visits by who made them, basis `events`: of events by their advisor.

    A score has two decimal places and is summed as whole hundredths: no float rounds them.
    """
    cents = Cast(Round(F("css") * Decimal(HUNDRED)), BigIntegerField())
    both: dict[str, Any] = {"value": cents, "scale": HUNDRED}
    if asked.kpi.basis != "events":
        found = visits_of(asked).filter(css__isnull=False)
        return (visits(asked, found, Shown("pk", PROOF, mark="#", value="css"), **both),)
    return (
        Counted(
            events_of(asked).filter(css__isnull=False), "advisor", "branch", F("happened_on"), "happened_on",
            Shown("order_no", "visits:event", value="css"), asked.zone, by=_of_event(asked), **both,
        ),
    )  # fmt: skip


def _of_event(asked: Query) -> Mapping[str, Path]:
    """Return the dimensions of an event; rule and channel are those of its first visit under the policy."""
    tasks = tasks_of(asked).filter(event=OuterRef("pk")).order_by("pk")
    return {
        "rule": Subquery(tasks.values("step__rule__code")[:1]), "channel": Subquery(tasks.values("channel")[:1]),
        "kind": "kind__code", "model": "vehicle__model", "segment": segment_of("customer"),
    }  # fmt: skip


def nps(asked: Query) -> tuple[Counted, ...]:
    """Return a hundred times (promoters less detractors) / answers, so that the figure lies between -100 and 100."""
    better = When(nps__gte=PROMOTER, then=HUNDRED)
    value = Case(better, When(nps__lte=DETRACTOR, then=-HUNDRED), default=0, output_field=IntegerField())
    found = visits_of(asked).filter(nps__isnull=False)
    return (visits(asked, found, Shown("pk", PROOF, mark="#", value="nps"), value=value),)


def answer_average(asked: Query) -> tuple[Counted, ...]:
    """Return the sum of numeric answers / such answers, of the questions that `of` names."""
    questions = sorted(asked.parts("questionnaire"))

    def weigh(answers: Mapping[str, Any]) -> Iterable[Fraction]:
        found = (as_number(answers[code]) for code in questions if code in answers)
        return [Fraction(value) for value in found if value is not None]

    return (visits(asked, visits_of(asked), columns=("answers",), weigh=weigh),)


def duration_rate(asked: Query) -> tuple[Counted, ...]:
    """Return calls within the bounds of their step / calls of steps with bounds, whose length is known.

    One that raised a complaint may last as long as it takes (U-07).
    Of a call about several visits it is the first step with bounds that it completes.
    """
    bounds = bounded_steps(asked.policy)
    if not bounds:
        return ()
    cases = (When(steps, then=number) for number, steps in enumerate(bounds.values()))
    which = Case(*cases, output_field=IntegerField())
    links = RecordTask.objects.filter(record=OuterRef("pk"), task__release__policy=asked.policy, completes=True)
    first = links.annotate(bound=which).filter(bound__isnull=False).order_by("pk").values("bound")[:1]
    found = visits_of(asked).filter(ended_at__isnull=False).annotate(bound=Subquery(first)).filter(bound__isnull=False)
    found = found.annotate(raised=Exists(complaints_raised()))
    good = Q(pk__in=[])
    for number, (shortest, longest) in enumerate(bounds):
        within = Q(bound=number, ended_at__gte=F("started_at") + timedelta(seconds=shortest))
        short_enough = Q(raised=True) | Q(ended_at__lte=F("started_at") + timedelta(seconds=longest))
        good |= within & short_enough if longest else within
    return (visits(asked, found, good=good),)


def complaints_raised() -> QuerySet[FollowUpItem]:
    """Return the complaints that the record of the outer query raised, as far as they stand."""
    return FollowUpItem.objects.standing().filter(record=OuterRef("pk"), kind=FollowUpKind.COMPLAINT)


def bounded_steps(policy: int) -> dict[tuple[int, int], Q]:
    """Return which tasks of contacts have which shortest and longest call in seconds."""

    def bounds(step: StepSpec) -> tuple[int, int] | None:
        return (step.min_seconds, step.max_seconds) if step.min_seconds or step.max_seconds else None

    return steps_by(policy, bounds, "task__")


def resolution_rate(asked: Query) -> tuple[Counted, ...]:
    """Return problems and cases settled / reported, by the day of the report and by who answers for them (K-13)."""
    of_problem = {
        "rule": of_visit(asked, "record")["rule"], "segment": segment_of("customer"), "model": "vehicle__model",
    }  # fmt: skip
    on = day_of("opened_at", asked.zone)
    shown = Shown("pk", "visits:follow_up", mark="#")
    own = Counted(
        problems(asked), "owner", "branch", on, "opened_at", shown, asked.zone, good=settled(asked), met_at="closed_at",
        by=of_problem,
    )  # fmt: skip
    return (own, issue_source(asked))


def settled(asked: Query) -> Q:
    """Return the condition that a problem was settled as of then."""
    return Q(state=FollowUpState.SETTLED, closed_at__lt=asked.until)


def problems(asked: Query) -> QuerySet[FollowUpItem]:
    """Return the problems that were reported in the period: in visits of the policy, or outside of any in its units.

    None where `of` names what they are not: other types of cases, levels, categories. `when` is judged by their visit.
    """
    found = FollowUpItem.objects.standing().filter(
        kind=FollowUpKind.PROBLEM, opened_at__gte=asked.since, opened_at__lt=asked.stops
    )
    if not with_problems(asked):
        return found.none()
    links = RecordTask.objects.filter(record=OuterRef("record"), task__release__policy=asked.policy)
    if asked.rules or asked.steps:
        found = found.filter(Exists(links.filter(of_rules(asked, "task__"))))
    else:
        found = found.filter(Exists(links) | Q(of_units(asked), record=None))
    if asked.conditions:
        told_in = VisitRecord.objects.filter(pk__in=found.values("record"))
        known = Q(record__in=visits_that_hold(asked, told_in))
        found = found.filter(known | Q(record=None)) if holds_of({}, asked) else found.filter(known)
    return found
