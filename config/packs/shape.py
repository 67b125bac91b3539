"""Which schema stands at a place of a pack: for naming the keys that would have been allowed there."""

from typing import Any, get_args

from config.packs.base import Entry


def model_at(model: type[Entry], loc: tuple[str | int, ...]) -> type[Entry]:
    """Return the schema of the table at `loc` below `model`, or the nearest one above it."""
    for part in loc:
        if isinstance(part, str):
            model = inner_model(model, part) or model
    return model


def in_order(model: type[Entry] | None, value: Any) -> Any:
    """Return tables and lists with their keys in the order of their schema: a database may keep another one."""
    if isinstance(value, list):
        return [in_order(model, item) for item in value]
    if not isinstance(value, dict) or model is None:
        return value
    names = [field.alias or name for name, field in model.model_fields.items()]
    keys = sorted(value, key=lambda key: names.index(key) if key in names else len(names))
    return {key: in_order(inner_model(model, key), value[key]) for key in keys}


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
