"""Putting right what is written of a case: every version stays, with who changed what and why (M-02, T20).

State, level, handler and clocks have deeds of their own; here stands what was told.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.db import models, transaction
from django.utils.translation import gettext as _

from complaints.choices import CaseDeedKind
from complaints.domain.forms_asked import check_filled
from complaints.domain.registering import read_numbers_of
from complaints.domain.rights import NotYours, is_theirs
from complaints.domain.ruling import ANONYMOUS
from complaints.domain.writing import CannotDo, Line, locked, write
from complaints.models import Case, CaseDeed
from config.clock import local_day
from staff.models import Department, Employee
from visits.domain.contact.masking import mask_contact, mask_in_text
from visits.domain.origin.registering import holder_of

CHANGEABLE: Final = (
    "type", "source", "reference", "customer", "name", "contact", "vehicle", "event", "category",
    "severity", "importance", "urgency", "summary", "demand", "cause", "coordinator", "tracker", "values",
)  # fmt: skip
WHO: Final = ("customer", "name", "contact")


@transaction.atomic
def change(
    case: Case, changes: Mapping[str, Any], *, reason: str, by: Employee, now: datetime,
    departments: Iterable[Department] | None = None,
) -> CaseDeed | None:  # fmt: skip
    """Write the changed columns as a new version of the case; None where nothing differs.

    `case.version` is that which the page has shown. Raises `CannotDo` without a reason, for an ended case, and where
    the regulation's required fields would be empty afterwards; `MeanwhileChanged` for an old page. When the customer
    told of it never changes: the clocks run from there.
    """
    shown, case = case, locked(case.pk)
    case.version = shown.version  # a page that is out of date is refused by the door
    if case.customer_id is None and changes.get("contact"):
        changes = {"customer": holder_of(read_numbers_of(changes["contact"])), **changes}
    _check(case, changes, reason, by, now)
    if case.exemption == ANONYMOUS and any(changes.get(name, getattr(case, name)) for name in WHO):
        changes = {**changes, "exemption": ""}  # there is somebody to be asked by now
    told = {name: (getattr(case, name), value) for name, value in changes.items() if getattr(case, name) != value}
    _check_people(case, told, by, now)
    facts = {name: [_plain(old), _plain(new)] for name, (old, new) in told.items()}
    facts |= _departments(case, departments)
    if not facts:
        return None
    columns = {name: new for name, (_old, new) in told.items()}
    deed = write(case, CaseDeedKind.CHANGED, by=by, now=now, line=Line(text=reason.strip(), facts=facts), **columns)
    if departments is not None:
        case.departments.set(list(departments))
    check_filled(case, "register")
    return deed


def _check(case: Case, changes: Mapping[str, Any], reason: str, by: Employee, now: datetime) -> None:
    if unknown := set(changes) - set(CHANGEABLE):
        raise ValueError(f"no columns to be edited: {sorted(unknown)}")
    if not is_theirs(case, "change", by=by, on=local_day(now)):
        raise NotYours(_("Only who registered a case, has a part in it or looks after its unit may change it."))
    if case.is_ended:
        raise CannotDo(_("The case is ended; what it says stays as it is."))
    if not reason.strip():
        raise CannotDo(_("Say in a few words why it is changed."), field="reason")
    if not str(changes.get("summary", case.summary)).strip():
        raise CannotDo(_("Write what the customer said."), field="summary")


def _check_people(case: Case, told: Mapping[str, tuple[Any, Any]], by: Employee, now: datetime) -> None:
    """Refuse that somebody else than who may (`people`) puts another in the place of who keeps track or coordinates."""
    taken = [name for name in ("tracker", "coordinator") if name in told and told[name][0] is not None]
    if taken and not is_theirs(case, "people", by=by, on=local_day(now)):
        words = _("Who keeps track and who coordinates is changed by them, by who registered the case or by a manager.")
        raise CannotDo(words, field=taken[0])


def _departments(case: Case, wanted: Iterable[Department] | None) -> dict[str, list[Any]]:
    if wanted is None:
        return {}
    old, new = (sorted(one.pk for one in units) for units in (case.departments.all(), wanted))
    return {"departments": [old, new]} if old != new else {}


def _plain(value: Any) -> Any:
    """Return a value as the history keeps it: rows by their id, moments as text."""
    if isinstance(value, models.Model):
        return value.pk
    return value


def versions(case: Case) -> list[CaseDeed]:
    """Return the lines that say how the case was put right, oldest first: the case has one version more."""
    return list(case.deeds.filter(kind=CaseDeedKind.CHANGED).select_related("by").order_by("pk"))


def shown_change(name: str, value: Any) -> str:
    """Return a kept value in words, numbers of telephones masked."""
    if value in (None, "", [], {}):
        return "—"
    if isinstance(value, list):
        return "、".join(map(str, value))
    return mask_contact(str(value)) if name == "contact" else mask_in_text(str(value))
