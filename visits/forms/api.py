"""The shapes of events and of visits made elsewhere in the API."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.datastructures import MultiValueDict
from pydantic import AwareDatetime, ConfigDict, Field

from staff.forms.api import Moment, Shape
from visits.choices import Channel, Interest, Outcome

MOST = 500
KEYS = ("order_no", "policy", "rule", "step", "occurrence")
APART = ("reference", "advisor", "measured", "answers", "why", *KEYS)


class NewEvent(Shape):
    """One order or other happening; any further column of docs/import.md by its key or words, all else is kept."""

    model_config = ConfigDict(extra="allow", str_strip_whitespace=True)
    __pydantic_extra__: dict[str, str | int | float | bool | None]

    order_no: str = Field(min_length=1, max_length=80, description="The same once more changes what is on file.")
    happened_at: AwareDatetime | date
    numbers: str = Field(min_length=1, max_length=200, description="Telephone numbers of the customer.")

    def cells(self) -> dict[str, str]:
        """Return the event as a workbook would hold it, in local time."""
        return {name: written(value) for name, value in dict(self).items() if value is not None}


def written(value: Any) -> str:
    """Return a value as a cell holds it."""
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo(settings.TIME_ZONE)).strftime("%Y-%m-%dT%H:%M:%S")
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


class NewEvents(Shape):
    """Events of one source system. `kind`: of those that do not name one; `history`: they start no visits."""

    source: str = Field("dms", min_length=1, max_length=40)
    kind: str = Field("", max_length=60)
    history: bool = False
    events: list[NewEvent] = Field(min_length=1, max_length=MOST)


class RowTold(Shape):
    """What is said of one row, counted from 1."""

    row: int
    order_no: str
    reasons: list[str]


class EventsTaken(Shape):
    """What became of the rows; refused ones are told with their reasons, the others are in."""

    batch: int | None
    read: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    reasons: list[RowTold]
    warnings: list[RowTold]


class NewRecord(Shape):
    """A visit that was made elsewhere, as the call form has it; the keys of its task are those of `tasks`."""

    order_no: str = Field(min_length=1, max_length=80)
    policy: str = Field("", max_length=80, description="These four where the order has several visits.")
    rule: str = Field("", max_length=80)
    step: str = Field("", max_length=80)
    occurrence: int | None = Field(None, ge=0, le=32767)
    reference: str = Field("", max_length=80, description="Your number of the contact; the same is the same record.")
    advisor: str = Field(min_length=1, max_length=150, description="User name of who made the visit.")
    outcome: Outcome
    channel: Channel
    started_at: Moment
    ended_at: Moment | None = None
    measured: bool = Field(False, description="The times come from a telephone system: they decide what is in time.")
    satisfied: bool | None = None
    settled: bool | None = None
    channel_reason: str = Field("", max_length=200)
    problem: str = Field("", max_length=4000)
    need: str = Field("", max_length=4000)
    suggestion: str = Field("", max_length=4000)
    rectification: str = Field("", max_length=4000)
    displeasure: str = Field("", max_length=4000)
    displeasure_kind: str = Field("", max_length=60)
    offered: str = Field("", max_length=4000)
    interest: Interest | None = None
    notes: str = Field("", max_length=4000)
    reason: str = Field("", max_length=200)
    early_reason: str = Field("", max_length=200)
    call_back_at: Moment | None = None
    new_number: str = Field("", max_length=40)
    phrases: list[str] = Field([], max_length=40, description="Those that were said, in the regulation's words.")
    answers: dict[str, str | int | float | bool | list[str]] = Field({}, description="By the code of the question.")
    why: dict[str, str] = Field({}, description="The reason that a low answer wants, by the code of the question.")

    def typed(self, token: Any) -> MultiValueDict:
        """Return it as the call form of the page would send it, in local time."""
        told = {name: value for name, value in dict(self).items() if name not in APART and value is not None}
        told |= {f"answer.{code}": value for code, value in self.answers.items()}
        told |= {f"why.{code}": value for code, value in self.why.items()}
        sent = {name: value if isinstance(value, list) else [value] for name, value in told.items()}
        return MultiValueDict({name: [as_typed(one) for one in values] for name, values in sent.items()} | {
            "token": [str(token)]
        })  # fmt: skip


def as_typed(value: Any) -> str:
    """Return a value as the call form sends it."""
    return ("yes" if value else "no") if isinstance(value, bool) else written(value)


class RecordTaken(Shape):
    """What was saved. `completes`: the visit is done; `lacks`: what the record still wants, in words."""

    record: int
    message: str
    completes: bool
    next_attempt_at: datetime | None
    lacks: list[str]


class FileKept(Shape):
    """A file that proves a visit, as it is kept."""

    file: int
    kind: str
    media: str
    size: int
    seconds: float | None
