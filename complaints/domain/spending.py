"""Making good to a customer: what is proposed, within which allowance, and who approves it (H-03).

Nobody approves what they have proposed. Within the limit of the allowance (`[[allowance]]`, ``of = "compensation"``)
any manager of the case's unit may, and whom the allowance names; above it nobody, or those alone whom it names.
"""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Final

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from complaints.choices import CaseDeedKind, CaseState, SpendingKind, SpendingState
from complaints.domain.announcing import url_of
from complaints.domain.rights import manages
from complaints.domain.routing import wanted_by
from complaints.domain.ruling import books_on, pack_of
from complaints.domain.writing import CannotDo, Line, locked, write
from complaints.models import Case, Compensation
from config.clock import local_day
from config.packs.cases import AllowanceSpec
from staff.domain.access import MANAGERS
from staff.domain.company import kept_company
from staff.domain.conduct.money import hundredths, plain
from staff.domain.notifying import notify, withdraw
from staff.domain.periods import period_of
from staff.domain.workforce import load_workforce
from staff.models import Employee, RoleAssignment
from visits.domain.assigning.choosing import everyone
from visits.domain.detecting.bounds import house

LONGEST: Final = 200
OF: Final = "compensation"
APPROVAL: Final = "approval"
COUNTED: Final = (SpendingState.PROPOSED, SpendingState.APPROVED)
ASKED = gettext_noop("Case %(number)s: %(kind)s worth %(amount)s yuan waits for your approval")
APPROVED = gettext_noop("Case %(number)s: %(kind)s worth %(amount)s yuan was approved")
REFUSED = gettext_noop("Case %(number)s: %(kind)s worth %(amount)s yuan was refused: %(reason)s")


@dataclass(frozen=True)
class Room:
    """What an allowance leaves for one more compensation, in hundredths; without a limit there is none (None)."""

    allowance: AllowanceSpec | None
    left: int | None

    def holds(self, amount: int) -> bool:
        """Say whether the amount stays within the limit."""
        return self.left is None or amount <= self.left


@dataclass(frozen=True)
class Ground:
    """By what it is judged who may decide: what is left, whom the allowance names, whom the case complains of."""

    room: Room
    named: frozenset[int]
    accused: frozenset[int]


@transaction.atomic
def propose(
    case: Case, *, kind: SpendingKind, amount: int, by: Employee, now: datetime, text: str = ""
) -> Compensation:  # fmt: skip
    """Propose what the customer is given, worth `amount` hundredths of a yuan; whoever may approve it is told.

    Raises `CannotDo`: nothing, a case that counts no more, or above a limit that nobody may exceed.
    """
    if case.state in (CaseState.MERGED, CaseState.WITHDRAWN):
        raise CannotDo(_("This case counts no more: nothing can be given for it."))
    if amount <= 0:
        raise CannotDo(_("Enter what it is worth."), field="amount")
    if len(text) > LONGEST:
        raise CannotDo(_("At most %d characters.") % LONGEST, field="text")
    kept_company()  # two at once must not each fit into what is left once
    room = room_of(case, on=local_day(now))
    _check_limit(room, amount)
    made = Compensation.objects.create(
        case=case, kind=kind, amount=amount, text=text.strip(), proposed_by=by, proposed_at=now,
        allowance=room.allowance.code if room.allowance else "",
    )  # fmt: skip
    _write(case, made, by=by, now=now, text=made.text)
    people = approvers(made, on=local_day(now))
    facts = _facts(made)
    notify(people, kind="compensation", message=ASKED, url=url_of(case), key=_key(made), facts=facts, now=now)
    return made


@transaction.atomic
def approve(compensation: Compensation, *, by: Employee, now: datetime, reason: str = "") -> None:
    """Approve a compensation, once. Raises `CannotDo`: one's own, without the right, decided before."""
    _decide(compensation, SpendingState.APPROVED, by=by, now=now, reason=reason)


@transaction.atomic
def refuse(compensation: Compensation, *, by: Employee, now: datetime, reason: str) -> None:
    """Refuse a compensation, with a reason; whoever has proposed it may take it back so."""
    if not reason.strip():
        raise CannotDo(_("Say why."), field="reason")
    _decide(compensation, SpendingState.REFUSED, by=by, now=now, reason=reason)


