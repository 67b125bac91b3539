"""What people do about a case until it is solved; each deed is one line of its timeline (DECISIONS 39, M-03).

Every deed names who does it (`by`), when (`now`) and the `version` of the case that its page has shown (None: the case
as it was just read). It raises `NotYours`, `MeanwhileChanged` or another `CannotDo`, and changes nothing then. What the
customer is told closes the clocks that wait for it; what is asked of departments and managers tells them.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from complaints.choices import CaseDeedKind, CaseState
from complaints.domain.announcing import done, tell_handler, url_of
from complaints.domain.clocks import hand_on
from complaints.domain.consulting import ask_department, begun, decide, department_reply, meeting
from complaints.domain.escalating import by_level
from complaints.domain.forms_asked import check_filled
from complaints.domain.levelling import follow_level
from complaints.domain.rights import check, deeds_open, manages, may, needed
from complaints.domain.ruling import category_of, level_of, levels_of
from complaints.domain.settling import close, resolve, restore, withdraw
from complaints.domain.waiting import informed, told
from complaints.domain.writing import CannotDo, Line, write
from complaints.models import Case
from config.clock import local_day
from staff.domain.access import READERS, roles_of
from staff.domain.notifying import notify
from staff.domain.workforce import load_workforce
from staff.models import Department, Employee
from visits.choices import Channel

__all__ = [
    "accept", "ask_department", "assign", "close", "decide", "deeds_open", "department_reply", "may", "meeting",
    "progress", "remark", "reply", "resolve", "restore", "set_category", "set_level", "set_people", "tell_customer",
    "withdraw",
]  # fmt: skip

FOLLOWED = gettext_noop("You keep track of case %(number)s until it is closed")
RAISED = gettext_noop("Case %(number)s has the level “%(level)s” now")


@transaction.atomic
def accept(case: Case, *, by: Employee, now: datetime, version: int | None = None) -> None:
    """Begin to work on a case that is one's own, or take one out of one's pool."""
    check(case, "accept", by=by, now=now, version=version)
    changes: dict[str, Any] = {"state": CaseState.IN_PROGRESS}
    if case.handler_id is None:
        changes |= {"handler": by, "role": ""}
        hand_on(case, of=None, to=by, by=by, now=now)
    write(case, CaseDeedKind.ACCEPTED, by=by, now=now, line=Line(to=by), **changes)


@transaction.atomic
def assign(
    case: Case, *, by: Employee, now: datetime, to: Employee | None = None, role: str = "", text: str = "",
    version: int | None = None,
) -> None:  # fmt: skip
    """Give a case to somebody, or with a `role` into its pool; what the old handler owes goes with it."""
    check(case, "assign", by=by, now=now, version=version)
    if to is None and not role:
        raise CannotDo(_("Choose to whom."), field="to")
    if to is not None:
        check_can_handle(case, to, now=now)
        if to.pk == case.handler_id:
            raise CannotDo(_("This is already theirs."), field="to")
    state = case.state if case.state == CaseState.WAITING else CaseState.ASSIGNED if to else CaseState.REGISTERED
    old = case.handler
    line = Line(text=text.strip(), to=to, facts={"from": old.pk if old else None, "role": role})
    write(case, CaseDeedKind.ASSIGNED, by=by, now=now, line=line, handler=to, role="" if to else role, state=state)
    hand_on(case, of=old, to=to, by=by, now=now)
    tell_handler(case, now=now)


def check_can_handle(case: Case, person: Employee, *, now: datetime) -> None:
    """Refuse as handler whoever does not work with customers or is on leave, and whom the case itself complains of."""
    on = local_day(now)
    if not person.is_active or not roles_of(person, on=on) & READERS:
        raise CannotDo(_("Choose somebody who works with customers."), field="to")
    if not load_workforce().at_work(person.pk, on=on):
        raise CannotDo(_("%s is away that day.") % person, field="to")
    if any(one.employee_id == person.pk for one in case.accusations.all()):
        raise CannotDo(_("The case complains of this person: choose somebody else."), field="to")


@transaction.atomic
def set_people(
    case: Case, *, by: Employee, now: datetime, tracker: Employee | None, coordinator: Employee | None,
    departments: Iterable[Department], text: str = "", version: int | None = None,
) -> None:  # fmt: skip
    """Say who keeps track of the case (I-05), who coordinates it (AE-18), which departments it concerns (I-02)."""
    check(case, "people", by=by, now=now, version=version)
    facts: dict[str, Any] = {}
    for name, person in (("tracker", tracker), ("coordinator", coordinator)):
        old = getattr(case, name)
        if old != person:
            facts[name] = [old.pk if old else None, person.pk if person else None]
            setattr(case, name, person)
    before, after = {one.pk for one in case.departments.all()}, {one.pk for one in departments}
    if before != after:
        facts["departments"] = [sorted(before), sorted(after)]
    if not facts:
        raise CannotDo(_("Nothing has changed."))
    case.departments.set(after)
    check_filled(case, "register")
    write(case, CaseDeedKind.CHANGED, by=by, now=now, line=Line(text=text.strip(), facts=facts), tracker=tracker,
          coordinator=coordinator)  # fmt: skip
    if tracker is not None and "tracker" in facts:
        _tell(case, [tracker], FOLLOWED, now=now)


@transaction.atomic
def set_level(
    case: Case, *, by: Employee, now: datetime, level: str, text: str = "", version: int | None = None
) -> None:
    """Set the level, with the reason. Anybody who works on the case raises it; only who manages it lowers it."""
    check(case, "level", by=by, now=now, version=version)
    codes = [one.code for one in levels_of(case.release)]
    if level not in codes:
        raise CannotDo(_("The regulation of this case has no such level."), field="level")
    old = case.level
    if level == old:
        raise CannotDo(_("The case has this level already."), field="level")
    if old in codes and codes.index(level) < codes.index(old) and not manages(case, by=by, on=local_day(now)):
        raise CannotDo(_("Only who manages the unit lowers a level."), field="level")
    text = needed(text, _("Write why the level changes."))
    case.level = level
    check_filled(case, "register")
    write(case, CaseDeedKind.LEVELLED, by=by, now=now, line=Line(text=text, facts={"level": [old, level]}), level=level)
    follow_level(case, was=old, now=now)
    _tell_level(case, now=now)
    by_level(case, was=old, by=by, now=now)


def _tell_level(case: Case, *, now: datetime) -> None:
    found = level_of(case.release, case.level)
    words = str(found.title or found.code) if found else case.level
    notify(
        [case.handler] if case.handler else [], kind="case", message=RAISED, url=url_of(case), now=now,
        key=f"case-{case.pk}-level-{case.version}", facts={"number": case.number, "level": words},
    )  # fmt: skip


@transaction.atomic
def set_category(
    case: Case, *, by: Employee, now: datetime, category: str, text: str = "", version: int | None = None
) -> None:
    """Set the category; who handles the case stays."""
    check(case, "category", by=by, now=now, version=version)
    if category_of(case.release, category) is None:
        raise CannotDo(_("The regulation of this case has no such category."), field="category")
    if category == case.category:
        raise CannotDo(_("Nothing has changed."), field="category")
    facts = {"category": [case.category, category]}
    write(case, CaseDeedKind.CHANGED, by=by, now=now, line=Line(text=text.strip(), facts=facts), category=category)


@transaction.atomic
def reply(case: Case, *, by: Employee, now: datetime, channel: str, text: str, version: int | None = None) -> None:
    """Write down what the customer was told first; the clock stops at this moment, as it is written down."""
    check(case, "reply", by=by, now=now, version=version)
    text = needed(text, _("Write what the customer was told."))
    changes: dict[str, Any] = {"replied_at": case.replied_at or now} | begun(case)
    write(case, CaseDeedKind.REPLIED, by=by, now=now, line=Line(text=text, facts={"channel": channel}), **changes)
    told(case, by=by, now=now)


@transaction.atomic
def tell_customer(
    case: Case, *, by: Employee, now: datetime, channel: str, text: str, version: int | None = None
) -> None:
    """Write down what the customer was told; of a solved case it is the result (I-01: the day of feedback)."""
    check(case, "tell_customer", by=by, now=now, version=version)
    text = needed(text, _("Write what the customer was told."))
    changes = informed(case, now=now) | begun(case)
    write(case, CaseDeedKind.TOLD_CUSTOMER, by=by, now=now, line=Line(text=text, facts={"channel": channel}), **changes)
    told(case, by=by, now=now)


@transaction.atomic
def progress(
    case: Case, *, by: Employee, now: datetime, text: str, told_customer: bool = False,
    channel: str = Channel.DESK_PHONE, version: int | None = None,
) -> None:  # fmt: skip
    """Write down what was done so far; with `told_customer`, the customer was told so (X-02)."""
    if told_customer:
        tell_customer(case, by=by, now=now, channel=channel, text=text, version=version)
        return
    check(case, "progress", by=by, now=now, version=version)
    text = needed(text, _("Write what has happened since."))
    write(case, CaseDeedKind.PROGRESS, by=by, now=now, line=Line(text=text), **begun(case))
    done(case, "progress", by=by, now=now)


@transaction.atomic
def remark(case: Case, *, by: Employee, now: datetime, text: str, version: int | None = None) -> None:
    """Append a remark; it moves nothing. Whoever sees the case may."""
    check(case, "remark", by=by, now=now, version=version)
    write(case, CaseDeedKind.REMARK, by=by, now=now, line=Line(text=needed(text, _("Write something."))))


def _tell(case: Case, people: Iterable[Employee], message: str, *, now: datetime) -> None:
    key = f"case-{case.pk}-{case.version}-told"
    notify(people, kind="case", message=message, url=url_of(case), key=key, facts={"number": case.number}, now=now)
