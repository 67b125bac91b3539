"""The book of complaints counted a second time: its figures, and what cases say about members of staff."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q

from complaints.models import Accusation, Case, CaseDeed, Compensation
from reports.domain.auditing.company import HOUSE, day_of
from reports.domain.auditing.ground import Ground, whole_entries
from reports.domain.auditing.regulation import as_list
from reports.domain.auditing.visits import Known
from visits.models import FollowUpItem, RecordTask

if TYPE_CHECKING:
    from reports.domain.auditing.metrics import Asked, Row

TYPES: Final = ("complaint", "problem", "suggestion", "enquiry", "repair")
NO_MORE: Final = ("merged", "withdrawn")
KIND: Final = "complaint_against_employee"
MOVING: Final = ("merged", "unmerged", "restored", "changed", "levelled", "reopened")


def cases(asked: "Asked", usual: Sequence[str] = ("complaint",)) -> Iterator[Case]:
    """Yield the cases of the period that count, one by one."""
    named = [one for one in as_list(asked.spec.get("of")) if one in TYPES] or usual
    found = Case.objects.filter(opened_at__gte=asked.since, opened_at__lt=asked.until).order_by("pk")
    parents = {one["code"]: one.get("parent") for one in as_list(asked.pack.get("category", []))}
    levels, categories = asked.named("complaint_level"), asked.named("category")
    for one in found.select_related("department", "branch").iterator(chunk_size=500):
        counted = one.type in named and counts(asked, one)
        of_category = not categories or {one.category, parents.get(one.category)} & categories
        if counted and (not levels or one.level in levels) and of_category:
            yield one


def counts(asked: "Asked", one: Case) -> bool:
    """Say whether figures of the policy count a case: one of its units, not merged, withdrawn or exempt."""
    return one.state not in NO_MORE and not one.exemption and is_ruled(asked, one)


def is_ruled(asked: "Asked", one: Case | FollowUpItem) -> bool:
    """Say whether something is of a unit that the policy rules."""
    names = as_list(asked.pack.get("policy", {}).get("departments"))
    units = {one.department and one.department.name, one.branch and one.branch.name}
    return not names or bool(units & set(names))


def complaints(asked: "Asked") -> "Iterator[Row]":
    """Every complaint of the period."""
    yield from ((one.handler_id, one.pk, 1, 1) for one in cases(asked))


def replied(asked: "Asked") -> "Iterator[Row]":
    """Answered ones among the complaints."""
    for one in cases(asked):
        yield one.handler_id, one.pk, int(bool(one.replied_at and one.replied_at < asked.until)), 1


def reopened(asked: "Asked") -> "Iterator[Row]":
    """Reopened ones among the complaints."""
    for one in cases(asked):
        again = [line for line in lines(one, asked.until) if line.kind == "reopened"]
        yield one.handler_id, one.pk, int(bool(again)), 1


def response_time(asked: "Asked") -> "Iterator[Row]":
    """Hours to the first reply of each case that was answered."""
    for one in cases(asked, TYPES):
        if one.replied_at and one.replied_at < asked.until:
            yield one.handler_id, one.pk, hours(one.replied_at - one.opened_at), 1


def solve_time(asked: "Asked") -> "Iterator[Row]":
    """Hours to the solution that held, without those for which the clock stood."""
    for one in cases(asked, TYPES):
        told = lines(one, asked.until)
        last = max((place for place, line in enumerate(told) if line.kind in ("resolved", "reopened")), default=None)
        if last is not None and told[last].kind == "resolved":
            pairs = zip(told[:last], told[1 : last + 1], strict=True)
            stood = sum(
                (after.at - line.at for line, after in pairs if line.kind in ("waiting", "merged")), timedelta()
            )
            yield one.handler_id, one.pk, hours(told[last].at - one.opened_at - stood), 1


def lines(one: Case, until: datetime) -> list[CaseDeed]:
    """Return the lines of a case that stop, run and end its clock; not those of what was merged into it."""
    kinds = ("resolved", "reopened", "waiting", "resumed", "merged", "unmerged", "withdrawn")
    found: list[CaseDeed] = []
    merged: CaseDeed | None = None
    for line in CaseDeed.objects.filter(case=one, kind__in=kinds, logged_at__lt=until).order_by("pk"):
        if {"merged", "unmerged"} & set(line.facts):
            continue
        merged = line if line.kind == "merged" else merged
        if line.kind != "unmerged" or merged is None or merged.facts.get("state") != "waiting":
            found.append(line)
    return found


def spent(asked: "Asked") -> "Iterator[Row]":
    """What was approved in the period to make good, in yuan."""
    found = Compensation.objects.filter(state="approved").select_related("case__department", "case__branch")
    for one in found.iterator(chunk_size=500):
        if one.decided_at and asked.since <= one.decided_at < asked.until and is_ruled(asked, one.case):
            yield one.proposed_by_id, one.pk, Fraction(one.amount, 100), 1


def settled(asked: "Asked") -> "Iterator[Row]":
    """Complaints, problems and repairs that are closed, among those that were told."""
    wanted = rules_named(asked)
    for one in cases(asked, ("complaint", "problem", "repair")):
        of_problem = one.follow_up is not None and (one.follow_up.kind, one.follow_up.state != "withdrawn")
        counted_there = of_problem == ("problem", True) and with_problems(asked)
        if not counted_there and (not wanted or rules_of(asked, one.record_id) & wanted):
            closed = one.state == "closed" and one.closed_at is not None and one.closed_at < asked.until
            yield one.handler_id, f"case:{one.pk}", int(closed), 1


def rules_named(asked: "Asked") -> set[str]:
    """Return the visit rules and steps that `of` names: ``first``, ``first/call``."""
    rules = {one["code"] for one in as_list(asked.pack.get("visit_rule", []))}
    names = {str(one).removeprefix("visit_rule:") for one in as_list(asked.spec.get("of"))}
    return {one for one in names if one.partition("/")[0] in rules}


def rules_of(asked: "Asked", record: int | None) -> set[str]:
    """Return of which rules and steps of the policy a visit is."""
    links = RecordTask.objects.filter(record=record or 0, task__release__policy=asked.policy)
    found = links.values_list("task__step__rule__code", "task__step__code")
    return {name for rule, step in found for name in (rule, f"{rule}/{step}")}


def with_problems(asked: "Asked") -> bool:
    """Say whether problems of visits count: not under levels, categories, or other types of cases alone."""
    types = [one for one in as_list(asked.spec.get("of")) if one in TYPES]
    limited = asked.named("complaint_level") or asked.named("category")
    return not limited and (not types or "problem" in types)


def hours(length: timedelta) -> Fraction:
    """Return a span in hours."""
    return Fraction(length.days * 86_400_000_000 + length.seconds * 1_000_000 + length.microseconds, 3_600_000_000)


def accused(pks: Sequence[int], known: Known) -> Iterator[Ground]:
    """Yield what cases, with the duplicates that were merged into them, say about members of staff."""
    for case in Case.objects.filter(pk__in=pks).exclude(state__in=NO_MORE).order_by("pk"):
        named: dict[int, list[Accusation]] = {}
        rows = Accusation.objects.select_related("case").order_by("pk")
        for one in [*rows.filter(case=case), *rows.filter(case__merged_into=case)]:
            if one.verified is not False and one.case.state != "withdrawn":
                named.setdefault(one.employee_id, []).append(one)
        for found in named.values():
            guilty = [one for one in found if one.verified]
            yield _ground(case, guilty[0] if guilty else found[0], known)


def _ground(case: Case, named: Accusation, known: Known) -> Ground:
    told, who = named.case, named.employee_id
    on = day_of(told.opened_at)
    priced = told.release_id and any(
        KIND in as_list(one.get("violation"))
        for one in whole_entries(known.releases.content(told.release_id), "penalty")
    )
    return Ground(
        kind=KIND, subject=f"case:{case.pk}", employee=who, on=on, since=_known_since(case, named),
        last=told.opened_at, release=told.release_id if priced else None,
        department=known.company.place(who, on).department or told.department_id, told=partial(_fields, named),
    )  # fmt: skip


def _known_since(case: Case, named: Accusation) -> datetime:
    """Return from when on it is so: named, judged, or brought by a merger."""
    moved = CaseDeed.objects.filter(case__in=(case, named.case), kind__in=MOVING)
    return max([named.at, named.verified_at or named.at, *moved.values_list("logged_at", flat=True)])


def naming_somebody() -> Any:
    """Return the cases that name a member of staff, or whose duplicates do."""
    return Case.objects.filter(
        Q(accusations__isnull=False) | Q(duplicates__accusations__isnull=False)
    ).distinct()  # fmt: skip


def was_moved(pk: int) -> bool:
    """Say whether a case, or its duplicate, was judged more than once, or changed in what a penalty may ask of it."""
    told = CaseDeed.objects.filter(Q(case=pk) | Q(case__merged_into=pk))
    return told.filter(kind__in=(*MOVING, "withdrawn")).exists() or told.filter(kind="verified_fault").count() > 1


def _fields(named: Accusation) -> dict[str, Any]:
    case = named.case
    plain = ("type", "level", "category", "source", "severity", "summary", "demand", "cause", "measure", "round")
    told = {name: getattr(case, name) for name in plain} | {"time": case.opened_at.astimezone(HOUSE)}
    return {**case.values, **told, "verified": named.verified, "harm": named.harm, "attitude": named.attitude}
