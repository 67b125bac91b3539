"""Figures that an administrator has filled in where the regulation leaves them open: a pack read again keeps them."""

from collections.abc import Mapping, Sequence
from typing import Any

from config.packs.base import Entry, Plain, is_blank, plain

NAMES = ("code", "ref", "slug")
Formers = tuple[Plain, ...]


def fill(new: Plain, draft: Plain, formers: Formers) -> Plain:
    """Return `new` with each ``"?"`` replaced by the figure that somebody chose at the same place of the draft.

    `new` and `formers` (the draft and what was read before it) are as packs write them, `draft` is as `whole` writes
    it. A figure that is a default was chosen only where a former text left it open: otherwise nobody ever saw it.
    """
    if is_blank(new):
        return draft if is_chosen(draft, formers) else new
    if isinstance(new, Mapping):
        return {key: fill(value, at(draft, key), tuple(at(one, key) for one in formers)) for key, value in new.items()}
    if isinstance(new, list):
        places = [(item, tuple(like(item, n, one) for one in (draft, *formers))) for n, item in enumerate(new)]
        return [fill(item, held, tuple(before)) for item, (held, *before) in places]
    return new


def is_chosen(held: Plain, formers: Formers) -> bool:
    """Return whether somebody put the figure `held` where it stands."""
    if held is None or held == [] or is_blank(held):
        return False
    return any(is_blank(former) or former == held for former in formers)


def at(table: Plain, key: str) -> Plain:
    """Return the value of a key, None where there is none."""
    return table.get(key) if isinstance(table, Mapping) else None


def like(item: Plain, index: int, others: Plain) -> Plain:
    """Return what stands for `item` in another list: the table with its code, else what has its position."""
    if not isinstance(others, Sequence) or isinstance(others, str):
        return None
    if isinstance(item, Mapping) and (name := name_of(item)):
        return next((other for other in others if isinstance(other, Mapping) and name_of(other) == name), None)
    return others[index] if index < len(others) else None


def name_of(table: Mapping[str, Plain]) -> str:
    """Return the code of a table, empty where it has none."""
    return str(next((table[key] for key in NAMES if key in table), ""))


def whole(value: Any) -> Plain:
    """Return an entry as TOML would hold it with its defaults spelt out; what is None is left out."""
    if isinstance(value, Entry):
        fields = type(value).model_fields.items()
        told = {field.alias or name: getattr(value, name) for name, field in fields}
        return {key: whole(item) for key, item in told.items() if item is not None}
    if isinstance(value, tuple):
        return [whole(item) for item in value]
    return plain(value)