def _decide(one: Compensation, state: SpendingState, *, by: Employee, now: datetime, reason: str) -> None:
    if len(reason) > LONGEST:
        raise CannotDo(_("At most %d characters.") % LONGEST, field="reason")
    case = locked(one.case_id)
    kept_company()
    own = state == SpendingState.REFUSED and by.pk == one.proposed_by_id
    if not own and (why := hindrance(one, by, on=local_day(now))):
        raise CannotDo(why)
    waiting = Compensation.objects.filter(pk=one.pk, state=SpendingState.PROPOSED)
    if not waiting.update(state=state, decided_by=by, decided_at=now, reason=reason.strip()):
        raise CannotDo(_("Somebody has decided about this in the meantime."))
    one.refresh_from_db()
    _write(case, one, by=by, now=now, text=one.reason)
    withdraw(key=_key(one), now=now)
    message = APPROVED if state == SpendingState.APPROVED else REFUSED
    facts = _facts(one) | {"reason": one.reason}
    key, url = f"{_key(one)}-decided", url_of(one.case)
    notify([one.proposed_by], kind="compensation", message=message, url=url, key=key, facts=facts, now=now)


def hindrance(one: Compensation, by: Employee, *, on: date) -> str:
    """Return what keeps somebody from deciding about a compensation, in words; nothing for who may."""
    return _hindrance(one, by, _ground_of(one, on=on), on)


def _ground_of(one: Compensation, *, on: date) -> Ground:
    room = room_of(one.case, on=local_day(one.proposed_at), but=one)
    accused = frozenset(one.case.accusations.values_list("employee", flat=True))
    return Ground(room, frozenset(_named(one.case, room.allowance, on=on)), accused)


def _hindrance(one: Compensation, by: Employee, ground: Ground, on: date) -> str:
    room = ground.room
    if by.pk == one.proposed_by_id:
        return _("Nobody approves what they have proposed.")
    if by.pk in ground.accused:
        return _("This case names you: somebody else decides about what the customer is given.")
    if by.pk in ground.named:
        return ""
    if room.holds(one.amount) or not (room.allowance and room.allowance.approve):
        return "" if manages(one.case, by=by, on=on) else _("Only a manager of the case's unit approves this.")
    return _("This exceeds the allowance: only those whom the regulation names approve it.")


def approvers(one: Compensation, *, on: date) -> list[Employee]:
    """Return who may decide about a compensation."""
    held = RoleAssignment.objects.on(on).filter(role__like__in=MANAGERS).values("employee")
    ground = _ground_of(one, on=on)
    people = Employee.objects.filter(Q(pk__in=held) | Q(pk__in=ground.named), is_active=True).order_by("username")
    return [person for person in people if not _hindrance(one, person, ground, on)]


def room_of(case: Case, *, on: date, but: Compensation | None = None) -> Room:
    """Return the allowance that rules compensations of a case on a day, and what it leaves; `but`: one left aside.

    The regulation of the case says it, else the first one in force that does.
    """
    spec = _allowance(case, on)
    if spec is None:
        return Room(None, None)
    given = Compensation.objects.filter(state__in=COUNTED, allowance=spec.code).exclude(pk=but.pk if but else None)
    if spec.per == "month":
        month = period_of("month", on)
        given = given.filter(proposed_at__gte=month.starts_at(house()), proposed_at__lt=month.ends_at(house()))
    else:
        given = given.filter(case=case)
    spent = given.aggregate(sum=Sum("amount"))["sum"] or 0
    return Room(spec, max(0, hundredths(spec.limit) - spent))


def _allowance(case: Case, on: date) -> AllowanceSpec | None:
    own = pack_of(case.release)
    packs = chain([own] if own else [], (book.pack for book in books_on(on, department=case.department)))
    specs = (spec for pack in packs for spec in pack.allowance if spec.of == OF and not spec.blanks())
    return next(specs, None)


def _check_limit(room: Room, amount: int) -> None:
    if room.left is None or room.holds(amount) or (room.allowance and room.allowance.excess == APPROVAL):
        return
    words = _("The regulation leaves %(left)s yuan for this, and nobody may exceed it.")
    raise CannotDo(words % {"left": plain(room.left)}, field="amount")


def _named(case: Case, spec: AllowanceSpec | None, *, on: date) -> set[int]:
    persons = spec.approve if spec else ()
    wanted, workforce = wanted_by(case, persons), load_workforce()
    return {one for person in persons for one in everyone(person, wanted, workforce, on=on)}


def _write(case: Case, one: Compensation, *, by: Employee, now: datetime, text: str) -> None:
    facts = {"compensation": one.pk, "given": one.kind, "worth": one.amount, "decision": one.state}
    write(case, CaseDeedKind.COMPENSATION, by=by, now=now, line=Line(text=text, facts=facts))


def _facts(one: Compensation) -> dict[str, str]:
    return {"number": one.case.number, "kind": one.get_kind_display(), "amount": plain(one.amount)}


def _key(one: Compensation) -> str:
    return f"compensation-{one.pk}"
