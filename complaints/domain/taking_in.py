"""A case registered by hand: the person put on file where they are new, a duplicate laid beside its master, at once."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.domain.merging import merge
from complaints.domain.registering import Told, read_numbers_of, register
from complaints.domain.ruling import rules_of
from complaints.domain.writing import CannotDo
from complaints.models import Case
from staff.models import Employee
from visits.domain.origin.registering import NumberHeld, Registration
from visits.domain.origin.registering import register as put_on_file
from visits.models import Customer


@dataclass(frozen=True)
class TakenIn:
    """What was registered. `counts_as`: the case that it was merged into, where it tells of the same matter."""

    case: Case
    counts_as: Case | None = None


@transaction.atomic
def take_in(
    told: Told, *, by: Employee, now: datetime, keep: bool = False, same_as: Case | None = None
) -> TakenIn:  # fmt: skip
    """Register the case; `keep`: put a new person with a number on file; `same_as`: the case of the same matter.

    Raises `CannotDo`, nothing is written then.
    """
    if told.customer is None and keep:
        told = replace(told, customer=_on_file(told, by, now))
    case = register(told, by=by, now=now)
    _check_known(case)
    if same_as is None or case.merged_into_id:
        return TakenIn(case)
    return TakenIn(case, merge([case], into=same_as, by=by, now=now, text=_("Told again.")))


def _on_file(told: Told, by: Employee, now: datetime) -> Customer | None:
    """Return the new customer; nobody without a name and a telephone number."""
    if not (told.name.strip() and read_numbers_of(told.contact)):
        return None
    try:
        return put_on_file(Registration(told.name, told.contact), by=by, now=now)
    except NumberHeld as held:
        return held.customer


def _check_known(case: Case) -> None:
    """Refuse a case from nobody where the regulation has codes for it: somebody must say why (K-15)."""
    known = case.customer_id or case.name or case.contact
    if not known and not case.exemption and rules_of(case.release).exempt:
        raise CannotDo(
            _("Nobody is named. Find the customer, write down who it was, or choose why the case is anonymous."),
            field="exemption",
        )
