"""A condition: one field compared with one value. What holds for given facts: `staff.domain.conditions`."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from django.utils.translation import gettext as _
from pydantic import BeforeValidator, model_validator

from config.packs.base import Entry, is_blank
from config.packs.errors import refuse
from config.packs.values import AsList, one_of, read_number

OPS = ("==", "!=", "<", "<=", ">", ">=", "in")
ORDERING = ("<", "<=", ">", ">=")
Op = Literal["==", "!=", "<", "<=", ">", ">=", "in"]
Match = Annotated[Literal["all", "any"], BeforeValidator(one_of(("all", "any")))]
Scalar = str | bool | Decimal | date | time


def read_value(value: Any) -> Any:
    """Return numbers as exact decimals, text, truth values and days as they are, lists item by item."""
    if isinstance(value, list | tuple):
        return tuple(read_value(item) for item in value)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return read_number(value)
    if isinstance(value, str | bool | date | datetime | time):
        return value
    raise refuse(_("this is no value to compare with"), allowed=_("text, a number, true or false, a day, or a list"))


def read_field(value: Any) -> str:
    """Return the name of a field: a standard one, or the header of an imported column."""
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise refuse(_("this is no field"), allowed=_("a standard field, or the header of an imported column"))


class Condition(Entry):
    """`field op value`. Numbers are decimals; the value of ``in`` is a tuple, every other one is a scalar."""

    keeps_empty: ClassVar[frozenset[str]] = frozenset({"value"})

    field: Annotated[str, BeforeValidator(read_field)]
    op: Annotated[Op, BeforeValidator(one_of(OPS))]
    value: Annotated[Any, BeforeValidator(read_value)]

    @model_validator(mode="before")
    @classmethod
    def wrap_value_of_in(cls, data: Any) -> Any:
        """Read a single value after ``in`` as a list of one."""
        if isinstance(data, dict) and data.get("op") == "in" and "value" in data:
            value = data["value"]
            return {**data, "value": value if isinstance(value, list | tuple) else [value]}
        return data

    @model_validator(mode="after")
    def compare_what_compares(self) -> "Condition":
        """Refuse a list outside of ``in``, and an order among values that have none."""
        if is_blank(self.value):
            return self
        if self.op != "in" and isinstance(self.value, tuple):
            raise refuse(_("%s compares with one value") % self.op, allowed=_("one value; in takes a list"))
        if self.op in ORDERING and isinstance(self.value, str | bool):
            raise refuse(
                _("%s needs a number or a day") % self.op,
                allowed=_("a number or a day, without quotes"),
            )
        return self

    def __str__(self) -> str:
        return f"{self.field} {self.op} {self.value}"


Conditions = Annotated[tuple[Condition, ...], AsList]
