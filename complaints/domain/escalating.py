"""Escalation: who hears of a case that does not get on, step by step (`[complaints] escalation`; AA-03, AE-07, I-04).

By hand with a proposal, by a clock of the regulation, by a higher level, by a reopening. Each stands on the timeline
with its moment and reason and is counted. An ended case escalates nothing; beyond the top nobody is left to ask.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from complaints.choices import CaseDeedKind
from complaints.domain.announcing import subject_of, url_of
from complaints.domain.forms_asked import check_filled
from complaints.domain.rights import check, needed
from complaints.domain.routing import level_person, open_cases, wanted_by
from complaints.domain.ruling import levels_of, rules_of
from complaints.domain.writing import CannotDo, Line, locked, write
from complaints.models import Case, CaseDeed
from config.clock import local_day
from config.packs.persons import Person
from staff.domain.notifying import notify
from staff.domain.workforce import Workforce, load_workforce
from staff.models import Employee, Role
from visits.domain.assigning.choosing import Passed, PassedOver, choose, everyone
from visits.domain.obliging.about import thing_of
from visits.domain.obliging.counting import spec_of_obligation
from visits.models import Obligation

USUAL: Final = (Person("role", "department_manager"), Person("role", "general_manager"))
TOLD: Final = gettext_noop("Case %(number)s has been escalated to you: %(why)s")
BY_HAND, BY_CLOCK, BY_LEVEL, BY_ROUND = "hand", "clock", "level", "round"


@dataclass(frozen=True)
class Rung:
    """The next step of the chain: its number from 1, whom the regulation names, and who that is today.

    `missing`: who would have heard before, and is away, or what nobody holds, in words.
    """

    number: int
    person: Person
    employee: Employee
    missing: str = ""


def chain_of(case: Case) -> tuple[Person, ...]:
    """Return whom the regulation names, step by step; without a word of it, the managers of unit and company."""
    return rules_of(case.release).escalation or USUAL


def next_rung(
    case: Case, *, now: datetime, by: Employee | None = None, workforce: Workforce | None = None
) -> Rung | None:  # fmt: skip
    """Return who hears next; None at the top.

    Steps that nobody holds, or only who asks, who handles it or whom it complains of, are passed over.
    """
    known, load, on = workforce or load_workforce(), open_cases(), local_day(now)
    busy = {one.username for one in (case.handler, by) if one}
    busy |= set(case.accusations.values_list("employee__username", flat=True)) if case.pk else set()
    missing: dict[str, None] = {}
    for number, person in enumerate(chain_of(case)[case.rung :], start=case.rung + 1):
        wanted = wanted_by(case, (person,), without=" ".join(sorted(busy)))
        choice = choose(wanted, known, load=load, on=on)
        missing |= dict.fromkeys(absent_words(choice.passed, known))
        if choice.assignee is not None:
            return Rung(number, person, Employee.objects.get(pk=choice.assignee), "、".join(missing))
    return None


def absent_words(passed: Iterable[Passed], known: Workforce) -> Iterator[str]:
    """Yield who of those passed over is away or has left, by name, and which roles nobody holds, by their title."""
    for one in passed:
        if one.employee and one.why in (PassedOver.AWAY, PassedOver.LEFT):
            yield known.people[one.employee].name
        elif one.why == PassedOver.NO_HOLDER:
            code = one.person.partition(":")[2].partition("@")[0]
            yield Role.objects.filter(code=code).values_list("title", flat=True).first() or one.person


@transaction.atomic
def escalate(case: Case, *, text: str, by: Employee, now: datetime, version: int | None = None) -> CaseDeed:
    """Hand a case that one cannot settle up the chain, with what one proposes (AA-03).

    Its handler stays; who is told now sees the case and may work on it, assign it and take it further.
    """
    check(case, "escalate", by=by, now=now, version=version)
    text = needed(text, _("Write why it cannot be settled and what you propose."))
    check_filled(case, "escalate")
    rung = next_rung(case, now=now, by=by)
    if rung is None:
        raise CannotDo(_("The top of the escalation is reached: there is nobody above to whom it could go."))
    return _climb(case, rung, why=BY_HAND, text=text, by=by, now=now)


def climb(case: Case, *, why: str, by: Employee | None, now: datetime, text: str = "") -> CaseDeed | None:
    """Take a case one step up by itself, as after a reopening (`BY_ROUND`); None where it is at the top, or ended."""
    rung = None if case.is_ended else next_rung(case, now=now)
    return _climb(case, rung, why=why, text=text, by=by, now=now) if rung else None


def by_level(case: Case, *, was: str, by: Employee | None, now: datetime) -> None:
    """Tell who decides on the level of a case that has just been raised (I-04); in the transaction of the raising."""
    codes = [level.code for level in levels_of(case.release)]
    raised = case.level in codes and was in codes and codes.index(case.level) > codes.index(was)
    if not raised or case.is_ended:
        return
    rung = None
    if (person := level_person(case, load_workforce(), on=local_day(now))) is None:  # nobody holds it: one higher
        rung = next_rung(case, now=now, by=by)
        person = rung.employee if rung else None
    if person and person.pk not in (case.handler_id, by.pk if by else None):
        text, number = _("The level was raised."), rung.number if rung else case.rung
        _note(case, [person], why=BY_LEVEL, rung=number, text=text, by=by, now=now)
        _tell(case, [person], text, now=now)


def follow_clock(
    *, obligation: Obligation, to: Iterable[Employee], missing: str, due_at: datetime | None, now: datetime
) -> None:
    """Note on the timeline that a clock of the case has called whom the regulation names (a hand-over).

    `due_at`: when it was to call them; `missing`: who is named and not there, in words.
    """
    kind, key = thing_of(obligation.subject)
    if kind != "case":
        return
    case, people = locked(int(key)), list(to)
    if case.is_ended:
        return
    spec = spec_of_obligation(obligation)
    facts = {
        "obligation": obligation.pk, "deed": obligation.deed, "step": obligation.told,
        "rung_due": due_at and due_at.isoformat(), "instead": missing,
    }  # fmt: skip
    _note(
        case, people, why=BY_CLOCK, rung=_reached(case, people, now=now), text=(spec and spec.title) or obligation.rule,
        by=None, now=now, **facts,
    )  # fmt: skip


def _reached(case: Case, people: list[Employee], *, now: datetime) -> int:
    """Return how far up the chain these people stand; a case never comes down again."""
    known, told, rung = load_workforce(), {one.pk for one in people}, case.rung
    for number, person in enumerate(chain_of(case), start=1):
        if everyone(person, wanted_by(case, (person,)), known, on=local_day(now)) & told:
            rung = max(rung, number)
    return rung


def _climb(case: Case, rung: Rung, *, why: str, text: str, by: Employee | None, now: datetime) -> CaseDeed:
    deed = _note(
        case, [rung.employee], why=why, rung=rung.number, text=text, by=by, now=now, instead=rung.missing
    )  # fmt: skip
    _tell(case, [rung.employee], text, now=now)
    return deed


def _note(
    case: Case, people: list[Employee], *, why: str, rung: int, text: str, by: Employee | None, now: datetime,
    **facts: Any,
) -> CaseDeed:  # fmt: skip
    to = people[0] if people else None
    line = Line(text=text, to=to, facts={"why": why, "rung": rung, "told": [one.pk for one in people], **facts})
    return write(
        case, CaseDeedKind.ESCALATED, by=by, now=now, line=line, escalations=case.escalations + 1, rung=rung,
        escalated_to=to or case.escalated_to,
    )  # fmt: skip


def _tell(case: Case, people: list[Employee], why: str, *, now: datetime) -> None:
    notify(
        people, kind="case_escalated", message=TOLD, facts={"number": case.number, "why": why}, url=url_of(case),
        key=f"{subject_of(case)}-escalated-{case.version}", urgent=True, now=now,
    )  # fmt: skip
