"""Opening a work order out of a case: by hand, or drafted by the program for a request for repair (I-03, Z-01)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from complaints.choices import CaseDeedKind, CaseState, OrderDeed, WorkOrderKind
from complaints.domain.announcing import announce, done
from complaints.domain.orders.facts import check_order_filled, facts_of_order, words_of_order
from complaints.domain.orders.telling import managers_of, of_turn, tell
from complaints.domain.writing import CannotDo, Line, MeanwhileChanged, locked, write
from complaints.models import Case, WorkOrder
from config.clock import local_day
from staff.domain.workforce import load_workforce
from staff.models import Branch, Department, Employee
from visits.domain.contact.masking import mask_in_text

OPENED = "work_order_opened"
GIVEN = gettext_noop("Work order %(number)s for your department: %(what)s")


@dataclass(frozen=True)
class Asked:
    """What a work order asks for. A contact sheet goes to a `department`; `values`: the regulation's own fields."""

    kind: WorkOrderKind
    instruction: str
    department: Department | None = None
    branch: Branch | None = None
    partner: str = ""
    due_at: datetime | None = None
    urgent: bool = False
    skill: str = ""
    area: str = ""
    product: str = ""
    model: str = ""
    purchased_on: date | None = None
    warranty_months: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


def open_order(
    case: Case, asked: Asked, *, by: Employee | None, now: datetime, at: datetime | None = None,
    version: int | None = None,
) -> WorkOrder:  # fmt: skip
    """Open a work order, tell whoever is asked, start its clocks. Raises `CannotDo` and writes nothing then.

    `at`: when it was asked for, where that is not now; `version`: that of the case which the page has shown, so
    that one form makes one order. It closes the deed “issue a work order” that the case owes.
    """
    with transaction.atomic():
        held = locked(case.pk)
        if version is not None and version != held.version:
            raise MeanwhileChanged
        if held.is_ended:
            raise CannotDo(_("The case is ended: reopen it first."))
        order = _filled(held, asked, by, at or now)
        _check(order, now)
        order.number = uuid4().hex[:20]
        order.save()
        order.number = f"GD{local_day(order.opened_at):%Y%m%d}-{order.pk:05d}"
        WorkOrder.objects.filter(pk=order.pk).update(number=order.number)
        begins = held.state in (CaseState.REGISTERED, CaseState.ASSIGNED) and by is not None
        moved: dict[str, Any] = {"state": CaseState.IN_PROGRESS} if begins else {}
        write(
            held, CaseDeedKind.WORK_ORDER, by=by, now=now,
            line=Line(
                text=f"{order.number} {OrderDeed.OPENED.label}: {order.instruction}", department=order.department,
                facts={"deed": OrderDeed.OPENED.value, "order": order.number, "state": order.state}, work_order=order,
            ),
            **moved,
        )  # fmt: skip
        done(held, "work_order", by=by, now=now)
        begin_clocks(order, at=order.opened_at, now=now, visits=True)
        heads = managers_of(order, load_workforce(), on=local_day(now))
        tell(order, heads, GIVEN, what=str(order.get_kind_display()), by=by, now=now)
    case.refresh_from_db()
    return order


def begin_clocks(order: WorkOrder, *, at: datetime, now: datetime, visits: bool) -> None:
    """Note what is owed for an order that was opened, or goes back to work; `visits`: rules may ask about it."""
    announce(
        order.case, OPENED, key=order.number, at=at, now=now, facts=facts_of_order(order), words=words_of_order(order),
        subject=of_turn(order), unit=order.department, visits=visits,
        written={"assignee": order.assignee.username if order.assignee else ""},
    )  # fmt: skip


def draft_order(case: Case, *, at: datetime | None = None, now: datetime) -> WorkOrder:
    """Open the work order that a request for repair calls for, with what the customer said; one at a time.

    `at`: when it was asked for, where that is not when the case was told.
    """
    found = case.work_orders.open().order_by("pk").first()
    if found is not None:
        return found
    vehicle = case.vehicle
    asked = Asked(
        kind=WorkOrderKind.REPAIR, instruction=mask_in_text(case.summary), department=case.department,
        branch=case.branch, urgent=case.priority == 1, area=case.customer.area if case.customer else "",
        product=vehicle.plate if vehicle else "", model=vehicle.model if vehicle else "",
    )  # fmt: skip
    return open_order(case, asked, by=None, now=now, at=at or case.opened_at)


def _filled(case: Case, asked: Asked, by: Employee | None, at: datetime) -> WorkOrder:
    return WorkOrder(
        case=case, kind=asked.kind, instruction=asked.instruction.strip(), department=asked.department,
        branch=asked.branch or (asked.department.branch if asked.department else None) or case.branch,
        partner=asked.partner.strip(), due_at=asked.due_at, urgent=asked.urgent, skill=asked.skill,
        area=asked.area.strip() or (case.customer.area if case.customer else ""), product=asked.product.strip(),
        model=asked.model.strip(), purchased_on=asked.purchased_on, warranty_months=asked.warranty_months,
        values=dict(asked.values), opened_by=by, opened_at=at,
    )  # fmt: skip


def _check(order: WorkOrder, now: datetime) -> None:
    """Refuse an order that says nothing, to nobody, until yesterday, or without what the regulation wants of it."""
    if not order.instruction:
        raise CannotDo(_("Write what is to be done."), field="instruction")
    if order.kind == WorkOrderKind.CONTACT_SHEET and order.department is None and not order.partner:
        raise CannotDo(_("A work contact sheet goes to a department: choose it."), field="department")
    if order.due_at is not None and order.due_at <= now:
        raise CannotDo(_("This time is over. Choose a later one."), field="due_at")
    if order.purchased_on is not None and order.purchased_on > local_day(now):
        raise CannotDo(_("This day has not come yet."), field="purchased_on")
    check_order_filled(order, "request")
