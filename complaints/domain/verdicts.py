"""The customer's word on a solution: it closes the case, or opens it again one level higher, in a new round (AK-15).

The visit that asked is a record like any other: taken back within its half minute it takes its word back, and a
correction that changes the word lets the case follow, unless somebody has gone on working on it since.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from complaints.choices import SETTLED, CaseDeedKind, CaseState
from complaints.domain.announcing import REGISTERED, announce, subject_of, tell_handler, url_of
from complaints.domain.escalating import BY_ROUND, climb
from complaints.domain.forms_asked import Lacking, check_filled
from complaints.domain.holding import hold_all, verified_by, verified_in
from complaints.domain.leaving import relieve
from complaints.domain.levelling import ANSWERED, round_begun
from complaints.domain.orders.ending import cancel
from complaints.domain.rights import check, needed
from complaints.domain.routing import level_person, wanted_by
from complaints.domain.ruling import level_of, next_level, rules_of
from complaints.domain.verifying import call_again, call_off, standing_of
from complaints.domain.writing import Line, locked, write
from complaints.models import Case, CaseDeed
from config.clock import local_day
from staff.domain.notifying import notify
from staff.domain.superiors import superiors
from staff.domain.workforce import load_workforce
from staff.models import Employee
from visits.choices import Outcome
from visits.domain.assigning.choosing import HANDLED_BY, everyone
from visits.domain.calling.contacts import MissingFact
from visits.domain.calling.terms import terms_of
from visits.domain.calling.versioning import earlier_versions
from visits.domain.follow_up.handling import CannotHandle
from visits.domain.obliging.about import AFTER_THE_END
from visits.domain.obliging.fulfilling import drop, end, take_up
from visits.models import VisitRecord, VisitTask

REOPENED: Final = gettext_noop("The customer is not satisfied: case %(number)s is open again, in round %(round)s")
USED_UP: Final = gettext_noop("The customer is not satisfied with case %(number)s, and its rounds are used up")
CHANGED: Final = gettext_noop("The visit about case %(number)s was corrected; look whether anything is to be done")
OPEN_AGAIN: Final = gettext_noop("the case was opened again")
# What a round begins without; the line of the reopening remembers it.
OF_THE_ROUND: Final[dict[str, Any]] = {
    "process": "", "solution": "", "measure": "", "result": "", "remedy": "", "opinion": "", "satisfied": None,
    "informed_at": None, "resolved_at": None, "verified_at": None, "archived_at": None,
}  # fmt: skip
NO_MORE: Final = (CaseState.MERGED, CaseState.WITHDRAWN, CaseState.EXEMPT)  # another complaint is another case
MOVED: Final = (
    "state", "round", "level", "handler_id", "role", "closed_at", "escalations", "rung", "escalated_to_id",
    *OF_THE_ROUND,
)  # fmt: skip


def follow_visit(*, record: VisitRecord, tasks: Iterable[VisitTask], by: Employee, now: datetime) -> None:
    """Let a visit that asked after a case speak (a hand-over). Raises `MissingFact` for who must not make it."""
    for task in tasks:
        found = asked_after(task)
        if found is None:
            continue
        case, asked_in = found
        check_caller(task, case, by, now=now)
        take_word(case, record, by=by, now=now, asked_in=asked_in)


def asked_after(task: VisitTask) -> tuple[Case, int] | None:
    """Return the case that a visit asks after, kept from others, and of which round; also of a survey after a visit."""
    number, of_round_ = verified_by(task.event) or ("", 0)
    found = Case.objects.filter(number=number).values_list("pk", flat=True).first() if number else None
    return (locked(found), of_round_) if found else None


def check_caller(task: VisitTask, case: Case, by: Employee, *, now: datetime) -> None:
    """Refuse whoever handled the case, and whom its level does not name where the rule wants that person (K-04)."""
    said = task.event.attributes
    if by.username in str(said.get(HANDLED_BY, "")).split():
        words = _("You have handled this case, or it names you: somebody else asks the customer.")
        raise MissingFact({"outcome": words})
    persons = terms_of(task).step.assign
    level = level_of(case.release, str(said.get("level", "")))
    if level is None or not level.handler or by.pk == task.assignee_id:
        return
    if persons and persons[0].kind == "level":
        wanted, workforce = wanted_by(case, level.handler), load_workforce()
        if not any(by.pk in everyone(one, wanted, workforce, on=local_day(now)) for one in level.handler):
            words = _("A case of the level “%(level)s” is asked after by whom the regulation names for it.")
            raise MissingFact({"outcome": words % {"level": level.title or level.code}})


def word_of(record: VisitRecord) -> bool | None:
    """Return whether the solution holds in the customer's eyes; None where the visit did not find it out."""
    if record.outcome != Outcome.REACHED:
        return None
    if record.satisfied is False or record.settled is False:
        return False
    return True if record.satisfied or record.settled else None


