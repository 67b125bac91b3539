"""Complaints about people: whom a case names, whether it was their fault, and who finds that out (I-07, AE-14).

A verdict alone costs nobody anything: the detector proposes what the regulation says of it (`violations`), and who
decides about that is another question (`staff.domain.conduct.rights`). A verdict may be withdrawn; it stands in the
timeline all the same.
"""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from complaints.choices import CaseDeedKind, CaseState
from complaints.domain.announcing import subject_of, tell_handler, url_of
from complaints.domain.clocks import hand_on
from complaints.domain.routing import level_person
from complaints.domain.writing import CannotDo, Line, write
from complaints.models import Accusation, Case
from config.clock import local_day
from staff.domain.access import GENERAL, MANAGERS, roles_of
from staff.domain.notifying import notify, withdraw
from staff.domain.oversight import looks_after, overseers_of
from staff.domain.workforce import load_workforce
from staff.models import Employee, RoleAssignment, Violation

LONGEST = 200
UNDONE = gettext_noop(
    "The verdict on %(person)s in case %(number)s was taken back. What you confirmed stands until it is taken back."
)
FIND_OUT = gettext_noop("Case %(number)s names %(person)s: find out whether it was their fault")


@transaction.atomic
def accuse(
    case: Case, employee: Employee, *, by: Employee, now: datetime, text: str = "", attitude: bool = False,
    harm: bool = False,
) -> Accusation:  # fmt: skip
    """Name a member of staff in a case. Raises `CannotDo`: oneself, somebody named before, a case that counts no more.

    `attitude`: it is about how they behaved; `harm`: it did harm, as far as is known.
    """
    _check_counts(case)
    if employee.pk == by.pk:
        raise CannotDo(_("Let somebody else enter what is said about you."), field="employee")
    if case.accusations.filter(employee=employee).exists():
        raise CannotDo(_("This case names %s already.") % employee, field="employee")
    if len(text) > LONGEST:
        raise CannotDo(_("At most %d characters.") % LONGEST, field="text")
    made = Accusation.objects.create(
        case=case, employee=employee, text=text.strip(), attitude=attitude, harm=harm, by=by, at=now
    )
    facts = {"accusation": made.pk, "attitude": attitude, "harm": harm}
    write(case, CaseDeedKind.ACCUSED, by=by, now=now, line=Line(text=made.text, to=employee, facts=facts))
    _relieve(case, employee, by=by, now=now)
    tell_judges(made, now=now)
    return made


def instead_of(handler: Employee | None, accused: Collection[int], *, on: date) -> Employee | None:
    """Return who handles a case: nobody handles one that names them, but who answers for them; None for nobody."""
    if handler is None or handler.pk not in accused:
        return handler
    return next((one for one in overseers_of(handler, on=on) if one.pk not in accused), None)


def _relieve(case: Case, employee: Employee, *, by: Employee, now: datetime) -> None:
    """Take the case away from somebody whom it names now, with what they owe about it."""
    if case.handler_id != employee.pk or case.is_ended:
        return
    named = set(case.accusations.values_list("employee", flat=True))
    heir = instead_of(employee, named, on=local_day(now))
    state = case.state
    if state in (CaseState.ASSIGNED, CaseState.IN_PROGRESS):
        state = CaseState.ASSIGNED if heir else CaseState.REGISTERED
    line = Line(text=_("The case names who handled it."), to=heir, facts={"from": employee.pk})
    write(case, CaseDeedKind.ASSIGNED, by=by, now=now, line=line, handler=heir, state=state)
    hand_on(case, of=employee, to=heir, by=by, now=now)
    tell_handler(case, now=now)


