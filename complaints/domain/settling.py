"""The end of a case: solved, closed once the customer is told and content, withdrawn for a reason, taken up again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from complaints.choices import CaseDeedKind, CaseState
from complaints.domain.announcing import done, subject_of, url_of
from complaints.domain.forms_asked import check_filled
from complaints.domain.orders.ending import cancel_orders_of, check_no_open_order
from complaints.domain.rights import SHORT, check, manages, may, needed
from complaints.domain.verifying import begin, call_again, call_off, standing_of
from complaints.domain.waiting import ANSWERS
from complaints.domain.writing import CannotDo, Line, write
from complaints.models import Case
from config.clock import local_day
from staff.domain.notifying import notify
from staff.models import Employee
from visits.domain.obliging.about import AFTER_THE_END
from visits.domain.obliging.fulfilling import drop, end, of_subject, take_up
from visits.models import Obligation

WITHDRAWN = gettext_noop("the case was withdrawn")
ENDED = gettext_noop("Case %(number)s is closed")


@transaction.atomic
def resolve(
    case: Case, *, by: Employee, now: datetime, solution: str, cause: str = "", process: str = "", measure: str = "",
    result: str = "", remedy: str = "", told_customer: bool = False, values: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> None:  # fmt: skip
    """Say how the case was solved; what the regulation wants of a decision must be filled in (`Lacking`, M-04).

    A case whose level asks for a decision is decided before, or by who solves it. Then the visits of the rules begin.
    """
    check(case, "resolve", by=by, now=now, version=version)
    told = {
        "cause": cause, "process": process, "solution": needed(solution, _("Write the solution."), field="solution"),
        "measure": measure, "result": result, "remedy": remedy,
    }  # fmt: skip
    changes: dict[str, Any] = {name: text.strip() for name, text in told.items()}
    changes["values"] = case.values | dict(values or {})
    for name, value in changes.items():
        setattr(case, name, value)
    check_decided(case, by, now)
    check_no_open_order(case, reported=True)
    check_filled(case, "decide")
    changes |= {"state": CaseState.RESOLVED, "resolved_at": now}
    if told_customer:
        changes |= {"informed_at": now, "replied_at": case.replied_at or now}
    facts = {name: text for name, text in told.items() if text}
    write(case, CaseDeedKind.RESOLVED, by=by, now=now, line=Line(text=solution.strip(), facts=facts), **changes)
    done(case, "resolve", "decide", *(ANSWERS if told_customer else ()), by=by, now=now)
    begin(case, by=by, now=now)


def check_decided(case: Case, by: Employee, now: datetime) -> None:
    """Refuse the solution of a case that waits for the decision of whom its level names (I-04)."""
    waiting = Obligation.objects.open().filter(of_subject(subject_of(case)), deed="decide").exists()
    if waiting and not may(case, "decide", by=by, on=local_day(now)):
        raise CannotDo(_("The level of this case asks for a decision first: whoever decides has been told."))


@transaction.atomic
def close(
    case: Case, *, by: Employee, now: datetime, satisfied: bool | None, opinion: str = "", text: str = "",
    told_now: bool = False, values: Mapping[str, Any] | None = None, version: int | None = None,
) -> None:  # fmt: skip
    """Close a solved case that no visit has to confirm: the customer was told and is satisfied (X-04, I-01, AE-12).

    `told_now`: the customer was told of the result in this very talk; `values`: the regulation's own fields. Who
    manages the unit may also close with a reason what the customer leaves unanswered, also where no visit could reach
    them; a customer who is not satisfied reopens it instead. Nobody closes a complaint that they have handled
    themselves.
    """
    check(case, "close", by=by, now=now, version=version)
    check_no_open_order(case)
    visit = standing_of(case)
    if visit.waits:
        raise CannotDo(_("A visit asks the customer first whether the solution holds; its answer closes the case."))
    case.values = case.values | dict(values or {})
    case.opinion, case.informed_at = opinion.strip(), case.informed_at or (now if told_now else None)
    case.values = case.values | dict(values or {})
    if case.informed_at is None and not visit.failed:
        raise CannotDo(_("Tell the customer the result first: the day of feedback is missing."), field="told_now")
    if satisfied is False:
        raise CannotDo(_("A customer who is not satisfied reopens the case; it cannot be closed."), field="satisfied")
    if satisfied is None and case.type not in SHORT:
        if not manages(case, by=by, on=local_day(now)):
            raise CannotDo(_("Ask the customer whether the solution holds."), field="satisfied")
        text = needed(text, _("Write why it is closed without the customer's word."))
    check_filled(case, "close")
    write(
        case, CaseDeedKind.CLOSED, by=by, now=now, line=Line(text=text.strip(), facts=_said(satisfied, opinion)),
        state=CaseState.CLOSED, satisfied=case.satisfied if satisfied is None else satisfied, opinion=case.opinion,
        informed_at=case.informed_at, values=case.values,
    )  # fmt: skip
    done(case, "progress", "tell_customer", by=by, now=now)
    end(subject_of(case), now=now, keep=AFTER_THE_END)
    people = [one for one in (case.handler, case.tracker) if one and one != by]
    key = f"case-{case.pk}-{case.version}"
    notify(people, kind="case", message=ENDED, url=url_of(case), key=key, facts={"number": case.number}, now=now)


def _said(satisfied: bool | None, opinion: str) -> dict[str, Any]:
    return {"satisfied": satisfied} | ({"opinion": opinion.strip()} if opinion.strip() else {})


@transaction.atomic
def withdraw(case: Case, *, by: Employee, now: datetime, text: str, version: int | None = None) -> None:
    """Withdraw a case that should not be there; only who manages its unit, not who handles it, and with a reason."""
    check(case, "withdraw", by=by, now=now, version=version)
    text = needed(text, _("Write why it is withdrawn."))
    line = Line(text=text, facts={"was": case.state})
    write(case, CaseDeedKind.WITHDRAWN, by=by, now=now, line=line, state=CaseState.WITHDRAWN)
    cancel_orders_of(case, by=by, now=now, text=text)
    call_off(case, now=now, reason=WITHDRAWN)
    drop(subject_of(case), now=now)


@transaction.atomic
def restore(case: Case, *, by: Employee, now: datetime, text: str, version: int | None = None) -> None:
    """Take a withdrawn case up again with its clocks and visits as if nothing had been: one that waited waits on."""
    check(case, "restore", by=by, now=now, version=version)
    text = needed(text, _("Write why it is open again."))
    ended_at = case.closed_at
    line = case.deeds.filter(kind=CaseDeedKind.WITHDRAWN).last()
    waits = line is not None and line.facts.get("was") == CaseState.WAITING
    open_again = CaseState.ASSIGNED if case.handler_id else CaseState.REGISTERED
    state = CaseState.WAITING if waits else open_again
    write(case, CaseDeedKind.RESTORED, by=by, now=now, line=Line(text=text), state=state)
    if ended_at is not None:
        take_up(subject_of(case), dropped_at=ended_at, now=now, stopped=waits)
    call_again(case, now=now, reason=WITHDRAWN)
