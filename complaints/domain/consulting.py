"""Whom a case is put before: departments that are asked, meetings that coordinate, whoever decides by its level."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from complaints.choices import CaseDeedKind, CaseState
from complaints.domain.announcing import done, url_of
from complaints.domain.rights import check, needed
from complaints.domain.writing import CannotDo, Line, write
from complaints.models import Case, CaseDeed
from config.clock import local_day
from staff.domain.notifying import notify
from staff.domain.superiors import heads_of
from staff.domain.workforce import load_workforce
from staff.models import Department, Employee

ASKED = gettext_noop("%(department)s is asked about case %(number)s, until %(due)s")
REPLIED = gettext_noop("%(department)s has replied about case %(number)s")
DECIDED = gettext_noop("Case %(number)s was decided: %(text)s")
MET = gettext_noop("A meeting about case %(number)s has agreed: %(text)s")


@transaction.atomic
def ask_department(
    case: Case, *, by: Employee, now: datetime, department: Department, text: str, due_on: date | None = None,
    version: int | None = None,
) -> None:  # fmt: skip
    """Ask a department for its part, until the end of a day; those who manage it hear of it, it sees the case."""
    check(case, "ask_department", by=by, now=now, version=version)
    text = needed(text, _("Write what the department shall do or answer."))
    if due_on is not None and due_on < local_day(now):
        raise CannotDo(_("This day is over already."), field="due_on")
    line = Line(text=text, department=department, facts={"due_on": str(due_on) if due_on else ""})
    write(case, CaseDeedKind.ASKED_DEPARTMENT, by=by, now=now, line=line, **begun(case))
    case.departments.add(department)
    facts = {"department": department.name, "number": case.number, "due": str(due_on or "—")}
    _notify(case, heads_of(department, load_workforce(), on=local_day(now)), ASKED, facts, now)


@transaction.atomic
def department_reply(
    case: Case, *, by: Employee, now: datetime, department: Department, text: str, version: int | None = None
) -> None:
    """Write down what an involved department answers; whoever handles the case hears of it (AK-13)."""
    check(case, "department_reply", by=by, now=now, version=version)
    text = needed(text, _("Write what the department answers."))
    if not case.departments.filter(pk=department.pk).exists():
        raise CannotDo(_("This department is not involved in the case: ask it first."), field="department")
    line = Line(text=text, department=department)
    write(case, CaseDeedKind.DEPARTMENT_REPLIED, by=by, now=now, line=line)
    done(case, "department_reply", by=by, now=now)
    facts = {"department": department.name, "number": case.number}
    _notify(case, [case.handler] if case.handler and case.handler != by else [], REPLIED, facts, now)


@transaction.atomic
def decide(
    case: Case, *, by: Employee, now: datetime, text: str, values: dict[str, Any] | None = None,
    version: int | None = None,
) -> None:  # fmt: skip
    """Decide how the case is settled: only whom its level names may (I-04); others get `NotYours`.

    `values` are fields of the regulation's own.
    """
    check(case, "decide", by=by, now=now, version=version)
    text = needed(text, _("Write what is decided."))
    line = Line(text=text, facts={"level": case.level})
    write(case, CaseDeedKind.DECIDED, by=by, now=now, line=line, values=case.values | (values or {}), **begun(case))
    done(case, "decide", by=by, now=now)
    people = [one for one in (case.handler, case.tracker) if one and one != by]
    _notify(case, people, DECIDED, {"number": case.number, "text": text}, now)


@transaction.atomic
def meeting(
    case: Case, *, by: Employee, now: datetime, attendees: Sequence[Employee], decision: str, actions: str = "",
    held_at: datetime | None = None, version: int | None = None,
) -> None:  # fmt: skip
    """Record a meeting that coordinates the case: who was there, what it decided, what each does now (AK-14)."""
    check(case, "meeting", by=by, now=now, version=version)
    decision = needed(decision, _("Write what the meeting decided."), field="decision")
    if not attendees:
        raise CannotDo(_("Name who was there."), field="attendees")
    if held_at is not None and held_at > now:
        raise CannotDo(_("This moment has not come yet."), field="held_at")
    facts = {"attendees": [one.pk for one in attendees], "actions": lines_of(actions)}
    write(case, CaseDeedKind.MEETING, by=by, now=now, line=Line(text=decision, at=held_at, facts=facts), **begun(case))
    _notify(case, [one for one in attendees if one != by], MET, {"number": case.number, "text": decision}, now)


def begun(case: Case) -> dict[str, Any]:
    """Return the state of a case that somebody works on: who works on it has accepted it."""
    return {"state": CaseState.IN_PROGRESS} if case.state == CaseState.ASSIGNED else {}


def questions() -> QuerySet[CaseDeed]:
    """Return what departments were asked, each with the moment of its first answer afterwards (`answered_at`)."""
    answers = CaseDeed.objects.filter(
        kind=CaseDeedKind.DEPARTMENT_REPLIED, case=OuterRef("case"), department=OuterRef("department"),
        pk__gt=OuterRef("pk"),
    ).order_by("pk")  # fmt: skip
    asked = CaseDeed.objects.filter(kind=CaseDeedKind.ASKED_DEPARTMENT, department__isnull=False)
    return asked.annotate(answered_at=Subquery(answers.values("at")[:1])).select_related("department")


def lines_of(text: str) -> list[str]:
    """Return the lines of a text that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _notify(case: Case, people: list[Employee], message: str, facts: dict[str, str], now: datetime) -> None:
    key = f"case-{case.pk}-{case.version}"
    notify(people, kind="case", message=message, url=url_of(case), key=key, facts=facts, now=now)