@transaction.atomic
def judge(
    accusation: Accusation, *, verified: bool | None, finding: str, by: Employee, now: datetime,
    harm: bool | None = None, attitude: bool | None = None,
) -> Accusation:  # fmt: skip
    """Write down whether it was the fault of the named person; `verified` empty withdraws the verdict.

    `finding` says what was found, or why the verdict is withdrawn; `harm` and `attitude` left out stay as they are.
    Raises `CannotDo`: about oneself, without the right, without words, or where nothing would change.
    """
    case = accusation.case
    _check_counts(case)
    if why := hindrance(accusation, by, on=local_day(now)):
        raise CannotDo(why)
    if not finding.strip():
        raise CannotDo(_("Write what was found out."), field="finding")
    if verified is None and accusation.verified is None:
        raise CannotDo(_("There is no verdict to withdraw."), field="verified")
    accusation.verified, accusation.finding = verified, finding.strip()
    accusation.harm = accusation.harm if harm is None else harm
    accusation.attitude = accusation.attitude if attitude is None else attitude
    decided = verified is not None
    accusation.verified_by, accusation.verified_at = (by, now) if decided else (None, None)
    accusation.save(update_fields=["verified", "finding", "harm", "attitude", "verified_by", "verified_at"])
    facts = {
        "accusation": accusation.pk, "verified": verified, "harm": accusation.harm, "attitude": accusation.attitude,
    }  # fmt: skip
    line = Line(text=accusation.finding, to=accusation.employee, facts=facts)
    write(case, CaseDeedKind.VERIFIED_FAULT, by=by, now=now, line=line)
    withdraw(key=_key(accusation), now=now)
    if not verified:
        _tell_deciders(accusation, now=now)
    return accusation


def hindrance(accusation: Accusation, by: Employee, *, on: date) -> str:
    """Return what keeps somebody from the verdict, in words; nothing for who may give it.

    Managers who look after the named person, a general manager, and whom the case's level names, may; nobody in a case
    that names them.
    """
    if accusation.case.accusations.filter(employee=by).exists():
        return _("Nobody judges what is said about them.")
    rights = roles_of(by, on=on)
    if GENERAL in rights or (rights & MANAGERS and looks_after(by, accusation.employee, on=on)):
        return ""
    level = level_person(accusation.case, load_workforce(), on=on)
    if level is not None and level.pk == by.pk:
        return ""
    return _("Only a manager of the named person can find out whether it was their fault.")


def tell_judges(accusation: Accusation, *, now: datetime) -> None:
    """Tell those who answer for the named person, and see the case, that somebody has to find out."""
    on, case = local_day(now), accusation.case
    above = [one for one in overseers_of(accusation.employee, on=on) if _sees(one, case, on=on)]
    general = RoleAssignment.objects.on(on).filter(role__like=GENERAL).exclude(employee=accusation.employee_id)
    judges = above or list(Employee.objects.filter(pk__in=general.values("employee")))
    facts = {"number": case.number, "person": str(accusation.employee)}
    notify(judges, kind="case", message=FIND_OUT, url=url_of(case), key=_key(accusation), facts=facts, now=now)


def _tell_deciders(accusation: Accusation, *, now: datetime) -> None:
    """Tell who confirmed a penalty that its verdict holds no more: what people have decided, people take back."""
    case = accusation.case
    standing = Violation.objects.standing().filter(
        subject=subject_of(case), employee=accusation.employee, proposed_by=None
    )
    for one in standing.select_related("decided_by"):
        facts = {"number": case.number, "person": str(accusation.employee)}
        people, key = [one.decided_by] if one.decided_by else [], f"violation-{one.pk}-verdict-{case.version}"
        notify(people, kind="violation", message=UNDONE, url=f"/ledger/{one.pk}/", key=key, facts=facts, now=now)


def _sees(one: Employee, case: Case, *, on: date) -> bool:
    return Case.objects.visible_to(one, on=on).filter(pk=case.pk).exists()


def _key(accusation: Accusation) -> str:
    return f"accusation-{accusation.pk}"


def _check_counts(case: Case) -> None:
    """Refuse what is about a case that counts no more: its duplicate, or nothing, stands for it."""
    if case.state == CaseState.MERGED:
        raise CannotDo(_("This case was merged: do it in the case that stands for both."))
    if case.state == CaseState.WITHDRAWN:
        raise CannotDo(_("This case was withdrawn."))
