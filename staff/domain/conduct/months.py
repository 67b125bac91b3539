"""The months of the ledger: which there are, what each comes to, per person and in all, before and after its close."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from staff.choices import Unit, ViolationState
from staff.domain.access import scope_of
from staff.domain.conduct import scope
from staff.domain.conduct.browsing import REWARDED, WAITING_STATES, Sums, sums_by_period
from staff.models import Employee, LedgerEntry, MonthClose, MonthNotice, Statement, Violation


@dataclass(frozen=True)
class Month:
    """One month as the actor sees it: its sums by unit, what still waits for a decision, its close and its notice."""

    period: str
    sums: list[Sums]
    entries: int
    waiting: int
    close: MonthClose | None
    notice: MonthNotice | None

    @property
    def is_closed(self) -> bool:
        """Whether its statements are frozen."""
        return self.close is not None


@dataclass(frozen=True)
class Share:
    """What one month brings one person in one unit; `statement` once it is closed."""

    employee: Employee
    sums: Sums
    entries: int
    statement: Statement | None = None


def months(actor: Employee, *, on: date) -> list[Month]:
    """Return the months in which something was posted or waits, and the present one, the latest first."""
    posted = scope.entries(actor, on=on).order_by()
    sums = sums_by_period(posted)
    entries = dict(posted.values_list("period").annotate(n=Count("pk")))
    closes = MonthClose.objects.in_bulk(field_name="period")
    notices = {one.close_id: one for one in MonthNotice.objects.filter(withdrawn_at=None).select_related("close")}
    waiting = Counter(
        f"{day:%Y-%m}" for day in waiting_ones(actor, on=on).order_by().values_list("occurred_on", flat=True)
    )
    return [
        Month(
            period=period, sums=sums.get(period, []), entries=entries.get(period, 0), waiting=waiting[period],
            close=closes.get(period), notice=notices.get(closes[period].pk) if period in closes else None,
        )
        for period in sorted({*entries, *closes, f"{on:%Y-%m}"}, reverse=True)
    ]  # fmt: skip


def month(period: str, *, actor: Employee, on: date) -> Month:
    """Return one month as the actor may see it; one in which nothing was posted is empty."""
    found = next((one for one in months(actor, on=on) if one.period == period), None)
    return found or Month(period, [], 0, waiting_in(actor, period, on=on).count(), None, None)


def waiting_in(actor: Employee, period: str, *, on: date) -> QuerySet[Violation]:
    """Return what still waits for a decision of what happened in a month."""
    year, number = map(int, period.split("-"))
    return waiting_ones(actor, on=on).filter(occurred_on__year=year, occurred_on__month=number)


def waiting_ones(actor: Employee, *, on: date) -> QuerySet[Violation]:
    """Return what still waits for a decision of what the actor may see."""
    return scope.violations(actor, on=on).filter(state__in=WAITING_STATES)


def shares(period: str, *, actor: Employee, on: date) -> list[Share]:
    """Return what the month brings each person whom the actor sees: frozen statements once it is closed."""
    statements = list(
        statements_seen_by(actor, on=on).filter(close__period=period).exclude(unit=Unit.NONE).select_related("employee")
    )
    if MonthClose.objects.filter(period=period).exists():
        counts = {row.pk: len(row.lines) for row in statements}
        found = [
            Share(row.employee, Sums(row.unit, row.penalties, row.rewards), counts[row.pk], row) for row in statements
        ]
    else:
        found = list(_provisional(scope.entries(actor, on=on).filter(period=period).select_related("employee")))
    return sorted(found, key=lambda one: (one.employee.pinyin, one.employee.username, one.sums.unit))


def statements_seen_by(actor: Employee, *, on: date) -> QuerySet[Statement]:
    """Return one's own statements, and those of the people whose entries one sees."""
    if scope_of(actor, on=on).everything:
        return Statement.objects.all()
    seen = scope.entries(actor, on=on).order_by().values("employee")
    return Statement.objects.filter(employee__in=seen) | Statement.objects.filter(employee=actor)


def to_settle(period: str, *, actor: Employee, on: date) -> int:
    """Return how many confirmed ones that were posted in a month wait for their settlement."""
    posted = scope.entries(actor, on=on).filter(period=period, reverses=None, reversed_by=None)
    counted = posted.filter(violation__state=ViolationState.CONFIRMED).aggregate(n=Count("violation", distinct=True))
    return int(counted["n"])


def running(entries: Iterable[LedgerEntry]) -> list[tuple[LedgerEntry, int]]:
    """Return entries in their order, each with what its unit comes to up to it, in hundredths."""
    totals: dict[str, int] = defaultdict(int)
    told = []
    for entry in entries:
        totals[entry.unit] += entry.amount if entry.kind in REWARDED else -entry.amount
        told.append((entry, totals[entry.unit]))
    return told


def _provisional(posted: QuerySet[LedgerEntry]) -> Iterable[Share]:
    people: dict[int, Employee] = {}
    groups: dict[tuple[int, str], list[LedgerEntry]] = defaultdict(list)
    for entry in posted.exclude(unit=Unit.NONE):
        people[entry.employee_id] = entry.employee
        groups[entry.employee_id, entry.unit].append(entry)
    for (person, unit), entries in groups.items():
        rewards = sum(entry.amount for entry in entries if entry.kind in REWARDED)
        penalties = sum(entry.amount for entry in entries if entry.kind not in REWARDED)
        yield Share(people[person], Sums(unit, penalties, rewards), len(entries))
