"""The shapes of data sets in the API."""

from datetime import timedelta
from typing import Any

from pydantic import Field, model_validator

from staff.forms.api import Day, Shape

LONGEST = timedelta(days=31)


class Days(Shape):
    """The days that are asked for, both included; a month at most."""

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")

    @model_validator(mode="after")
    def in_order(self) -> "Days":
        """Refuse days the wrong way round, and more than a month."""
        if not timedelta() <= self.last - self.first < LONGEST:
            raise ValueError("`to` is not before `from`, and at most 31 days are given at once.")
        return self


class Rows(Shape):
    """The rows of a data set, with the names of `manage.py export`."""

    rows: list[dict[str, Any]]
