"""What making good costs, month by month, as far as somebody may see it (H-03)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet, Sum

from complaints.choices import SpendingState
from complaints.models import Case, Compensation
from staff.domain.periods import Period
from staff.models import Employee
from visits.domain.detecting.bounds import house

RELATED = ("case__branch", "case__department", "case__release", "case__customer", "proposed_by", "decided_by")


@dataclass(frozen=True, slots=True)
class OfBranch:
    """What one branch was given in a month: how many cases, how much in hundredths of a yuan."""

    branch: str
    cases: int
    amount: int


def compensations(employee: Employee, *, on: date) -> QuerySet[Compensation]:
    """Return the compensations of the cases that the person may see on that day, the latest first."""
    cases = Case.objects.visible_to(employee, on=on).order_by().values("pk")
    return Compensation.objects.filter(case__in=cases).select_related(*RELATED).order_by("-pk")


def waiting(employee: Employee, *, on: date) -> QuerySet[Compensation]:
    """Return what waits for approval, the oldest first."""
    return compensations(employee, on=on).filter(state=SpendingState.PROPOSED).order_by("pk")


def decided(employee: Employee, month: Period, *, on: date) -> QuerySet[Compensation]:
    """Return what was decided in a month."""
    found = compensations(employee, on=on).exclude(state=SpendingState.PROPOSED)
    return found.filter(decided_at__gte=month.starts_at(house()), decided_at__lt=month.ends_at(house()))


def sums(found: QuerySet[Compensation]) -> list[OfBranch]:
    """Return what these come to by branch, approved ones alone."""
    rows: Iterable[tuple[str | None, int, int]] = (
        found.filter(state=SpendingState.APPROVED)
        .order_by("case__branch__name")
        .values("case__branch__name")
        .annotate(cases=Count("case", distinct=True), total=Sum("amount"))
        .values_list("case__branch__name", "cases", "total")
    )
    return [OfBranch(name or "—", cases, total) for name, cases, total in rows]
