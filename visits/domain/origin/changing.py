"""Changing a customer's file: at once, or as a proposal that somebody else decides; both values are kept (F-05, U-01).

Managers change everything at once. Who makes visits changes at once what the customer has just told, but a new name,
address or interval waits for approval: these decide whom we find, where we go and how often.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from config.clock import local_day
from staff.domain.access import MANAGERS, roles_of
from staff.domain.activity import log
from staff.domain.pinyin import pinyin_of
from staff.models import Employee
from visits.choices import ChangeState
from visits.domain.planning.intervals import set_interval
from visits.models import Customer, CustomerChange, VisitRecord

FIELDS: Final = (
    "name", "contact", "company", "lifecycle", "type", "source", "region", "area", "influence", "email", "wechat", "im",
    "address", "preferred_channel", "preferred_time", "quiet_hours", "visit_interval", "note",
)  # fmt: skip
APPROVED: Final = frozenset({"name", "address", "visit_interval"})
REPLACED: Final = gettext_noop("replaced by a newer proposal")
CHANGED, PROPOSED, DECIDED, CONFIRMED = (
    "customer_changed", "customer_change_proposed", "customer_change_decided", "customer_confirmed",
)  # fmt: skip


class MayNotDecide(Exception):
    """Nobody decides his own proposal, and only managers decide (DECISIONS 10)."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else has to decide this: a manager who did not propose it."))


class DecidedBefore(Exception):
    """Somebody else has decided the proposal in the meantime."""

    def __init__(self) -> None:
        super().__init__(_("This proposal has been decided in the meantime."))


def needs_approval(field: str, by: Employee, *, now: datetime) -> bool:
    """Say whether this person's change of that field waits for somebody else."""
    return field in APPROVED and not roles_of(by, on=local_day(now)) & MANAGERS


@transaction.atomic
def change(
    customer: Customer, told: Mapping[str, str], *, by: Employee, now: datetime, reason: str = "",
    record: VisitRecord | None = None,
) -> list[CustomerChange]:  # fmt: skip
    """Write what differs from the file, or propose it; return a row for each field that differs."""
    Customer.objects.select_for_update().get(pk=customer.pk)
    customer.refresh_from_db()
    made = []
    for name in FIELDS:
        after = told[name].strip() if name in told else getattr(customer, name)
        if after == getattr(customer, name) or (name == "name" and not after):
            continue
        waits = needs_approval(name, by, now=now)
        if waits and _is_proposed(customer, name, after):
            continue
        made.append(_row(customer, name, after, waits=waits, by=by, now=now, reason=reason, record=record))
    _tell(customer, made, by, now)
    return made


@transaction.atomic
def decide(row: CustomerChange, *, approve: bool, by: Employee, now: datetime, reason: str = "") -> None:
    """Approve a proposal, which changes the file, or turn it down. Raises `MayNotDecide` or `DecidedBefore`."""
    if row.made_by_id == by.pk or not roles_of(by, on=local_day(now)) & MANAGERS:
        raise MayNotDecide
    customer = Customer.objects.select_for_update().get(pk=row.customer_id)
    facts = {"decided_by": by, "decided_at": now, "reason": reason.strip()[:200]}
    if approve:  # what it replaces is what stands there now
        facts |= {"state": ChangeState.APPROVED, "before": getattr(customer, row.field)}
    else:
        facts["state"] = ChangeState.REJECTED
    if not CustomerChange.objects.filter(pk=row.pk, state=ChangeState.PROPOSED).update(**facts):
        raise DecidedBefore
    if approve:
        _write(customer, row.field, row.after, by, now)
    log(now=now, actor=by, verb=DECIDED, subject=customer, change=row.pk, field=row.field, approved=approve)


@transaction.atomic
def confirm(customer: Customer, *, by: Employee, now: datetime) -> None:
    """Note that the customer has just said that the file is right (AI-12)."""
    Customer.objects.filter(pk=customer.pk).update(confirmed_at=now)
    customer.confirmed_at = now
    log(now=now, actor=by, verb=CONFIRMED, subject=customer)


def _is_proposed(customer: Customer, name: str, after: str) -> bool:
    return CustomerChange.objects.filter(
        customer=customer, field=name, after=after, state=ChangeState.PROPOSED
    ).exists()


def _row(
    customer: Customer, name: str, after: str, *, waits: bool, by: Employee, now: datetime, reason: str,
    record: VisitRecord | None,
) -> CustomerChange:  # fmt: skip
    before = getattr(customer, name)
    if waits:
        older = CustomerChange.objects.filter(customer=customer, field=name, state=ChangeState.PROPOSED)
        older.update(state=ChangeState.REJECTED, decided_by=by, decided_at=now, reason=REPLACED)
    else:
        _write(customer, name, after, by, now)
    return CustomerChange.objects.create(
        customer=customer, field=name, before=before, after=after, record=record, made_by=by, made_at=now,
        state=ChangeState.PROPOSED if waits else ChangeState.APPLIED, reason=reason.strip()[:200],
    )  # fmt: skip


def _write(customer: Customer, name: str, after: str, by: Employee, now: datetime) -> None:
    if name == "visit_interval":
        set_interval(customer, after, actor=by, now=now)
        return
    facts = {name: after} | ({"pinyin": pinyin_of(after)} if name == "name" else {})
    Customer.objects.filter(pk=customer.pk).update(**facts)
    setattr(customer, name, after)


def _tell(customer: Customer, made: list[CustomerChange], by: Employee, now: datetime) -> None:
    """Write down which fields changed or were proposed; the values stand in the rows, not in the line."""
    for verb, state in ((CHANGED, ChangeState.APPLIED), (PROPOSED, ChangeState.PROPOSED)):
        rows = [row for row in made if row.state == state]
        if rows:
            told = {"changes": [row.pk for row in rows], "fields": [row.field for row in rows]}
            log(now=now, actor=by, verb=verb, subject=customer, **told)
