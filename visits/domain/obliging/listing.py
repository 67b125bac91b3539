"""Owed deeds as a list, and doing a to-do by hand."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from staff.choices import MeasureState
from staff.domain.access import CALLERS, MANAGERS, roles_of
from staff.models import Employee
from visits.domain.finding.searching import customers_matching
from visits.domain.obliging.watching import close
from visits.models import Customer, Obligation

LONGEST_NOTE: Final = 200


class CannotDo(ValueError):
    """The deed is refused; the text says why and how to mend it."""


def obligations(employee: Employee, wanted: Mapping[str, Any], *, now: datetime, on: date) -> QuerySet[Obligation]:
    """Return the owed deeds in the employee's scope. `wanted`: q, who, state (open, overdue, done, missed, all)."""
    found = Obligation.objects.visible_to(employee, on=on)
    if wanted["who"] == "mine":
        found = found.filter(employee=employee)
    if wanted["q"]:
        found = found.filter(customer__in=Customer.objects.filter(customers_matching(wanted["q"])))
    match wanted["state"]:
        case "open":
            found = found.open()
        case "overdue":
            found = found.overdue(now=now)
        case "done":
            found = found.filter(state=MeasureState.DONE)
        case "late":
            found = found.filter(state=MeasureState.DONE).filter(done_late())
    first = F("due_at").asc(nulls_last=True) if wanted["state"] in ("open", "overdue") else F("anchor_at").desc()
    return found.order_by(first, "pk")


def done_late() -> Q:
    """Return the condition of deeds that were done, too late."""
    return Q(done_at__gt=F("due_at")) | Q(done_at=F("due_at"), inclusive=False)


def do_by_hand(one: Obligation, note: str, *, by: Employee, now: datetime, on: date) -> None:
    """Say that a to-do is done, and how; raises `CannotDo` for a deed that is seen by itself, or somebody else's."""
    note = note.strip()
    if one.deed != "todo":
        raise CannotDo(_("This is done by the deed itself: the program sees it."))
    rights = roles_of(by, on=on)
    if not (one.employee_id in (None, by.pk) and rights & CALLERS) and not rights & MANAGERS:
        raise CannotDo(_("Only who owes it, or a manager, can say that it is done."))
    if not note or len(note) > LONGEST_NOTE:
        raise CannotDo(_("Write in a few words what was done (at most 200 characters)."))
    if not close(one, MeasureState.DONE, at=now, by=by.pk, now=now, note=note):
        raise CannotDo(_("Somebody has done this in the meantime."))
