"""Figures over the book of complaints: how many, answered, reopened, how long they took, what making good cost.

A case belongs to the day on which the customer told of it, to the unit that it is about, and to whoever handles it.
Duplicates count once; what was withdrawn, or is exempt under a code of its regulation, stands in no figure (K-14, 15).
`of` limits them to types of cases, and to categories and levels of the regulation.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value

from complaints.choices import CaseDeedKind, CaseState, CaseType, SpendingState
from complaints.domain.facts import facts_of_case
from complaints.models import Case, CaseDeed, Compensation
from config.packs.codes import CASE_TYPES
from reports.domain.figures.counted import Counted, Path, Shown, day_of, segment_of
from reports.domain.figures.limiting import of_rules
from reports.domain.figures.measured import number, plain
from reports.domain.figures.query import Query
from staff.domain.conditions import holds
from visits.choices import FollowUpKind
from visits.models import FollowUpItem, RecordTask

HOUR: Final = timedelta(hours=1)
CASE: Final = "complaints:case"
SHOWN: Final = Shown("number", CASE)
IN_HOURS: Final = Shown("number", CASE, words=number)
OF_CASE: Final[Mapping[str, Path]] = {
    "category": "category", "kind": "event__kind__code", "model": "vehicle__model", "segment": segment_of("customer"),
}  # fmt: skip
COMPLAINTS: Final = frozenset({CaseType.COMPLAINT.value})
ISSUES: Final = frozenset({CaseType.COMPLAINT.value, CaseType.PROBLEM.value, CaseType.REPAIR.value})
RELATED: Final = ("release", "customer", "branch", "department")
STANDS: Final = (CaseDeedKind.WAITING, CaseDeedKind.MERGED)  # of a duplicate: nobody owed anything for it then
TIMED: Final = (
    CaseDeedKind.RESOLVED, CaseDeedKind.REOPENED, *STANDS, CaseDeedKind.RESUMED, CaseDeedKind.UNMERGED,
    CaseDeedKind.WITHDRAWN,
)  # fmt: skip


def told(asked: Query, found: QuerySet[Case], shown: Shown, **what: Any) -> Counted:
    """Return cases as they are counted: on the day on which the customer told of them, for who handles them."""
    on = day_of("opened_at", asked.zone)
    return Counted(found, "handler", "branch", on, "opened_at", shown, asked.zone, **({"by": OF_CASE} | what))


def complaint_count(asked: Query) -> tuple[Counted, ...]:
    """Return the complaints of the period."""
    return (told(asked, cases(asked), replace(SHOWN, value=Value(1))),)


def reply_rate(asked: Query) -> tuple[Counted, ...]:
    """Return complaints answered / registered."""
    return (told(asked, cases(asked), SHOWN, good=Q(replied_at__lt=asked.until), met_at="replied_at"),)


def reopen_rate(asked: Query) -> tuple[Counted, ...]:
    """Return complaints that were reopened / registered."""
    lines = CaseDeed.objects.filter(kind=CaseDeedKind.REOPENED, logged_at__lt=asked.until, case=OuterRef("pk"))
    first = Subquery(lines.order_by("logged_at").values("logged_at")[:1])
    return (told(asked, cases(asked), SHOWN, good=Q(Exists(lines)), met_at=first),)


def issue_source(asked: Query) -> Counted:
    """Return the cases that customers want settled, settled ones good; by rule, of the visit that told of them."""
    links = RecordTask.objects.filter(record=OuterRef("record"), task__release__policy=asked.policy)
    rule = Subquery(links.order_by("pk").values("task__step__rule__code")[:1])
    return told(
        asked, issues(asked), SHOWN, good=is_settled(asked), met_at="closed_at", by={**OF_CASE, "rule": rule}
    )  # fmt: skip


def response_time(asked: Query) -> tuple[Counted, ...]:
    """Return the hours from the customer's word to the first reply / cases that were answered."""
    found = cases(asked, types=frozenset(CASE_TYPES)).filter(replied_at__lt=asked.until)
    columns = ("opened_at", "replied_at")
    return (told(asked, found, IN_HOURS, columns=columns, weigh=lambda opened, replied: [hours(replied - opened)]),)


def solve_time(asked: Query) -> tuple[Counted, ...]:
    """Return the hours from the customer's word to the solution that held, stops of the clock left out / cases."""
    found = cases(asked, types=frozenset(CASE_TYPES))
    lines = clock_lines(asked, found)

    def weigh(pk: int, opened: datetime) -> list[Fraction]:
        length = time_to_solve(opened, lines.get(pk, []))
        return [] if length is None else [hours(length)]

    return (told(asked, found, IN_HOURS, columns=("pk", "opened_at"), weigh=weigh),)


