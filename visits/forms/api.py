"""The shapes of events in the API."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from pydantic import AwareDatetime, ConfigDict, Field

from staff.forms.api import Shape

MOST = 500


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
