"""The regulation itself: ``[policy]`` and its clauses."""

from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext as _
from pydantic import BeforeValidator

from config.packs.base import Entry
from config.packs.errors import perhaps, refuse
from config.packs.persons import OnePerson
from config.packs.values import Code, Flag, Texts, up_to


def read_timezone(value: Any) -> str:
    """Return the name of a time zone that is known here."""
    if isinstance(value, str) and value in available_timezones():
        return ZoneInfo(value).key
    mend = perhaps(value, available_timezones())
    raise refuse(_("this time zone is not known"), allowed=_("a name such as Asia/Shanghai"), mend=mend)


def read_day(value: Any) -> date:
    """Return a day, written as TOML's own date or as its text."""
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        day = None
    if isinstance(day, date) and type(day) is date:
        return day
    raise refuse(_("this is no day"), allowed=_("a day such as 2026-01-01"))


Day = Annotated[date, BeforeValidator(read_day)]


class PolicySpec(Entry):
    """Whose regulation it is and since when it holds. Empty `departments`: all; no day: the one it is published on."""

    slug: Code
    timezone: Annotated[str, BeforeValidator(read_timezone)] = "Asia/Shanghai"
    effective_from: Day | None = None
    issued_on: Day | None = None
    owner: OnePerson | None = None
    approve: OnePerson | None = None
    departments: Texts = ()
    one_call: Flag = True


class ClauseSpec(Entry):
    """One clause; `enforced_by` names what carries it out. Empty: a norm only."""

    ref: Annotated[str, up_to(40)]
    text: str = ""
    enforced_by: Texts = ()
