"""Giving a work order to a technician or partner, agreeing on a time, beginning the work (V-02, W-03, Z-03, Z-04)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from complaints.choices import Mode, OrderDeed, WorkOrderKind, WorkOrderState
from complaints.domain.orders.changing import change, check_open, wanted_text
from complaints.domain.orders.facts import check_order_filled
from complaints.domain.orders.telling import done, subject_of, tell
from complaints.domain.writing import CannotDo, locked
from complaints.models import WorkOrder
from config.clock import local_day
from staff.domain.activity import log
from staff.domain.wording import moment_span_words, moment_words
from staff.domain.workforce import load_workforce
from staff.models import Employee
from visits.domain.detecting.obligations import HANDED_ON
from visits.domain.obliging.fulfilling import of_subject
from visits.domain.obliging.watching import spec_of_obligation
from visits.models import Obligation

YOURS: Final = gettext_noop("Work order %(number)s is yours: %(what)s")
NO_LONGER: Final = gettext_noop("Work order %(number)s was given to somebody else.")
LONGEST_SLOT: Final = timedelta(hours=24)
UNDER_WAY: Final = (WorkOrderState.DISPATCHED, WorkOrderState.ARRIVED)


@dataclass(frozen=True)
class Given:
    """To whom an order is given: one of us, or an outside partner; on site or sent in; the regulation's own fields."""

    to: Employee | None = None
    partner: str = ""
    mode: str = ""
    due_at: datetime | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


def dispatch(order: WorkOrder, given: Given, *, by: Employee, now: datetime, text: str = "") -> WorkOrder:
    """Give the order to somebody, or to another one than before. Raises `CannotDo`.

    A repair is checked first (Z-02). Who lacks the skill gets it only with a reason. A time that was agreed stays
    where the new technician is free then.
    """
    first = (WorkOrderState.CHECKED,) if order.kind != WorkOrderKind.CONTACT_SHEET else (WorkOrderState.OPENED,)
    if order.state == WorkOrderState.OPENED and order.kind != WorkOrderKind.CONTACT_SHEET:
        raise CannotDo(_("Check contact and device first: only a checked order can be given to somebody."))
    check_open(order, *first, *UNDER_WAY)
    _check_given(order, given, text, now)
    before, word = order.assignee, given.partner or (str(given.to) if given.to else "")
    due: dict[str, Any] = {"due_at": given.due_at} if given.due_at else {}
    with transaction.atomic():
        if given.to is not None and order.slot_from is not None and order.slot_until is not None:
            _check_free(order, given.to, order.slot_from, order.slot_until)
        change(
            order, OrderDeed.DISPATCHED, by=by, now=now, text=f"{word} {text}".strip(), to=given.to,
            state=WorkOrderState.DISPATCHED, assignee=given.to, partner=given.partner.strip(),
            mode=given.mode or order.mode, dispatched_at=now, accepted_at=None,
            values=order.values | dict(given.values), **due,
        )  # fmt: skip
        check_order_filled(order, "dispatch")
        owe(order, given.to, now=now)
        tell(order, [given.to], YOURS, what=order.instruction, by=by, now=now)
        if before is not None and before != given.to:
            tell(order, [before], NO_LONGER, by=by, now=now)
    return order


def _check_given(order: WorkOrder, given: Given, text: str, now: datetime) -> None:
    if (given.to is None) == (not given.partner.strip()):
        raise CannotDo(_("Choose a person, or write the name of the outside partner: one of the two."), field="to")
    if order.kind != WorkOrderKind.CONTACT_SHEET and not (given.mode or order.mode):
        raise CannotDo(_("Say whether somebody comes or the customer sends it in."), field="mode")
    if given.due_at is not None and given.due_at <= now:
        raise CannotDo(_("This time is over. Choose a later one."), field="due_at")
    if given.to is None:
        return
    workforce, on = load_workforce(), local_day(now)
    if workforce.is_gone(given.to.pk, on=on):
        raise CannotDo(_("%s does not work here any more.") % given.to, field="to")
    if order.skill and not text.strip() and not workforce.has_qualifications(given.to.pk, (order.skill,), on=on):
        raise CannotDo(
            _("%(name)s lacks the skill “%(skill)s”. Choose somebody else, or write why it is still right.")
            % {"name": given.to, "skill": order.skill},
            field="text",
        )