def spoken_of(record: VisitRecord) -> Case | None:
    """Return the case that goes on with what a visit has brought: its customer says that the solution does not hold.

    One that another visit has just closed does not go on: what is complained of after that is a case of its own.
    """
    number = verified_in(record) if word_of(record) is False else ""
    case = Case.objects.exclude(state__in=NO_MORE).filter(number=number).first() if number else None
    counts = case is not None and (case.state != CaseState.CLOSED or record.links.filter(completes=True).exists())
    return case if counts else None


def take_word(case: Case, record: VisitRecord, *, by: Employee, now: datetime, asked_in: int) -> None:
    """Close, reopen, or only note what was said: of an earlier round, or while the case is being worked on."""
    word = word_of(record)
    listens = asked_in == case.round and case.state in (*SETTLED, CaseState.CLOSED)
    if word is False and listens:
        _not_satisfied(case, record, by, now)
    elif word and listens and case.state != CaseState.CLOSED:
        _satisfied(case, record, by, now)
    elif word is None and listens and case.state == CaseState.VERIFYING and not standing_of(case).waits:
        _write(case, CaseDeedKind.VERIFYING, record, by, now, _("The visit was made, but it did not bring an answer."),
               state=CaseState.RESOLVED)  # fmt: skip
    else:
        kind = CaseDeedKind.CONFIRMED if word else CaseDeedKind.REMARK
        _write(case, kind, record, by, now, _said(record))


def _satisfied(case: Case, record: VisitRecord, by: Employee, now: datetime) -> None:
    """Close the case; where the regulation still wants something filled in (AE-12), its handler closes it."""
    at, before = record.ended_at or record.started_at, _state_of(case)
    case.opinion, case.informed_at = case.opinion or _said(record), case.informed_at or at
    changes = {
        "satisfied": True, "verified_at": at, "opinion": case.opinion, "informed_at": case.informed_at,
        "state": CaseState.CLOSED,
    }  # fmt: skip
    try:
        check_filled(case, "close")
        text = _said(record)
    except Lacking as lacking:
        changes["state"] = CaseState.RESOLVED
        text = _("The customer is satisfied. To close the case: %s") % lacking
    _write(case, CaseDeedKind.CONFIRMED, record, by, now, text, facts={"before": before}, **changes)
    if case.is_ended:
        end(subject_of(case), now=now, keep=AFTER_THE_END)


def _not_satisfied(case: Case, record: VisitRecord, by: Employee, now: datetime) -> None:
    """Open the case again one level higher; where its rounds are used up a manager closes it with a reason."""
    limit = rules_of(case.release).max_rounds
    if limit and case.round >= limit:
        _write(case, CaseDeedKind.VERIFYING, record, by, now, _said(record), facts={"before": _state_of(case)},
               state=CaseState.RESOLVED, satisfied=False, verified_at=record.ended_at or record.started_at)  # fmt: skip
        _tell_managers(case, USED_UP, now=now)
        return
    reopen(case, by=by, now=now, text=_said(record), record=record)


def reopen(case: Case, *, by: Employee | None, now: datetime, text: str, record: VisitRecord | None = None) -> CaseDeed:
    """Open a solved or closed case again: a new round, one level higher, with new clocks, in the hands of that level.

    The old round's solution stands in its lines. Nobody above the highest level: it stays where it is.
    """
    before, old_level = _state_of(case), case.level
    above = next_level(case.release, case.level)
    case.level = above.code if above else case.level
    person = level_person(case, load_workforce(), on=local_day(now)) if above else None
    handler = person or case.handler
    call_off(case, now=now, reason=OPEN_AGAIN)
    end(subject_of(case), now=now)
    deed = _write(
        case, CaseDeedKind.REOPENED, record, by, now, text, facts={"before": before, **_raised(old_level, case.level)},
        **OF_THE_ROUND, state=CaseState.IN_PROGRESS, round=case.round + 1, level=case.level, handler=handler,
        role="" if handler else case.role,
    )  # fmt: skip
    announce(
        case, REGISTERED, key=case.number, at=now, now=now, subject=round_begun(case, deed.pk), visits=False,
        without=ANSWERED,
    )  # fmt: skip
    tell_handler(case, now=now)
    relieve(case, now=now)
    if climb(case, why=BY_ROUND, by=None, now=now, text=text) is None:  # else it has called who stands above
        _tell_managers(case, REOPENED, now=now)
    return deed


