"""Who may do what about a case: its handler, its tracker, who manages its unit, whom its level names (I-04, AE-01).

One table for the page, the domain and whatever else asks. What nobody may see, nobody may do anything about.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from complaints.choices import ENDED, SETTLED, WORKED, CaseDeedKind, CaseState, CaseType
from complaints.domain.routing import wanted_by
from complaints.domain.ruling import level_of, rules_of
from complaints.domain.writing import CannotDo, MeanwhileChanged, hold
from complaints.models import Case
from config.clock import local_day
from staff.domain.access import MANAGERS, READERS, standing_of
from staff.domain.access import Standing as Known
from staff.domain.workforce import load_workforce
from staff.models import Employee
from visits.domain.assigning.choosing import everyone


class Standing(StrEnum):
    """What somebody is to a case."""

    HANDLER = "handler"
    POOL = "pool"  # holds the role in whose pool the case waits
    TRACKER = "tracker"
    COORDINATOR = "coordinator"
    ESCALATED = "escalated"  # was told last when the case went up the chain
    REGISTRAR = "registrar"
    MANAGER = "manager"  # of its unit
    DECIDER = "decider"  # whom its level names; who manages its unit where the level names nobody
    DEPARTMENT = "department"  # works in a department that is involved
    READER = "reader"


S = Standing
AT_WORK: Final = frozenset({S.HANDLER, S.TRACKER, S.COORDINATOR, S.ESCALATED, S.MANAGER, S.DECIDER})
AROUND: Final = frozenset({S.TRACKER, S.COORDINATOR, S.MANAGER, S.DECIDER, S.REGISTRAR})
OPEN: Final = frozenset((*WORKED, *SETTLED))
COUNTING: Final = OPEN | {CaseState.CLOSED, CaseState.EXEMPT}
SHORT: Final = frozenset({CaseType.ENQUIRY, CaseType.SUGGESTION})  # answered rather than settled


@dataclass(frozen=True)
class Right:
    """Who may do a deed, and in which states of the case; `offered` says whether there is anything to do."""

    who: frozenset[Standing]
    states: frozenset[str] = frozenset(WORKED)
    offered: Callable[[Case], bool] = bool


# Deed -> right. A part of the program that brings a deed adds its line here.
RIGHTS: Final[dict[str, Right]] = {
    "accept": Right(frozenset({S.HANDLER, S.POOL}), frozenset({CaseState.REGISTERED, CaseState.ASSIGNED})),
    "reply": Right(AT_WORK | {S.REGISTRAR}),
    "progress": Right(AT_WORK | {S.REGISTRAR, S.DEPARTMENT}),
    "tell_customer": Right(AT_WORK | {S.REGISTRAR}, OPEN),
    "ask_department": Right(AT_WORK),
    "department_reply": Right(AT_WORK | {S.DEPARTMENT}),
    "decide": Right(frozenset({S.DECIDER})),
    "meeting": Right(AT_WORK),
    "resolve": Right(AT_WORK),
    "close": Right(AROUND, frozenset({CaseState.RESOLVED})),
    "reopen": Right(AROUND, frozenset((*SETTLED, CaseState.CLOSED))),
    "exempt": Right(AROUND, frozenset(SETTLED), lambda case: bool(rules_of(case.release).exempt)),
    "include": Right(frozenset({S.MANAGER}), frozenset({CaseState.EXEMPT})),
    "archive": Right(
        AROUND | {S.HANDLER}, frozenset({CaseState.CLOSED, CaseState.EXEMPT}), lambda case: case.archived_at is None
    ),
    "waiting": Right(AT_WORK, frozenset(WORKED) - {CaseState.WAITING}),
    "resume": Right(AT_WORK, frozenset({CaseState.WAITING})),
    "escalate": Right(AT_WORK | {S.REGISTRAR}, OPEN),
    "due": Right(frozenset({S.MANAGER, S.DECIDER}), OPEN),
    "due_approve": Right(frozenset({S.MANAGER, S.DECIDER}), OPEN),
    "assign": Right(frozenset({S.TRACKER, S.MANAGER, S.ESCALATED})),
    "people": Right(frozenset({S.TRACKER, S.MANAGER, S.REGISTRAR}), OPEN),
    "level": Right(AT_WORK),
    "category": Right(AT_WORK | {S.REGISTRAR}, OPEN),
    "withdraw": Right(frozenset({S.MANAGER})),
    "restore": Right(frozenset({S.MANAGER}), frozenset({CaseState.WITHDRAWN})),
    "accuse": Right(frozenset(Standing), COUNTING),
    "judge": Right(frozenset(Standing), COUNTING),  # `accusing.hindrance` says whom of the staff one may judge
    "compensate": Right(AT_WORK | {S.REGISTRAR}, COUNTING),
    "penalise": Right(frozenset({S.MANAGER}), COUNTING),
    "change": Right(AT_WORK | {S.REGISTRAR, S.POOL}, OPEN),
    "merge": Right(AT_WORK | {S.REGISTRAR, S.POOL}, OPEN | {CaseState.MERGED}),
    "order": Right(AT_WORK | {S.REGISTRAR, S.POOL}, OPEN),
    "file": Right(frozenset(Standing), frozenset(CaseState.values)),
    "remark": Right(frozenset(Standing), frozenset(CaseState.values)),
}


class NotYours(CannotDo):
    """The deed is somebody else's to do."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text or _("This is for somebody else to do: look at who handles the case and who decides."))


