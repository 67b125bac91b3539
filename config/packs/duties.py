"""What is owed: deeds after an event, reports, numbers of visits, the return of a car."""

from typing import Annotated

from django.utils.translation import gettext as _
from pydantic import BeforeValidator

from config.packs.base import Entry
from config.packs.codes import CHANNELS, DEEDS, PERIODS, PROGRAM_DEEDS
from config.packs.condition import Conditions, Match
from config.packs.errors import refuse
from config.packs.persons import Person, Persons
from config.packs.values import AsList, Clock, Code, Count, Flag, Positive, Span, Texts, one_of

COUNTED = ("team", "company", "customer")

Deed = Annotated[str, BeforeValidator(one_of(DEEDS + PROGRAM_DEEDS))]
Period = Annotated[str, BeforeValidator(one_of(PERIODS))]
Channels = Annotated[tuple[Annotated[str, BeforeValidator(one_of(CHANNELS))], ...], AsList]


class EscalationSpec(Entry):
    """Who hears of an undone deed, how long after the event."""

    after: Span
    to: Persons


class ObligationSpec(Entry):
    """After an event somebody owes a deed. No `within`: a to-do without a bound; no `by`: done by the program."""

    code: Code
    on: Texts
    match: Match = "all"
    when: Conditions = ()
    deed: Deed
    by: Persons = ()
    within: Span | None = None
    clock: Annotated[str, BeforeValidator(one_of(("wall", "office")))] = "wall"
    warn_before: Span | None = None
    escalate: Annotated[tuple[EscalationSpec, ...], AsList] = ()
    to: Persons = ()


class ReportSpec(Entry):
    """A report that is owed. No `at`: in time until the end of the day that `due` names.

    `send`: whether those of `to` have it as soon as it is handed in, or once its reviewer has approved it (AK-12).
    """

    code: Code
    per: Annotated[str, BeforeValidator(one_of(("visit", *PERIODS)))] = "day"
    by: Persons = (Person("assignee"),)
    owed: Annotated[str, BeforeValidator(one_of(("when_listed", "every_working_day", "always")))] = "when_listed"
    basis: Annotated[str, BeforeValidator(one_of(("worked", "listed")))] = "worked"
    due: Span | None = None
    at: Clock | None = None
    inclusive: Flag = True
    requires: Texts = ()
    expects: Texts = ()
    content: Texts = ()
    reviewer: Persons = ()
    to: Persons = ()
    send: Annotated[str, BeforeValidator(one_of(("handed_in", "approved")))] = "handed_in"


def read_counted(value: object) -> str:
    """Return whose visits a quota counts: each holder of a role, the team, the company, or each customer."""
    if isinstance(value, str) and (value in COUNTED or Person.parse(value).kind in ("role", "advisor")):
        return value
    raise refuse(_("nobody is counted like this"), allowed=" | ".join(("role:<code>", *COUNTED)))


class QuotaSpec(Entry):
    """So many visits in a period; a shortage is shown and warned of, it makes no task."""

    code: Code
    who: Annotated[str, BeforeValidator(read_counted)]
    channels: Channels = ()
    of: Texts = ()
    per: Period = "month"
    at_least: Positive


class ReturnAppointmentSpec(Entry):
    """Until when a car may come back under an appointment; later it needs a recommended repair on file."""

    within: Span
    anchor: Annotated[str, BeforeValidator(one_of(("visit", "event")))] = "visit"
    reschedules: Count = 1
