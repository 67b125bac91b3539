"""What shapes of the API have in common."""

from datetime import date, datetime
from typing import Annotated, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict
from pydantic_core import PydanticCustomError

from staff.domain.calendar import YEARS

Reached = TypeVar("Reached", date, datetime)


def reachable(day: Reached) -> Reached:
    """Refuse a day in which nothing was or will be done; at the ends of the calendar moments cannot be reckoned."""
    if day.year not in YEARS:
        raise PydanticCustomError("no_such_day", "This day cannot be.")
    return day


Moment = Annotated[AwareDatetime, AfterValidator(reachable)]
Day = Annotated[date, AfterValidator(reachable)]


class Shape(BaseModel):
    """What is sent or answered; a field that is not known is refused, so that a slip of the pen is told."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class NoQuestion(Shape):
    """No parameters."""
