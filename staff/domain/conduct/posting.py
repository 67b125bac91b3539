"""Entries of the ledger: posted when something is confirmed, taken back by a counter-entry, never changed.

Every violation that stands has one entry that is not countered. Where a decision changes what it comes to (a higher one
of the same visit, room under the monthly cap) the entry is countered and posted anew. All of it happens one after the
other, under the lock of the company's row: tiers, caps and closed months depend on what was posted before.
"""

from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet, Sum

from config.clock import local_day
from staff.choices import ConductKind, Unit, ViolationState
from staff.domain.calendar import add_months
from staff.domain.company import kept_company
from staff.domain.conduct.money import hundredths
from staff.domain.conduct.retiering import placed_on
from staff.domain.conduct.rules import Rule, rule_of
from staff.models import Employee, LedgerEntry, MonthClose, Violation

HIGHEST: Final = "highest"  # `stacking`: of the penalties of one visit or complaint the highest alone counts
VISIT: Final = "visit"  # in the facts: the visit or complaint that a violation belongs to
COUNTED: Final = (ViolationState.CONFIRMED, ViolationState.APPEALED, ViolationState.SETTLED)


def lock_ledger() -> None:
    """Let deeds on the ledger wait for each other until the transaction ends."""
    kept_company()


def month_of(day: date) -> str:
    """Return the month that a day lies in, as ``2026-11``."""
    return f"{day:%Y-%m}"


def open_month(month: str) -> str:
    """Return the month that is posted to for `month`: itself, or the next one that is not closed."""
    closed = set(MonthClose.objects.filter(period__gte=month).values_list("period", flat=True))
    while month in closed:
        month = month_of(add_months(date.fromisoformat(f"{month}-01"), 1))
    return month


def live_entry(violation: Violation) -> LedgerEntry | None:
    """Return the entry of a violation that was not taken back."""
    return LedgerEntry.objects.filter(violation=violation, reverses=None, reversed_by=None).first()


@transaction.atomic
def post(violation: Violation, *, actor: Employee | None, now: datetime) -> LedgerEntry | None:
    """Let the ledger say what a violation comes to now; return its entry that counts, None where it does not stand."""
    lock_ledger()
    for one in _together(violation):
        _set(one, actor=actor, now=now)
    return live_entry(violation)


def _together(violation: Violation) -> list[Violation]:
    """Return the violation, after those of the same visit that its fate changes where the highest alone counts."""
    rule = rule_of(violation)
    if not rule.is_penalty or rule.ledger.stacking != HIGHEST:
        return [violation]
    return [*(one for one in _of_visit(violation) if one.pk != violation.pk), violation]


def _of_visit(violation: Violation) -> list[Violation]:
    """Return what stands against the person under that regulation for the same visit or complaint."""
    rows = Violation.objects.standing().filter(
        employee=violation.employee_id,
        policy=violation.policy_id,
        kind=ConductKind.PENALTY,
        unit=violation.unit,
    )
    same = Q(subject=visit_of(violation)) | Q(**{f"facts__{VISIT}": visit_of(violation)}) | Q(pk=violation.pk)
    return list(rows.filter(same).select_related("release__policy", "employee").order_by("pk"))


def visit_of(violation: Violation) -> str:
    """Return what the penalties of one visit or complaint have in common."""
    return str(violation.facts.get(VISIT) or violation.subject)


def worth(violation: Violation, rule: Rule) -> int:
    """Return what a violation that stands comes to, before the cap: nothing beside a higher one of the same visit."""
    amount = violation.amount or 0
    if not rule.is_penalty or rule.ledger.stacking != HIGHEST:
        return amount
    higher = [
        one for one in _of_visit(violation) if (-(one.amount or 0), one.pk) < (-amount, violation.pk)
    ]  # of equal ones the first that was proposed counts
    return 0 if higher else amount


def _set(violation: Violation, *, actor: Employee | None, now: datetime) -> None:
    """Make the entries of one violation say what it is worth."""
    rule, live = rule_of(violation), live_entry(violation)
    stands = violation.state in COUNTED
    wanted = worth(violation, rule) if stands else None
    if live is not None and wanted == live.amount + live.capped:
        return
    if live is not None:
        counter(live, actor=actor, now=now)
    if wanted is not None:
        _post(violation, rule, wanted, actor=actor, now=now)
    if live is not None:
        _use_room(live, rule, actor=actor, now=now)


