"""The check before anybody is sent: contact, device, within the service or not, likely fault (Z-02, W-02, V-01)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.choices import CaseDeedKind, OrderDeed, WorkOrderState
from complaints.domain.orders.changing import change, check_open, wanted_text
from complaints.domain.orders.facts import check_order_filled
from complaints.domain.orders.telling import subject_of
from complaints.domain.writing import CannotDo
from complaints.models import WorkOrder
from config.clock import local_day
from staff.models import Employee
from visits.domain.obliging.fulfilling import drop

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True)
class Found:
    """What the check found: the device, its warranty, the likely fault, what it takes to mend it."""

    product: str = ""
    model: str = ""
    purchased_on: date | None = None
    warranty_months: int | None = None
    fault_nature: str = ""
    cause: str = ""
    skill: str = ""
    area: str = ""
    urgent: bool = False


def check(
    order: WorkOrder, found: Found, *, by: Employee, now: datetime, text: str = "", reason: str = "",
    values: Mapping[str, Any] = NOTHING,
) -> WorkOrder:  # fmt: skip
    """Write down that contact and device were verified and that it is within the service; `reason` says why it is.

    `values` are the regulation's own fields of this stage.
    """
    check_open(order, WorkOrderState.OPENED, WorkOrderState.CHECKED)
    if found.purchased_on is not None and found.purchased_on > local_day(now):
        raise CannotDo(_("This day has not come yet."), field="purchased_on")
    with transaction.atomic():
        change(
            order, OrderDeed.CHECKED, by=by, now=now, text=text.strip() or found.fault_nature,
            state=WorkOrderState.CHECKED, checked_at=now, checked_by=by, in_scope=True, scope_reason=reason[:200],
            values=order.values | dict(values), **vars(found),
        )  # fmt: skip
        check_order_filled(order, "verify")
    return order


def refuse(order: WorkOrder, *, by: Employee, now: datetime, reason: str, notice: str) -> WorkOrder:
    """End an order that is not within the service: why, and what the customer was told (W-02)."""
    check_open(order, WorkOrderState.OPENED, WorkOrderState.CHECKED)
    reason = wanted_text(reason, _("Write why it is not within the service."), field="reason")
    notice = wanted_text(notice, _("Write what the customer was told, and how."), field="notice")
    with transaction.atomic():
        change(
            order, OrderDeed.REFUSED, by=by, now=now, text=reason, state=WorkOrderState.REFUSED, in_scope=False,
            scope_reason=reason[:200], checked_at=now, checked_by=by,
        )  # fmt: skip
        change(order, OrderDeed.NOTICE, by=by, now=now, text=notice, kind=CaseDeedKind.TOLD_CUSTOMER)
        drop(subject_of(order), now=now, note=reason)
    return order


def set_urgent(order: WorkOrder, urgent: bool, *, by: Employee, now: datetime) -> WorkOrder:
    """Put the order at the head of the queue, or back into its place (Z-02)."""
    check_open(order)
    words = _("urgent") if urgent else _("not urgent")
    change(order, OrderDeed.TAGGED, by=by, now=now, text=words, urgent=urgent)
    return order
