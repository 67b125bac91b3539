"""Which input a key of a schema gets: read from the schema itself, so that a new key has its input at once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Union, get_args, get_origin

from django import forms
from django.utils.translation import gettext as _
from pydantic import BeforeValidator
from pydantic.fields import FieldInfo

from config.packs.asking import read_form_owner, read_good
from config.packs.base import Entry
from config.packs.condition import Condition
from config.packs.consequences import AUTO, read_confirmer, read_money
from config.packs.persons import read_person
from config.packs.policy import read_day
from config.packs.references import TARGETS
from config.packs.rule import read_appointment, read_closing
from config.packs.values import (
    OneOf,
    read_amount,
    read_clock,
    read_count,
    read_duration,
    read_hours,
    read_long_duration,
    read_number,
    read_positive,
    read_share,
)
from staff.admin.structure import values
from staff.admin.structure.catalogue import Catalogue
from staff.domain.pack_words import AREAS, value_words

Reader = Callable[[Any], Any]
FIGURES: frozenset[Reader] = frozenset({read_number, read_amount, read_money})
COUNTS: frozenset[Reader] = frozenset({read_count, read_positive})
SPANS: frozenset[Reader] = frozenset({read_duration, read_long_duration})
OPTIONAL: dict[str, Any] = {"required": False}
NAMED = frozenset({"event_kind", "questionnaire", "qualification", "role", "form", "category", "clause"})


@dataclass(frozen=True)
class Shape:
    """What a key holds: `base` is a type or a schema, `readers` judge one value, `several`: a list of them."""

    base: Any
    readers: tuple[Reader, ...] = ()
    several: bool = False

    @property
    def schema(self) -> type[Entry] | None:
        """The schema of the tables that the key holds, if it holds tables."""
        return self.base if isinstance(self.base, type) and issubclass(self.base, Entry) else None

    @property
    def words(self) -> tuple[str, ...]:
        """The words among which the key chooses, if it does."""
        return next((reader.names for reader in self.readers if isinstance(reader, OneOf)), ())

    def reads(self, *readers: Reader) -> bool:
        """Return whether one of these judges the value."""
        return any(reader in readers for reader in self.readers)


def shape_of(info: FieldInfo) -> Shape:
    """Return what a key of a schema holds."""
    readers = [mark.func for mark in info.metadata if isinstance(mark, BeforeValidator)]
    annotation, several = info.annotation, False
    while (origin := get_origin(annotation)) is not None:
        inner = get_args(annotation)
        if origin is Annotated:
            readers += [mark.func for mark in inner[1:] if isinstance(mark, BeforeValidator)]
            annotation = inner[0]
        elif origin is tuple:
            several, annotation = True, inner[0]
        elif origin is Union or origin.__name__ == "UnionType":
            annotation = next(part for part in inner if part is not type(None))
        else:
            break
    return Shape(annotation, tuple(readers), several)


def is_rows(schema: type[Entry], key: str, shape: Shape) -> bool:
    """Return whether the key is a list whose items have inputs of their own; other lists are lines of text."""
    if not shape.several:
        return False
    return bool(
        shape.schema
        or shape.words
        or shape.reads(read_person, read_confirmer, read_hours)
        or TARGETS.get((schema, key)) in NAMED | {"reference"}
    )


def field_for(
    schema: type[Entry], key: str, shape: Shape, catalogue: Catalogue, stored: Any, *, has_default: bool = False
) -> forms.Field:
    """Return the input for one value of a key."""
    target = TARGETS.get((schema, key))
    if shape.reads(read_person, read_confirmer):
        people: Any = catalogue.persons()
        if shape.reads(read_confirmer):
            people = [("", [(AUTO, _("the program, at once"))]), *people]
        return values.ChoiceValue(choices=people, stored=plain(stored), empty="—", **OPTIONAL)
    if target == "reference":
        return values.ChoiceValue(choices=catalogue.references(), stored=stored, empty="—", **OPTIONAL)
    if target in NAMED:
        return values.ChoiceValue(choices=catalogue.options(str(target)), stored=stored, empty="—", **OPTIONAL)
    if shape.words:
        empty = None if has_default else "—"
        return values.ChoiceValue(choices=value_words(key, shape.words), stored=stored, empty=empty, **OPTIONAL)
    return plain_field(key, shape)


def figures(shape: Shape, _key: str) -> forms.Field:
    """Return the input for a number, or for several."""
    return values.LinesValue(figures=True, **OPTIONAL) if shape.several else values.NumberValue(**OPTIONAL)


def words(shape: Shape, key: str) -> forms.Field:
    """Return the input for text: a line, an area, or a line for each of several."""
    if shape.base is bool:
        return values.FlagValue(**OPTIONAL)
    if shape.several:
        return values.LinesValue(**OPTIONAL)
    if key in AREAS:
        return values.TextValue(widget=forms.Textarea({"rows": 3, "cols": 60}), **OPTIONAL)
    return values.TextValue(**OPTIONAL)


def shown_as(example: str) -> forms.Field:
    """Return a short line with an example in it."""
    return values.TextValue(widget=forms.TextInput({"size": max(5, len(example)), "placeholder": example}), **OPTIONAL)


# Whoever judges the value says what input it gets; the first that fits, else it is text.
INPUTS: tuple[tuple[frozenset[Reader], Callable[[Shape, str], forms.Field]], ...] = (
    (FIGURES, figures),
    (COUNTS, lambda _shape, _key: values.NumberValue(whole=True, **OPTIONAL)),
    (frozenset({read_share}), lambda _shape, _key: values.NumberValue(share=True, **OPTIONAL)),
    (frozenset({read_closing}), lambda _shape, _key: values.SpanValue(given=True, **OPTIONAL)),
    (SPANS, lambda _shape, _key: values.SpanValue(**OPTIONAL)),
    (frozenset({read_hours}), lambda _shape, _key: values.HoursValue(**OPTIONAL)),
    (frozenset({read_day}), lambda _shape, _key: values.DayValue(**OPTIONAL)),
    (frozenset({read_appointment}), lambda _shape, _key: values.AppointmentValue(**OPTIONAL)),
    (frozenset({read_good}), lambda _shape, _key: values.GoodValue(**OPTIONAL)),
    (frozenset({read_clock}), lambda _shape, _key: shown_as("09:00")),
    (frozenset({read_form_owner}), lambda _shape, _key: shown_as("visit_record")),
)


def plain_field(key: str, shape: Shape) -> forms.Field:
    """Return the input for a value that is no choice."""
    maker = next((maker for readers, maker in INPUTS if shape.reads(*readers)), words)
    return maker(shape, key)


def plain(value: Any) -> Any:
    """Return a person as the pack spells it."""
    return str(value) if value is not None else None


def is_condition(shape: Shape) -> bool:
    """Return whether the key holds conditions."""
    return shape.schema is Condition
