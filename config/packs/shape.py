"""Which schema stands at a place of a pack: for naming the keys that would have been allowed there."""

from typing import Any, get_args

from config.packs.base import Entry


def model_at(model: type[Entry], loc: tuple[str | int, ...]) -> type[Entry]:
    """Return the schema of the table at `loc` below `model`, or the nearest one above it."""
    for part in loc:
        if isinstance(part, str):
            model = inner_model(model, part) or model
    return model


def inner_model(model: type[Entry], key: str) -> type[Entry] | None:
    """Return the schema of the tables that a key holds, None where it holds none."""
    for name, field in model.model_fields.items():
        if key in (name, field.alias):
            return first_model(field.annotation)
    return None


def first_model(annotation: Any) -> type[Entry] | None:
    """Return the first schema inside a type annotation."""
    if isinstance(annotation, type) and issubclass(annotation, Entry):
        return annotation
    return next((found for inner in get_args(annotation) if (found := first_model(inner))), None)