@transaction.atomic
def reopen_by_hand(case: Case, *, by: Employee, now: datetime, text: str, version: int | None = None) -> None:
    """Open a case again whose customer says by any other way than a visit that the solution does not hold."""
    check(case, "reopen", by=by, now=now, version=version)
    reopen(case, by=by, now=now, text=needed(text, _("Write what the customer says is not solved.")))


def _raised(old: str, new: str) -> dict[str, Any]:
    """Return, for the line, from which level to which one the case was raised."""
    return {"level": [old, new]} if old != new else {}


def follow_undone(*, record: VisitRecord, now: datetime) -> None:
    """Take back what a visit has said of cases, with the visit (a hand-over); raises `CannotHandle` where too late."""
    said = CaseDeed.objects.filter(record=record)
    hold_all(said.values_list("case", flat=True))
    for deed in said.exclude(kind=CaseDeedKind.REGISTERED).order_by("-pk"):
        case = locked(deed.case_id)
        if not _put_back(case, deed, by=record.advisor, now=now, text=_("The visit was taken back.")):
            raise CannotHandle(_("Case %s has been worked upon since.") % case.number)


def follow_corrected(*, record: VisitRecord, by: Employee, now: datetime) -> None:
    """Let cases follow a visit that was put right, where its word has changed (a hand-over)."""
    if record.supersedes is None or word_of(record) == word_of(record.supersedes):
        return
    spoken = CaseDeed.objects.filter(record__in=earlier_versions(record)).exclude(kind=CaseDeedKind.REGISTERED)
    for pk in sorted(set(spoken.values_list("case", flat=True))):
        case, deed = locked(pk), spoken.filter(case=pk).latest("pk")
        if _put_back(case, deed, by=by, now=now, text=_("The visit was corrected.")):
            take_word(case, record, by=by, now=now, asked_in=case.round)
        else:
            _write(case, CaseDeedKind.REMARK, record, by, now, _("The visit was corrected."))
            people = [case.handler] if case.handler else []
            notify(people, kind="case", message=CHANGED, facts={"number": case.number}, url=url_of(case),
                   key=f"case-{case.pk}-corrected-{record.pk}", now=now)  # fmt: skip


def _put_back(case: Case, deed: CaseDeed, *, by: Employee, now: datetime, text: str) -> bool:
    """Put a case back to where it stood before the word of a visit; say whether nobody has worked on it since."""
    if "before" not in deed.facts:
        return True
    if case.deeds.filter(pk__gt=deed.pk, by__isnull=False).exclude(record=deed.record_id).exists():
        return False
    drop(subject_of(case), now=now, keep=AFTER_THE_END)
    call_again(case, now=now, reason=OPEN_AGAIN)
    write(case, CaseDeedKind.REMARK, by=by, now=now, line=Line(text=text, record=deed.record), back=True,
          **_read(deed.facts["before"]))  # fmt: skip
    take_up(subject_of(case), dropped_at=deed.logged_at, now=now)
    for order in case.work_orders.open().filter(opened_by=None, opened_at__gte=deed.logged_at):
        cancel(order, by=by, now=now, text=text)  # what the program has drafted because of the visit (K-17)
    case.refresh_from_db()
    return True


def _state_of(case: Case) -> dict[str, Any]:
    """Return, as plain data, what the word of a visit may change."""
    told = {name: getattr(case, name) for name in MOVED}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in told.items()}


def _read(before: dict[str, Any]) -> dict[str, Any]:
    moments = {name: datetime.fromisoformat(text) for name, text in before.items() if name.endswith("_at") and text}
    return before | moments


def _write(
    case: Case, kind: CaseDeedKind, record: VisitRecord | None, by: Employee | None, now: datetime, text: str,
    facts: dict[str, Any] | None = None, **changes: Any,
) -> CaseDeed:  # fmt: skip
    at = (record.ended_at or record.started_at) if record else None
    line = Line(text=text, at=at, record=record, facts=facts)
    return write(case, kind, by=by, now=now, line=line, **changes)


def _said(record: VisitRecord) -> str:
    """Return what the customer said, as the visit has written it down."""
    return record.displeasure or record.problem or record.suggestion or record.summary


def _tell_managers(case: Case, message: str, *, now: datetime) -> None:
    people = superiors(case.handler, now=now) if case.handler else []
    notify(
        people, kind="case_reopened", message=message, facts={"number": case.number, "round": case.round},
        url=url_of(case), key=f"case-{case.pk}-reopened-{case.version}", urgent=True, now=now,
    )  # fmt: skip
