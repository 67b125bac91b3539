"""Figures over what was said: visits by who made them, scores by whose customer it was, problems by who answers."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from django.db.models import BigIntegerField, Case, Count, Exists, F, OuterRef, Q, QuerySet, Sum, When
from django.db.models.functions import Cast, Round

from config.packs.rule import StepSpec
from reports.domain.figures.cases import is_settled, issues
from reports.domain.figures.limiting import events_of, visits_of
from reports.domain.figures.query import Query, Row
from staff.domain.conditions import as_number
from staff.domain.policies import spec_of
from staff.models import Release
from visits.choices import FollowUpKind, FollowUpState
from visits.models import FollowUpItem, RecordTask, VisitRecord

HUNDRED = 100
PROMOTER, DETRACTOR = 9, 6  # of an answer from 0 to 10: who recommends, and from where down one advises against


def satisfaction_rate(asked: Query) -> Iterator[Row]:
    """Yield visits rated good / rated; basis `visited`: / all visits."""
    yield from _share(asked, rated(asked), Q(satisfied=True))


def rated(asked: Query) -> QuerySet[VisitRecord]:
    """Return the visits over which satisfaction is measured."""
    found = visits_of(asked)
    return found if asked.kpi.basis == "visited" else found.filter(satisfied__isnull=False)


def visit_count(asked: Query) -> Iterator[Row]:
    """Yield the number of visits, or of customers visited; each has the denominator 1."""
    yield from _counted(asked, visits_of(asked))


def css_average(asked: Query) -> Iterator[Row]:
    """Yield the sum of scores / scores: of visits by who made them, basis `events`: of events by their advisor."""
    if asked.kpi.basis == "events":
        yield from _average(events_of(asked).filter(css__isnull=False), "css")
    else:
        yield from _average(visits_of(asked).filter(css__isnull=False), "css")


def nps(asked: Query) -> Iterator[Row]:
    """Yield a hundred times (promoters less detractors) / answers, so that the figure lies between -100 and 100."""
    rows = visits_of(asked).filter(nps__isnull=False).order_by().values("advisor", "branch")
    sums = rows.annotate(
        better=Count("pk", filter=Q(nps__gte=PROMOTER)), worse=Count("pk", filter=Q(nps__lte=DETRACTOR)),
        all=Count("pk"),
    )  # fmt: skip
    for who, where, better, worse, count in sums.values_list("advisor", "branch", "better", "worse", "all"):
        yield who, where, HUNDRED * (better - worse), count


def answer_average(asked: Query) -> Iterator[Row]:
    """Yield the sum of numeric answers / such answers, of the questions that `of` names."""
    questions = asked.parts("questionnaire")
    for who, where, answers in visits_of(asked).values_list("advisor", "branch", "answers"):
        for code in questions & set(answers):
            if (value := as_number(answers[code])) is not None:
                yield who, where, Fraction(value), 1


def duration_rate(asked: Query) -> Iterator[Row]:
    """Yield calls within the bounds of their step / calls of steps with bounds, whose length is known."""
    bounds: dict[tuple[int, str, str], tuple[int, int]] = {}
    links = RecordTask.objects.filter(
        record__in=visits_of(asked), record__ended_at__isnull=False, task__release__policy=asked.policy, completes=True
    ).order_by("record", "pk")
    seen: set[int] = set()
    rows = links.values_list(
        "record", "task__release", "task__step__rule__code", "task__step__code", "record__advisor", "record__branch",
        "record__started_at", "record__ended_at",
    )  # fmt: skip
    for record, release, rule, step, who, where, started, ended in rows:
        shortest, longest = _bounds(bounds, release, rule, step)
        if record in seen or ended is None or not (shortest or longest):
            continue
        seen.add(record)
        seconds = (ended - started).total_seconds()
        yield who, where, int(seconds >= shortest and (not longest or seconds <= longest)), 1


def _bounds(known: dict[tuple[int, str, str], tuple[int, int]], release: int, rule: str, step: str) -> tuple[int, int]:
    """Return the shortest and longest call of a step in seconds, as the release of its task says."""
    key = (release, rule, step)
    if key not in known:
        pack = spec_of(Release.objects.get(pk=release))
        spec = _step(pack.rule(rule), step)
        known[key] = (spec.min_seconds, spec.max_seconds) if spec else (0, 0)
    return known[key]


def _step(rule: object, code: str) -> StepSpec | None:
    return next((one for one in getattr(rule, "step", ()) if one.code == code), None)


def resolution_rate(asked: Query) -> Iterator[Row]:
    """Yield problems and cases settled / reported, by the day of the report and by who answers for them (K-13)."""
    rows = problems(asked).order_by().values("owner", "branch")
    sums = rows.annotate(met=Count("pk", filter=settled(asked)), all=Count("pk"))
    yield from sums.values_list("owner", "branch", "met", "all")
    closed = set(issues(asked).filter(is_settled(asked)).values_list("pk", flat=True))
    for pk, who, where in issues(asked).values_list("pk", "handler", "branch"):
        yield who, where, int(pk in closed), 1


def settled(asked: Query) -> Q:
    """Return the condition that a problem was settled as of then."""
    return Q(state=FollowUpState.SETTLED, closed_at__lt=asked.until)


def problems(asked: Query) -> QuerySet[FollowUpItem]:
    """Return the problems that were reported in the period: in visits of the policy, or outside of any visit."""
    found = FollowUpItem.objects.standing().filter(
        kind=FollowUpKind.PROBLEM, opened_at__gte=asked.since, opened_at__lt=asked.until
    )
    links = RecordTask.objects.filter(record=OuterRef("record"), task__release__policy=asked.policy)
    if asked.rules:
        return found.filter(Exists(links.filter(task__step__rule__code__in=asked.rules)))
    return found.filter(Exists(links) | Q(record=None))


def _share(asked: Query, found: QuerySet[VisitRecord], good: Q) -> Iterator[Row]:
    counted, once = _what(asked)
    rows = found.annotate(good=Case(When(good, then=1), default=0)).order_by().values("advisor", "branch")
    sums = rows.annotate(met=Count(counted, distinct=once, filter=Q(good=1)), all=Count(counted, distinct=once))
    yield from sums.values_list("advisor", "branch", "met", "all")


def _counted(asked: Query, found: QuerySet[VisitRecord]) -> Iterator[Row]:
    counted, once = _what(asked)
    sums = found.order_by().values("advisor", "branch").annotate(all=Count(counted, distinct=once))
    for who, where, count in sums.values_list("advisor", "branch", "all"):
        yield who, where, count, 1


def _what(asked: Query) -> tuple[str, bool]:
    """Return what is counted, visits or customers, and whether each once."""
    return ("customer", True) if asked.kpi.count == "customers" else ("pk", False)


def _average(found: QuerySet, score: str) -> Iterator[Row]:
    """Yield sum and number of a score with two decimal places, summed as whole hundredths: no float rounds them."""
    cents = Cast(Round(F(score) * Decimal(HUNDRED)), BigIntegerField())
    sums = found.order_by().values("advisor", "branch").annotate(cents=Sum(cents), all=Count("pk"))
    for who, where, total, count in sums.values_list("advisor", "branch", "cents", "all"):
        yield who, where, Fraction(total, HUNDRED), count
