"""The complaints of a period by branch, category and department (AE-13, AK-13), what came in by which way (AB-01).

A complaint belongs to the day on which the customer told of it and to the branch that it is about. Duplicates count
once; what was withdrawn or is exempt counts nowhere (K-14, K-15).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Count, Q, QuerySet, TextChoices

from complaints.choices import (
    SETTLED,
    CaseState,
    CaseType,
    Measure,
    Source,
    WorkOrderKind,
    WorkOrderState,
)  # fmt: skip
from complaints.domain.clocks import about_rounds
from complaints.domain.consulting import questions
from complaints.domain.ruling import category_words
from complaints.models import Case, CaseDeed, WorkOrder
from staff.choices import MeasureState
from staff.domain.access import scope_of
from staff.domain.calendar import day_end
from staff.models import Branch, Employee, Release
from visits.domain.detecting.bounds import INSTANT, house
from visits.domain.obliging.about import thing_of
from visits.domain.obliging.listing import done_late
from visits.models import Obligation, ServiceEvent

HANDLED = (*SETTLED, CaseState.CLOSED)


@dataclass(frozen=True)
class BranchRow:
    """The complaints of one branch. `rate`: complaints for 100 orders, in words; ``—`` where there were none."""

    branch: str
    count: int
    orders: int
    handled: int
    late: int
    escalated: int
    reopened: int

    @property
    def rate(self) -> str:
        """Return how many complaints there were for 100 orders."""
        return f"{100 * self.count / self.orders:.1f}" if self.orders else "—"


@dataclass(frozen=True)
class DepartmentRow:
    """What one department was asked in the period: how often, how often it answered, how often by its day."""

    department: str
    asked: int
    answered: int
    bounded: int
    in_time: int

    @property
    def rate(self) -> str:
        """Return the share of answers by their day among those whose day is over or that were answered."""
        return f"{100 * self.in_time / self.bounded:.1f}%" if self.bounded else "—"


def complaints_of(viewer: Employee, since: datetime, until: datetime, *, on: date) -> QuerySet[Case]:
    """Return the complaints of a period that somebody may see and that figures count."""
    found = Case.objects.visible_to(viewer, on=on).counted()
    return found.filter(type=CaseType.COMPLAINT, exemption="", opened_at__gte=since, opened_at__lt=until)


def branches_of(viewer: Employee, *, on: date) -> list[Branch]:
    """Return the branches that somebody answers for."""
    scope = scope_of(viewer, on=on)
    return list(Branch.objects.all() if scope.everything else Branch.objects.filter(pk__in=scope.branches))


def by_branch(
    viewer: Employee, since: datetime, until: datetime, *, at: datetime, on: date
) -> list[BranchRow]:  # fmt: skip
    """Return a row for each branch, also without a complaint, by name; `at`: as of when something is late."""
    cases = list(complaints_of(viewer, since, until, on=on))
    orders = _orders(since, until)
    late = late_ones(cases, at=at)
    names = {one.pk: one.name for one in branches_of(viewer, on=on)} | {
        one.pk: one.name for one in Branch.objects.filter(pk__in={case.branch_id for case in cases})
    }
    rows = [_row(name, [case for case in cases if case.branch_id == pk], orders.get(pk, 0), late)
            for pk, name in sorted(names.items(), key=lambda one: one[1])]  # fmt: skip
    nowhere = [case for case in cases if case.branch_id is None]
    return [*rows, _row("", nowhere, 0, late)] if nowhere else rows


def _row(name: str, cases: list[Case], orders: int, late: frozenset[int]) -> BranchRow:
    return BranchRow(
        branch=name, count=len(cases), orders=orders, handled=sum(case.state in HANDLED for case in cases),
        late=sum(case.pk in late for case in cases), escalated=sum(case.escalations > 0 for case in cases),
        reopened=sum(case.round > 1 for case in cases),
    )  # fmt: skip


def total_of(rows: Iterable[BranchRow]) -> BranchRow:
    """Return the sum of all rows."""
    rows = list(rows)
    return BranchRow("", *(sum(getattr(row, name) for row in rows) for name in (
        "count", "orders", "handled", "late", "escalated", "reopened",
    )))  # fmt: skip


def _orders(since: datetime, until: datetime) -> dict[int | None, int]:
    found = ServiceEvent.objects.orders().filter(happened_at__gte=since, happened_at__lt=until, history=False)
    return dict(found.order_by().values_list("branch").annotate(n=Count("pk")))


def late_ones(cases: Iterable[Case], *, at: datetime) -> frozenset[int]:
    """Return the cases about which something was done after its bound, or is owed and past it at that moment."""
    opened = {case.pk: case.opened_at for case in cases}
    if not opened:
        return frozenset()
    late = Obligation.objects.overdue(now=at) | Obligation.objects.filter(done_late(), state=MeasureState.DONE)
    found = late.filter(subject__startswith="case:", due_at__gte=min(opened.values()))  # no bound is before its case
    return frozenset(int(thing_of(subject)[1]) for subject in found.values_list("subject", flat=True)) & opened.keys()


def by_category(viewer: Employee, since: datetime, until: datetime, *, on: date) -> list[tuple[str, int]]:
    """Return how many complaints of each category there are, the most first; those without one have no name."""
    cases = complaints_of(viewer, since, until, on=on).order_by().values_list("release", "category")
    rows = list(cases.annotate(count=Count("pk")))
    releases, counts = Release.objects.in_bulk({release for release, _code, _count in rows}), Counter[str]()
    for release, code, count in rows:
        counts[category_words(releases.get(release), code)] += count
    return sorted(counts.items(), key=lambda one: (not one[0], -one[1], one[0]))


WORDS: Final[dict[str, type[TextChoices]]] = {"source": Source, "type": CaseType, "measure": Measure}


def by_word(viewer: Employee, since: datetime, until: datetime, *, on: date) -> dict[str, list[tuple[str, int]]]:
    """Return how many cases of every kind came by which way, of which kind, and settled by which measure (Z-01, Y-02).

    By `source`, `type`, `measure`; the most first, what there was none of is left out.
    """
    seen = Case.objects.visible_to(viewer, on=on).counted().filter(opened_at__gte=since, opened_at__lt=until)
    found: dict[str, list[tuple[str, int]]] = {}
    for name, words in WORDS.items():
        counts = Counter(dict(seen.exclude(**{name: ""}).order_by().values_list(name).annotate(n=Count("pk"))))
        found[name] = [(str(words(value).label), count) for value, count in counts.most_common()]
    return found


def by_department(
    viewer: Employee, since: datetime, until: datetime, *, at: datetime, on: date
) -> list[DepartmentRow]:  # fmt: skip
    """Return what each department was asked in the period, and whether it answered by its limit (AK-13).

    It is asked on a case or by a work contact sheet; its limit is the day or moment that was set for it, else the
    regulation's for a department's reply.
    """
    cases = Case.objects.visible_to(viewer, on=on).counted().values("pk")
    rows: dict[str, list[Asked]] = {}
    for one in (*_asked_on_cases(cases, since), *_asked_by_sheets(cases, since)):
        if one.asked_at < until:
            rows.setdefault(one.department, []).append(one)
    return [_department(name, asked, at) for name, asked in sorted(rows.items())]


@dataclass(frozen=True)
class Asked:
    """What one department was asked once. `limit`: the last moment that is in time."""

    department: str
    asked_at: datetime
    limit: datetime | None
    replied_at: datetime | None


def _asked_on_cases(cases: QuerySet, since: datetime) -> list[Asked]:
    found: list[Any] = list(questions().filter(case__in=cases, logged_at__gte=since).order_by("pk"))
    ruled = _ruled(about_rounds(asked.case_id for asked in found))
    return [
        Asked(
            str(asked.department), asked.logged_at, _limit(asked, ruled.get(f"case:{asked.case_id}", [])),
            asked.answered_at,
        )
        for asked in found
    ]  # fmt: skip


def _limit(asked: CaseDeed, ruled: list[Obligation]) -> datetime | None:
    if due_on := asked.facts.get("due_on"):
        return day_end(date.fromisoformat(due_on), house()) - INSTANT
    return next((_last(one) for one in reversed(ruled) if one.anchor_at <= asked.logged_at), None)


def _asked_by_sheets(cases: QuerySet, since: datetime) -> list[Asked]:
    sheets = list(
        WorkOrder.objects.filter(
            case__in=cases, kind=WorkOrderKind.CONTACT_SHEET, department__isnull=False, opened_at__gte=since
        ).exclude(state=WorkOrderState.CANCELLED).select_related("department").order_by("pk")
    )  # fmt: skip
    ruled = _ruled(Q(subject__in=[f"work_order:{one.pk}" for one in sheets]))
    found = []
    for sheet in sheets:
        clock = ruled.get(f"work_order:{sheet.pk}", [])
        limit = sheet.due_at or (_last(clock[0]) if clock else None)
        found.append(Asked(str(sheet.department), sheet.opened_at, limit, sheet.reported_at or sheet.closed_at))
    return found


def _ruled(about: Q) -> dict[str, list[Obligation]]:
    """Return the clocks of the regulation for a department's reply, by what they are about, the first begun first."""
    found: dict[str, list[Obligation]] = {}
    rows = Obligation.objects.filter(about, deed="department_reply", due_at__isnull=False)
    for one in rows.order_by("anchor_at", "pk"):
        found.setdefault(one.subject.partition("/")[0], []).append(one)
    return found


def _last(one: Obligation) -> datetime | None:
    return one.due_at if one.inclusive or one.due_at is None else one.due_at - INSTANT


def _department(name: str, asked: list[Asked], at: datetime) -> DepartmentRow:
    over = [one for one in asked if one.limit and (one.replied_at or one.limit < at)]
    in_time = sum(bool(one.replied_at and one.limit and one.replied_at <= one.limit) for one in over)
    return DepartmentRow(name, len(asked), sum(one.replied_at is not None for one in asked), len(over), in_time)