def counter(entry: LedgerEntry, *, actor: Employee | None, now: datetime) -> LedgerEntry:
    """Take an entry back by another with a minus, in the month that is open; it belongs where the first one does."""
    return LedgerEntry.objects.create(
        **_copied(entry),
        amount=-entry.amount,
        period=open_month(entry.period),
        posted_at=now,
        posted_by=_other_than(entry.employee_id, actor),
        reverses=entry,
    )


def _post(violation: Violation, rule: Rule, wanted: int, *, actor: Employee | None, now: datetime) -> LedgerEntry:
    counts_in = month_of(placed_on(violation, rule, now=now))
    period = open_month(counts_in)
    amount = min(wanted, room(violation, rule, period)) if _is_capped(rule) else wanted
    return LedgerEntry.objects.create(
        violation=violation,
        employee_id=violation.employee_id,
        kind=violation.kind,
        policy_id=violation.policy_id,
        rule=violation.rule,
        clause=violation.clause,
        subject=violation.subject,
        unit=violation.unit,
        amount=amount,
        capped=wanted - amount,
        period=period,
        counts_in=counts_in,
        occurred_on=violation.occurred_on,
        posted_at=now,
        posted_by=_other_than(violation.employee_id, actor),
        seq=LedgerEntry.objects.filter(violation=violation, reverses=None).count() + 1,
    )


def room(violation: Violation, rule: Rule, period: str) -> int:
    """Return what the person may still pay in that month under the regulation, in hundredths of the unit."""
    paid = _paid(violation.employee_id, rule, period, violation.unit)
    return max(0, hundredths(rule.ledger.cap or 0) - (paid.aggregate(sum=Sum("amount"))["sum"] or 0))


def _paid(employee: int, rule: Rule, period: str, unit: str) -> QuerySet[LedgerEntry]:
    """Return the entries that the cap of a month counts: fines that were not taken back.

    Where the company uses points for its fines, the points of other clauses are none.
    """
    found = LedgerEntry.objects.filter(
        employee=employee,
        policy=rule.release.policy_id,
        period=period,
        unit=unit,
        kind=ConductKind.PENALTY,
        reverses=None,
        reversed_by=None,
    )
    fines = [spec.code for spec in rule.pack.penalty if spec.unit == Unit.CNY]
    return found if unit == Unit.CNY else found.filter(rule__in=fines)


def _is_capped(rule: Rule) -> bool:
    return rule.ledger.cap is not None and rule.is_fine


def _use_room(gone: LedgerEntry, rule: Rule, *, actor: Employee | None, now: datetime) -> None:
    """Post what the cap took off others of the month, as far as a countered entry makes room; closed months stay."""
    if open_month(gone.period) != gone.period:
        return
    short = _paid(gone.employee_id, rule, gone.period, gone.unit).filter(capped__gt=0).order_by("pk")
    for entry in short.select_related("violation__release__policy", "violation__employee"):
        if room(entry.violation, rule, gone.period) <= 0:
            return
        counter(entry, actor=actor, now=now)
        _post(entry.violation, rule_of(entry.violation), entry.amount + entry.capped, actor=actor, now=now)


def _copied(entry: LedgerEntry) -> dict[str, object]:
    names = ("violation_id", "employee_id", "kind", "policy_id", "rule", "clause", "subject", "unit", "counts_in")
    return {name: getattr(entry, name) for name in (*names, "occurred_on", "seq")}


def _other_than(employee: int, actor: Employee | None) -> Employee | None:
    """Return who posts; where a deed on somebody else moves one's own entry, the program does."""
    return None if actor is None or actor.pk == employee else actor


def month_end(month: str) -> date:
    """Return the last day of a month."""
    return add_months(date.fromisoformat(f"{month}-01"), 1) - timedelta(1)


def this_month(now: datetime) -> str:
    """Return the month of a moment in the company's own zone."""
    return month_of(local_day(now))
