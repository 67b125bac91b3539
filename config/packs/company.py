"""What a pack declares for the whole company: roles, kinds of events, segments; who must be there and know what."""

from typing import Annotated

from django.utils.translation import gettext as _
from pydantic import BeforeValidator, Field, model_validator

from config.packs.base import Entry, is_blank
from config.packs.condition import Conditions, Match
from config.packs.errors import refuse
from config.packs.policy import Day
from config.packs.values import (
    AsList,
    Code,
    Codes,
    Count,
    Flag,
    Hours,
    LongSpan,
    Number,
    Positive,
    Span,
    Texts,
    Title,
    one_of,
)


class RoleSpec(Entry):
    """A role; `like` names the one whose rights and screens it has."""

    title: Title = ""
    code: Code
    like: str = ""


class EventKindSpec(Entry):
    """A kind of event. `many`: for a list of customers; with `start` and `every` the program makes it."""

    title: Title = ""
    code: Code
    many: Flag = False
    start: Day | None = None
    every: LongSpan | None = None

    @model_validator(mode="after")
    def be_made_for_many(self) -> "EventKindSpec":
        """Refuse a rhythm without its beginning, and one for a kind that concerns a single customer."""
        if self.every is not None and self.start is None:
            raise refuse(_("every lacks its start"), allowed=_("start (a day) and every, or neither"))
        if self.start is not None and self.many is False:
            raise refuse(_("only an event for many customers is made by the program"), allowed="many = true")
        return self


class SegmentSpec(Entry):
    """A class of customers: members by `when`, judged every night, or by hand; of one `set` the first that holds."""

    title: Title = ""
    code: Code
    match: Match = "all"
    when: Conditions = ()
    set: Title = ""
    priority: Count = 0
    guidance: str = ""

    @model_validator(mode="after")
    def keep_priority_in_bounds(self) -> "SegmentSpec":
        """Refuse a priority above 100."""
        if not is_blank(self.priority) and self.priority > 100:
            raise refuse(_("priority is above 100"), allowed=_("0 (lowest) to 100 (highest)"))
        return self


class QualificationSpec(Entry):
    """A training, test or paper to sign. `gate`: no customer data without it. Empty `roles`: for all."""

    code: Code
    roles: Codes = ()
    pass_mark: Number | None = Field(default=None, alias="pass")
    valid: LongSpan | None = None
    gate: Flag = False


class RosterSpec(Entry):
    """Shifts that must be staffed; `log`: the register handed over, `checklists`: those of start and end."""

    code: Code
    role: Code
    cover: Annotated[tuple[Hours, ...], AsList] = ("00:00-24:00",)
    at_least: Positive = 1
    needs: Codes = ()
    log: str = ""
    checklists: Texts = ()


class CallingHoursSpec(Entry):
    """Hours of calls and call-backs; they move no window. Empty `allowed`: at any time.

    `exempt_below`: a visit with fewer callable hours from its opening to its bound is held against nobody.
    """

    allowed: Annotated[tuple[Hours, ...], AsList] = ()
    days: Annotated[str, BeforeValidator(one_of(("all", "working")))] = "all"
    outside: Annotated[str, BeforeValidator(one_of(("reason", "refuse")))] = "reason"
    exempt_below: Span | None = None

    @model_validator(mode="after")
    def exempt_by_hours(self) -> "CallingHoursSpec":
        """Refuse days or longer: hours are counted in which one may call."""
        if self.exempt_below is not None and not is_blank(self.exempt_below) and not self.exempt_below.is_instant:
            raise refuse(_("this is no number of hours"), allowed=_("minutes or hours, such as 4h"))
        return self

    @model_validator(mode="after")
    def end_on_the_same_day(self) -> "CallingHoursSpec":
        """Refuse hours past midnight: nobody is called then."""
        for hours in self.allowed:
            begin, _dash, end = hours.partition("-")
            if not is_blank(hours) and end <= begin:
                raise refuse(_("%s ends before it begins") % hours, allowed=_("spans inside one day"))
        return self
