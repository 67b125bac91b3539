"""The end of a month: statements that stay as they are, and the settlement of what was confirmed.

Nothing is paid by the software. What becomes known after a close is posted to the month that is open (F73); the chain
of hashes shows that no closed month was touched.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from config.clock import local_day
from staff.choices import ConductKind, ViolationDeed, ViolationState
from staff.domain.activity import log
from staff.domain.conduct.entering import step
from staff.domain.conduct.posting import lock_ledger, month_end
from staff.domain.conduct.refusing import Refused
from staff.domain.conduct.rights import Rights
from staff.domain.jobs import hand_over
from staff.models import Employee, LedgerEntry, MonthClose, Statement, Violation

LINE = (
    "id", "violation_id", "kind", "policy__slug", "rule", "clause", "subject", "amount", "capped", "period",
    "counts_in", "occurred_on", "reverses_id",
)  # fmt: skip


@transaction.atomic
def close_month(period: str, *, actor: Employee | None, now: datetime) -> MonthClose:
    """Close a month that is over and freeze a statement for each person and unit; a second close changes nothing.

    `actor` None is the program itself. Raises `Refused`: without right, before its end, or before an earlier month.
    """
    lock_ledger()
    closed = MonthClose.objects.filter(period=period).first()
    if closed is not None:
        return closed
    if actor is not None and not Rights(actor, local_day(now)).may_close():
        raise Refused(_("Another person closes the month."), "right")
    if local_day(now) <= month_end(period):
        raise Refused(_("The month %s is not over yet.") % period, "closed")
    hand_over("month_closing", period=period, now=now)
    _check_order(period)
    entries = list(LedgerEntry.objects.filter(period=period).order_by("pk").values("employee_id", "unit", *LINE))
    drafts = list(_drafts(period, entries))
    digest = chained(period, [draft.sha256 for draft in drafts])
    closed = MonthClose.objects.create(
        period=period, closed_at=now, closed_by=actor, entries=len(entries), sha256=digest
    )
    for draft in drafts:
        draft.close = closed
    Statement.objects.bulk_create(drafts)
    log(now=now, actor=actor, verb="month.closed", subject=closed, period=period, entries=len(entries), sha256=digest)
    return closed


@transaction.atomic
def settle(period: str, *, actor: Employee, now: datetime) -> Counter[str]:
    """Mark what a closed month holds as settled: handed to who pays wages. Return how many, and how many were left.

    One's own are left to another person (`own`), as are those with an open appeal (`appealed`). Raises `Refused`.
    """
    lock_ledger()
    if not MonthClose.objects.filter(period=period).exists():
        raise Refused(_("Close the month %s first.") % period, "closed")
    rights, counts = Rights(actor, local_day(now)), Counter[str]()
    for violation in _in_month(period):
        if violation.state == ViolationState.APPEALED:
            counts["appealed"] += 1
        elif violation.employee_id == actor.pk:
            counts["own"] += 1
        elif rights.may_settle(violation):
            counts["settled"] += _settle(violation, actor=actor, now=now)
        else:
            counts["right"] += 1
    if counts["right"] and not counts["settled"]:
        raise Refused(_("Another person settles."), "right")
    log(now=now, actor=actor, verb="month.settled", period=period, settled=counts["settled"])
    return counts


def statement_hash(statement: Statement, period: str) -> str:
    """Return the hash of what a statement says."""
    said = {
        "period": period,
        "employee": statement.employee_id,
        "unit": statement.unit,
        "penalties": statement.penalties,
        "rewards": statement.rewards,
        "lines": statement.lines,
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def chained(period: str, digests: Iterable[str]) -> str:
    """Return the hash of a closed month: of its statements and of the month closed before it."""
    before = MonthClose.objects.filter(period__lt=period).order_by("-period").values_list("sha256", flat=True).first()
    return hashlib.sha256("\n".join([before or "", period, *digests]).encode()).hexdigest()


def _check_order(period: str) -> None:
    closed = MonthClose.objects.values_list("period", flat=True)
    earlier = LedgerEntry.objects.filter(period__lt=period).exclude(period__in=closed).order_by("period").first()
    if earlier is not None:
        raise Refused(_("Close the month %s first.") % earlier.period, "closed")
    later = MonthClose.objects.filter(period__gt=period).order_by("period").first()
    if later is not None:
        raise Refused(_("The later month %s is closed already.") % later.period, "closed")


def _drafts(period: str, entries: Iterable[dict[str, Any]]) -> Iterable[Statement]:
    """Yield the statement of each person and unit, in the order of their ids."""
    found: defaultdict[tuple[int, str], list[dict[str, Any]]] = defaultdict(list)
    for entry in entries:
        found[entry["employee_id"], entry["unit"]].append(entry)
    for employee, unit in sorted(found):
        lines = [line(entry) for entry in found[employee, unit]]
        statement = Statement(
            employee_id=employee,
            unit=unit,
            penalties=sum(one["amount"] for one in lines if one["kind"] == ConductKind.PENALTY),
            rewards=sum(one["amount"] for one in lines if one["kind"] != ConductKind.PENALTY),
            lines=lines,
        )
        statement.sha256 = statement_hash(statement, period)
        yield statement


def line(entry: dict[str, Any]) -> dict[str, Any]:
    """Return what a statement keeps of an entry: `entry`, `violation`, `reverses` are ids, amounts in hundredths."""
    return {
        "entry": entry["id"],
        "violation": entry["violation_id"],
        "kind": entry["kind"],
        "policy": entry["policy__slug"],
        "rule": entry["rule"],
        "clause": entry["clause"],
        "subject": entry["subject"],
        "amount": entry["amount"],
        "capped": entry["capped"],
        "counts_in": entry["counts_in"],
        "occurred_on": entry["occurred_on"].isoformat(),
        "reverses": entry["reverses_id"],
    }


def _in_month(period: str) -> list[Violation]:
    """Return what was posted to a month and is not settled yet."""
    posted = LedgerEntry.objects.filter(period=period, reverses=None, reversed_by=None).values("violation")
    waiting = Violation.objects.filter(pk__in=posted, state__in=(ViolationState.CONFIRMED, ViolationState.APPEALED))
    return list(waiting.select_related("release__policy").order_by("pk"))


def _settle(violation: Violation, *, actor: Employee, now: datetime) -> int:
    changed = Violation.objects.filter(pk=violation.pk, state=ViolationState.CONFIRMED).update(
        state=ViolationState.SETTLED
    )
    if changed:
        step(violation, ViolationDeed.SETTLED, now=now, by=actor)
    return changed