def clock_lines(asked: Query, found: QuerySet[Case]) -> dict[int, list[tuple[str, datetime]]]:
    """Return what stopped, ended and began the clock of each case anew, in the order in which it was written down."""
    lines: dict[int, list[tuple[str, datetime]]] = {}
    deeds = CaseDeed.objects.filter(case__in=found.values("pk"), kind__in=TIMED, logged_at__lt=asked.until)
    waits: dict[int, bool] = {}
    for pk, kind, at, facts in deeds.order_by("pk").values_list("case", "kind", "at", "facts"):
        if kind == CaseDeedKind.MERGED:
            waits[pk] = facts.get("state") == CaseState.WAITING
        of_master = "merged" in facts or "unmerged" in facts
        if not of_master and not (kind == CaseDeedKind.UNMERGED and waits.get(pk)):  # taken out, it waits on
            lines.setdefault(pk, []).append((kind, at))
    return lines


def time_to_solve(opened: datetime, lines: list[tuple[str, datetime]]) -> timedelta | None:
    """Return how long the clock of a case ran until the solution that held; None where none does."""
    solved: datetime | None = None
    stopped: datetime | None = None
    stood, stood_then = timedelta(), timedelta()
    for kind, at in lines:
        if stopped is not None:  # whatever is done next ends a stop
            stood, stopped = stood + (at - stopped), None
        if kind in STANDS:
            stopped = at
        if kind == CaseDeedKind.RESOLVED:
            solved, stood_then = at, stood
        elif kind == CaseDeedKind.REOPENED:
            solved = None
    return solved - opened - stood_then if solved is not None else None


def compensation_sum(asked: Query) -> tuple[Counted, ...]:
    """Return what was approved in the period to make good, in yuan, by who proposed it (H-03)."""
    shown = Shown("case__number", CASE, "case", value="amount", words=lambda amount: plain(Fraction(amount, 100)))
    by = {name: f"case__{path}" for name, path in OF_CASE.items() if isinstance(path, str)}
    return (
        Counted(
            spent(asked), "proposed_by", "case__branch", day_of("decided_at", asked.zone), "decided_at", shown,
            asked.zone, value=F("amount"), scale=100, by={**by, "segment": segment_of("case__customer")},
        ),
    )  # fmt: skip


def spent(asked: Query) -> QuerySet[Compensation]:
    """Return what was approved in the period; money that was given counts whatever became of the case."""
    found = Compensation.objects.filter(
        of_units(asked, "case__"), state=SpendingState.APPROVED, decided_at__gte=asked.since, decided_at__lt=asked.stops
    )
    return found.filter(case__in=_that_hold(asked, found)) if asked.conditions else found


def issues(asked: Query) -> QuerySet[Case]:
    """Return what customers want settled: complaints, problems, repairs; a problem of a visit is its follow-up (K-13).

    Limited to visit rules, only what was raised in their visits.
    """
    found = cases(asked, types=ISSUES)
    if with_problems(asked):
        found = found.exclude(follow_up__in=FollowUpItem.objects.standing().filter(kind=FollowUpKind.PROBLEM))
    if asked.rules or asked.steps:
        links = RecordTask.objects.filter(record=OuterRef("record"), task__release__policy=asked.policy)
        found = found.filter(Exists(links.filter(of_rules(asked, "task__"))))
    return found


def with_problems(asked: Query) -> bool:
    """Say whether problems of visits count: they have no level and no category, and are of no other type."""
    types = {one for one in asked.kpi.of if one in CASE_TYPES}
    limited = asked.codes("complaint_level") or asked.codes("category")
    return not limited and (not types or CaseType.PROBLEM in types)


def is_settled(asked: Query) -> Q:
    """Return the condition that a case was settled as of then: closed."""
    return Q(state=CaseState.CLOSED, closed_at__lt=asked.until)


def cases(asked: Query, *, types: frozenset[str] = COMPLAINTS) -> QuerySet[Case]:
    """Return the cases of the period that figures count; `types`: which ones, unless `of` names others."""
    named = frozenset(one for one in asked.kpi.of if one in CASE_TYPES)
    found = Case.objects.counted().filter(
        of_units(asked), exemption="", type__in=named or types, opened_at__gte=asked.since, opened_at__lt=asked.stops
    )
    if levels := asked.codes("complaint_level"):
        found = found.filter(level__in=levels)
    if categories := asked.codes("category"):
        parts = {one.code for one in asked.pack.category if one.parent in categories}
        found = found.filter(category__in=categories | parts)
    return found.filter(pk__in=_that_hold(asked, found)) if asked.conditions else found


def of_units(asked: Query, prefix: str = "") -> Q:
    """Return the condition that a case is of a department or branch that the policy rules."""
    names = asked.pack.policy.departments
    if not names:
        return Q()
    return Q(**{f"{prefix}department__name__in": names}) | Q(**{f"{prefix}branch__name__in": names})


def _that_hold(asked: Query, found: QuerySet[Any]) -> list[int]:
    """Return the cases under `when`; of compensations those of their cases."""
    rows = found if found.model is Case else Case.objects.filter(pk__in=found.values("case"))
    rows = rows.select_related(*RELATED).prefetch_related("departments", "accusations")
    return [case.pk for case in rows if holds(asked.conditions, asked.kpi.match, facts_of_case(case))]


def hours(length: timedelta) -> Fraction:
    """Return a span in hours, exactly."""
    return Fraction(length // timedelta(microseconds=1), HOUR // timedelta(microseconds=1))