def standings(case: Case, *, by: Employee, on: date) -> frozenset[Standing]:
    """Return what the person is to the case on that day; nothing to whoever may not see it.

    Whom the case names is a reader of it, whatever else they are: nobody works on a complaint about themselves.
    """
    known = _known(by, on)
    if not known.base_roles & READERS or not Case.objects.visible_to(by, on=on).filter(pk=case.pk).exists():
        return frozenset()
    if any(one.employee_id == by.pk for one in case.accusations.all()):
        return frozenset({S.READER})
    scope = known.scope
    found = {S.READER}
    named = {
        S.HANDLER: case.handler_id, S.TRACKER: case.tracker_id, S.COORDINATOR: case.coordinator_id,
        S.ESCALATED: case.escalated_to_id, S.REGISTRAR: case.registered_by_id,
    }  # fmt: skip
    found |= {standing for standing, person in named.items() if person == by.pk}
    if case.handler_id is None and case.role and case.role in scope.pools:
        found.add(S.POOL)
    involved = {one.pk for one in case.departments.all()}
    if manages(case, by=by, on=on):
        found.add(S.MANAGER)
    if involved & (scope.departments | scope.home_departments):
        found.add(S.DEPARTMENT)
    return frozenset(found | _decider(case, by, found, on))


def manages(case: Case, *, by: Employee, on: date) -> bool:
    """Say whether the person looks after the unit of the case on that day."""
    known = _known(by, on)
    scope = known.scope
    if not known.base_roles & MANAGERS:
        return False
    return scope.everything or case.branch_id in scope.branches or case.department_id in scope.departments


def _known(by: Employee, on: date) -> Known:
    """Return the person's rights and scope on that day; within a request the gate has asked them already."""
    asked_on, standing = by.standing
    return standing if asked_on == on else standing_of(by, on=on)


def _decider(case: Case, by: Employee, found: Iterable[Standing], on: date) -> set[Standing]:
    """Return the standing of who decides: whom the level names (I-04), else who manages the unit, else the handler."""
    level = level_of(case.release, case.level)
    if level is None or not level.handler:
        return {S.DECIDER} if {S.MANAGER, S.HANDLER} & set(found) else set()
    wanted, workforce = wanted_by(case, level.handler), load_workforce()
    named = any(by.pk in everyone(person, wanted, workforce, on=on) for person in level.handler)
    return {S.DECIDER} if named else set()


def may(case: Case, deed: str, *, by: Employee, on: date) -> bool:
    """Say whether the person may do the deed on that day, as the case stands."""
    return _may(case, deed, by, standings(case, by=by, on=on))


def is_theirs(case: Case, deed: str, *, by: Employee, on: date) -> bool:
    """Say whether a deed is the person's on that day, whether the case is ready for it or not."""
    return _allowed(case, deed, by, standings(case, by=by, on=on))


def deeds_open(case: Case, *, by: Employee, on: date) -> list[str]:
    """Return all that the person may do about the case as it stands, in the order of the table."""
    mine = standings(case, by=by, on=on)
    return [deed for deed in RIGHTS if _may(case, deed, by, mine)]


def _may(case: Case, deed: str, by: Employee, mine: frozenset[Standing]) -> bool:
    right = RIGHTS[deed]
    return case.state in right.states and right.offered(case) and _allowed(case, deed, by, mine)


def _allowed(case: Case, deed: str, by: Employee, mine: frozenset[Standing]) -> bool:
    """Say whether the deed is the person's; nobody ends the clocks of what they handle, or have solved, themselves."""
    if by.pk == case.handler_id and deed == "withdraw":
        return False
    if by.pk == case.handler_id and deed in ("close", "exempt"):
        return case.type in SHORT
    if not RIGHTS[deed].who & mine:
        return False
    return deed not in ("close", "exempt") or case.type in SHORT or by.pk not in solvers(case)


def solvers(case: Case) -> set[int | None]:
    """Return who has solved the case in its present round."""
    solved = case.deeds.filter(kind=CaseDeedKind.RESOLVED, round=case.round)
    return set(solved.order_by().values_list("by", flat=True))


def check(case: Case, deed: str, *, by: Employee, now: datetime, version: int | None = None) -> None:
    """Refuse a deed: `MeanwhileChanged` for a page that is old, `NotYours`, `CannotDo` for a state that is wrong.

    The case is held from here on until the caller's transaction ends.
    """
    if version is not None and version != case.version:
        raise MeanwhileChanged
    hold(case)
    if not _allowed(case, deed, by, standings(case, by=by, on=local_day(now))):
        raise NotYours
    if case.state not in RIGHTS[deed].states:
        if case.state in ENDED:
            raise CannotDo(_("The case has ended (%(state)s); nothing more is done about it.") % _state(case))
        raise CannotDo(_("This cannot be done: the case is “%(state)s” now.") % _state(case), field="state")


def _state(case: Case) -> dict[str, str]:
    return {"state": str(CaseState(case.state).label)}


def needed(text: str, message: str, *, field: str = "text") -> str:
    """Return a text without the blanks around it; refuse an empty one."""
    if not text.strip():
        raise CannotDo(message, field=field)
    return text.strip()
