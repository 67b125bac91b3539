"""What every entry of a pack shares: `title`, no unknown key, empty values left out, and "?" for a missing figure.

Where a regulation gives no figure the pack says ``"?"``. Any value of an entry may be ``"?"``: it is kept as it stands,
the rest of the entry is judged all the same, and `blanks` names the keys that still wait for a figure.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Self

from django.utils.translation import gettext as _
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationInfo, field_validator, model_validator

from config.packs.duration import UNKNOWN
from config.packs.errors import refuse

LONGEST_TITLE = 120
Plain = Any  # text, number, bool, date, time, or lists and tables of them: what TOML can hold


def read_title(value: Any) -> Any:
    """Return a title of up to 120 characters."""
    if isinstance(value, str) and len(value) > LONGEST_TITLE:
        raise refuse(_("this text is too long"), allowed=_("up to %d characters") % LONGEST_TITLE)
    return value


class Entry(BaseModel):
    """One table of a pack. Frozen: to change an entry is to read another one."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)
    keeps_empty: ClassVar[frozenset[str]] = frozenset()
    title: Annotated[str, BeforeValidator(read_title)] = ""

    @model_validator(mode="before")
    @classmethod
    def leave_out_empty(cls, data: Any) -> Any:
        """Read an empty text, list or table as a key that is not there."""
        if not isinstance(data, Mapping):
            return data
        known = {field.alias or name for name, field in cls.model_fields.items()} - cls.keeps_empty
        return {key: value for key, value in data.items() if key not in known or not is_empty(value)}

    @field_validator("*", mode="wrap")
    @classmethod
    def keep_blank(cls, value: Any, check: Callable[[Any], Any], info: ValidationInfo) -> Any:
        """Keep ``"?"`` as it stands, also inside a list, whose other items are judged all the same."""
        if isinstance(value, str) and value == UNKNOWN:
            return UNKNOWN
        if isinstance(value, list | tuple) and any(is_blank(item) for item in value):
            judged = iter(check([item for item in value if not is_blank(item)]))
            return tuple(UNKNOWN if is_blank(item) else next(judged) for item in value)
        return check(value)

    def blanks(self) -> list[str]:
        """Return the keys, dotted from this entry, whose value is still ``"?"``."""
        return list(blanks_of(self, ""))

    def plain(self) -> dict[str, Plain]:
        """Return what TOML would hold for this entry: every key that differs from its default."""
        return {key: plain(value) for key, value in self.told()}

    def told(self) -> Iterator[tuple[str, Any]]:
        """Yield each key, as packs spell it, with its value where that differs from the default."""
        for name, field in type(self).model_fields.items():
            value = getattr(self, name)
            if field.is_required() or value != field.get_default(call_default_factory=True):
                yield field.alias or name, value

    def to_json(self) -> dict[str, Any]:
        """Return `plain` with exact decimals and dates marked, so that JSON can hold it without loss."""
        return {key: marked(value) for key, value in self.plain().items()}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote; raises pydantic's `ValidationError` as for any other table."""
        return cls.model_validate({key: unmarked(value) for key, value in body.items()})


def is_empty(value: object) -> bool:
    """Return whether `value` is a text, a list or a table without anything in it."""
    return isinstance(value, str | list | tuple | dict) and not value


def is_blank(value: object) -> bool:
    """Return whether `value` is the mark for a figure that the regulation leaves open."""
    return isinstance(value, str) and value == UNKNOWN


def blanks_of(value: object, path: str) -> Iterator[str]:
    """Yield the dotted path of every ``"?"`` inside `value`."""
    if is_blank(value):
        yield path
    elif isinstance(value, Entry):
        for name in type(value).model_fields:
            yield from blanks_of(getattr(value, name), f"{path}.{name}" if path else name)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from blanks_of(item, path if is_blank(item) else f"{path}[{index + 1}]")


def plain(value: Any) -> Plain:
    """Return `value` as TOML would hold it: durations as text, entries as tables, tuples as lists."""
    if isinstance(value, Entry):
        return value.plain()
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, bool | int | str | Decimal | date | time):
        return value
    return str(value)


def marked(value: Plain) -> Any:
    """Return `value` with whole numbers as such and fractions and days as tables of one key."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else {"decimal": str(value)}
    if isinstance(value, date | time):
        return {type(value).__name__: value.isoformat()}
    if isinstance(value, list):
        return [marked(item) for item in value]
    if isinstance(value, dict):
        return {key: marked(item) for key, item in value.items()}
    return value


def unmarked(value: Any) -> Plain:
    """Undo `marked`."""
    if isinstance(value, list):
        return [unmarked(item) for item in value]
    if not isinstance(value, dict):
        return value
    if (
        len(value) == 1
        and (read := MARKS.get(next(iter(value))))
        and isinstance(text := next(iter(value.values())), str)
    ):
        return read(text)
    return {key: unmarked(item) for key, item in value.items()}


MARKS: Mapping[str, Callable[[str], Any]] = {
    "decimal": Decimal,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
}