def owe(order: WorkOrder, to: Employee | None, *, now: datetime) -> int:
    """Let the open deeds that the regulation asks of whoever does the order be this person's; return how many.

    Whoever owed one at its bound still answers for it.
    """
    if to is None:
        return 0
    mine = [
        one
        for one in Obligation.objects.open().filter(of_subject(subject_of(order))).select_related("release")
        if one.employee_id != to.pk
        and (spec := spec_of_obligation(one)) and any(person.kind == "assignee" for person in spec.by)
    ]  # fmt: skip
    for one in mine:
        Obligation.objects.open().filter(pk=one.pk).update(employee=to)
        log(now=now, actor=None, verb=HANDED_ON, subject=one, of=one.employee_id, to=to.pk)
    return len(mine)


def accept(order: WorkOrder, *, by: Employee, now: datetime) -> WorkOrder:
    """Take the order on: from here on the customer waits for this person (V-06)."""
    check_open(order, WorkOrderState.OPENED, WorkOrderState.CHECKED, *UNDER_WAY)
    if order.accepted_at is not None:
        raise CannotDo(_("The order was accepted before."))
    with transaction.atomic():
        change(order, OrderDeed.ACCEPTED, by=by, now=now, accepted_at=now)
        done(order, "first_reply", by=by, now=now)
    return order


def book(order: WorkOrder, start: datetime, end: datetime, *, by: Employee, now: datetime) -> WorkOrder:
    """Agree with the customer on a time; refused where the technician has another order then (Z-04).

    Who asks first has it: the technician's row is held until the transaction ends.
    """
    check_open(order, *UNDER_WAY)
    if order.assignee is None:
        raise CannotDo(_("Choose the technician first: a time is agreed for somebody."), field="start")
    if start <= now:
        raise CannotDo(_("This time is over. Choose a later one."), field="start")
    if not timedelta() < end - start <= LONGEST_SLOT:
        raise CannotDo(_("The end lies after the beginning, at most 24 hours."), field="end")
    with transaction.atomic():
        _check_free(order, order.assignee, start, end)
        change(
            order, OrderDeed.BOOKED, by=by, now=now, text=moment_span_words(start, end),
            to=order.assignee, slot_from=start, slot_until=end,
        )  # fmt: skip
        tell(order, [order.assignee], YOURS, what=moment_words(start), by=by, now=now)
    return order


def _check_free(order: WorkOrder, technician: Employee, start: datetime, end: datetime) -> None:
    """Refuse a time at which the technician is away or has another order; in the caller's transaction."""
    locked(order.case_id)
    Employee.objects.select_for_update(no_key=True).get(pk=technician.pk)
    workforce = load_workforce()
    if not workforce.at_work(technician.pk, on=local_day(start)):
        raise CannotDo(_("%s is away that day.") % technician, field="start")
    taken = _taken(order, technician, start, end)
    if taken is not None and taken.slot_from is not None:
        raise CannotDo(
            _("%(name)s has another order then: %(number)s, from %(from)s.")
            % {"name": technician, "number": taken.number, "from": moment_words(taken.slot_from)},
            field="start",
        )


def _taken(order: WorkOrder, technician: Employee, start: datetime, end: datetime) -> WorkOrder | None:
    others = WorkOrder.objects.open().filter(assignee=technician).exclude(pk=order.pk)
    return others.filter(slot_from__lt=end, slot_until__gt=start, reported_at=None).order_by("slot_from").first()


def is_free(order: WorkOrder, technician: Employee, start: datetime, end: datetime) -> bool:
    """Say whether the technician has no other order in that time."""
    return _taken(order, technician, start, end) is None


def arrive(
    order: WorkOrder, *, by: Employee, now: datetime, at: datetime | None = None, tracking_no: str = ""
) -> WorkOrder:
    """Begin the work: on site, or with the device that was sent in (W-03: with its shipping number)."""
    check_open(order, WorkOrderState.DISPATCHED)
    if at is not None and not order.opened_at <= at <= now:
        raise CannotDo(_("This moment lies before the order, or has not come yet."), field="at")
    sent = tracking_no.strip() or order.tracking_no
    if order.mode == Mode.MAIL_IN and not sent:
        raise CannotDo(_("Write the shipping number with which it came."), field="tracking_no")
    taken: dict[str, Any] = {} if order.accepted_at else {"accepted_at": at or now}
    with transaction.atomic():
        change(
            order, OrderDeed.ARRIVED, by=by, now=now, at=at, state=WorkOrderState.ARRIVED, arrived_at=at or now,
            tracking_no=sent, **taken,
        )  # fmt: skip
        done(order, "first_reply", "onsite_visit", by=by, at=at, now=now)
    return order


def progress(order: WorkOrder, *, by: Employee, now: datetime, text: str) -> WorkOrder:
    """Write down how far it is."""
    check_open(order)
    text = wanted_text(text, _("Write how far it is."))
    with transaction.atomic():
        change(order, OrderDeed.PROGRESS, by=by, now=now, text=text)
        done(order, "progress", by=by, now=now)
    return order
