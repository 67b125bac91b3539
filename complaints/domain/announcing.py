"""Telling the rest of the program what has happened to a case: visits of rules, and what is owed (`[[obligation]]`)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_noop

from complaints.domain.facts import facts_of_case, people_of, words_of_case
from complaints.domain.routing import level_person
from complaints.models import Case
from config.clock import local_day
from staff.domain.notifying import notify
from staff.domain.workforce import load_workforce
from staff.models import Department, Employee
from visits.choices import CASES
from visits.domain.assigning.choosing import HANDLED_BY, LEVEL_PERSON
from visits.domain.obliging.fulfilling import fulfil
from visits.domain.obliging.occasions import Occasion
from visits.domain.obliging.owing import note, office_at
from visits.domain.planning.rulebook import load_rulebook
from visits.models import EventKind, ServiceEvent

REGISTERED: Final = "complaint_registered"
RESOLVED: Final = "complaint_resolved"
GIVEN: Final = gettext_noop("Case %(number)s is yours: %(type)s")
TITLES: Final = {
    REGISTERED: "投诉登记", RESOLVED: "投诉处理完毕", "work_order_opened": "工单派发",
    "work_order_reported": "工单反馈", "work_order_done": "工单办结",
}  # fmt: skip


def subject_of(case: Case) -> str:
    """Return what obligations, violations and files are about: ``case:<id>``."""
    return f"case:{case.pk}"


def url_of(case: Case) -> str:
    """Return the page of the case."""
    return f"/complaints/{case.pk}/"


def of_round(case: Case) -> str:
    """Return what the clocks of the present round are about: later rounds have clocks of their own."""
    return subject_of(case) if case.round == 1 else f"{subject_of(case)}/{case.round}"


def announce(
    case: Case, kind: str, *, key: str, at: datetime, now: datetime, facts: Mapping[str, Any] | None = None,
    words: Mapping[str, str] | None = None, subject: str = "", written: Mapping[str, str] | None = None,
    visits: bool = True, without: Iterable[str] = (), unit: Department | None = None,
) -> ServiceEvent | None:  # fmt: skip
    """Note what is owed after a happening and, where a rule listens, make the event that calls for visits.

    `key` tells the happenings of a case apart (its round, its work order); once for each, told anew where the same
    happens again. An anonymous case has nobody to visit; `visits` false: nobody is called because of it. `facts` and
    `words` add to those of the case, `written` to what it says about people; the deeds `without` are not owed. `unit`:
    the department that is asked, where that is another than the case's.
    """
    event = _event(case, kind, key, at, now, dict(words or {})) if visits else None
    asked = happening(
        case, kind, at=at, now=now, facts=facts, subject=subject, written=written, without=frozenset(without),
        unit=unit,
    )  # fmt: skip
    note(asked, office_at(now))
    return event


def happening(
    case: Case, kind: str, *, at: datetime, now: datetime, facts: Mapping[str, Any] | None = None, subject: str = "",
    written: Mapping[str, str] | None = None, without: frozenset[str] = frozenset(), unit: Department | None = None,
) -> Occasion:  # fmt: skip
    """Return what has happened to a case as that after which deeds are owed; each round of it has its own."""
    people = people_of(case) | {"assignee": case.handler.username if case.handler else ""} | dict(written or {})
    level = level_person(case, load_workforce(), on=local_day(at))
    if level is not None:
        people.setdefault("level", level.username)
    return Occasion(
        kind=kind, subject=subject or of_round(case), at=at, on=local_day(at), url=url_of(case),
        facts=facts_of_case(case) | dict(facts or {}), late=now if at < now else None, customer=case.customer_id,
        advisor=case.event.advisor_id if case.event else case.handler_id,
        owner=case.customer.owner_id if case.customer else None, area=case.customer.area if case.customer else "",
        branch=unit.branch_id if unit else case.branch_id, department=unit.pk if unit else case.department_id,
        written=people, without=without,
    )  # fmt: skip


def _event(
    case: Case, kind: str, key: str, at: datetime, now: datetime, words: dict[str, str]
) -> ServiceEvent | None:  # fmt: skip
    if case.customer is None or not load_rulebook().listens_to(kind):
        return None
    on = local_day(at)
    known, _made = EventKind.objects.get_or_create(code=kind, defaults={"title": TITLES[kind]})
    level = level_person(case, load_workforce(), on=on, handled_by=words.get(HANDLED_BY, ""))
    told = words_of_case(case) | words | ({LEVEL_PERSON: level.username} if level else {})
    facts = {
        "kind": known, "happened_at": at, "happened_on": on, "customer": case.customer, "vehicle": case.vehicle,
        "branch": case.branch, "department": case.department, "attributes": told, "fingerprint": "",
        "advisor_id": case.event.advisor_id if case.event else case.handler_id, "taken_in_at": now, "changed_at": now,
    }  # fmt: skip
    again = {**facts, "history": False, "needs_planning": True, "corrected": True}
    made, _new = ServiceEvent.objects.update_or_create(
        source=CASES, order_no=key, member="", defaults=again, create_defaults=facts
    )
    return made


def done(case: Case, *deeds: str, by: Employee | None, at: datetime | None = None, now: datetime) -> int:
    """Close what was owed after this case, now that it is done; return how many deeds."""
    return fulfil(subject_of(case), deeds, by=by, at=at or now, now=now)


def tell_handler(case: Case, *, now: datetime) -> None:
    """Tell whoever handles the case now that it is theirs."""
    if case.handler is not None:
        notify(
            [case.handler], kind="case", message=GIVEN, url=url_of(case), key=f"case-{case.pk}-{case.version}",
            facts={"number": case.number, "type": case.get_type_display()}, urgent=case.priority == 1, now=now,
        )  # fmt: skip
