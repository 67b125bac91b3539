"""`Pack` -> canonical TOML: sections in a fixed order, keys in the schema's, defaults left out. One pack, one text.

What all steps of a rule say alike is written once, on the rule.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any

from config.packs.base import Entry
from config.packs.pack import SECTIONS, TABLES, Pack
from config.packs.rule import DEFAULT_KEYS, RIVALS

WIDTH = 110
BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
NESTED = {"visit_rule": "step", "questionnaire": "question"}  # written as tables of their own
NAMES = ("slug", "ref", "code", "title")  # stand first in their table


def write_pack(pack: Pack) -> str:
    """Return the canonical text of a pack: ``read_pack(write_pack(pack)) == pack``."""
    tables = pack.plain()
    lines: list[str] = []
    for section in SECTIONS:
        if section in TABLES:
            if section in tables:
                lines += ["", f"[{section}]", *pairs(tables[section])]
        else:
            for entry in tables.get(section, []):
                lines += ["", f"[[{section}]]", *entry_lines(section, entry)]
    return "\n".join(lines[1:]) + "\n"


def write_entry(entry: Entry) -> str:
    """Return one entry as the lines that would stand under its header."""
    return "\n".join(pairs(entry.plain())) + "\n"


def entry_lines(section: str, entry: Mapping[str, Any]) -> list[str]:
    """Return the lines of one table of a list, its nested tables indented below it."""
    inner = NESTED.get(section)
    own = {key: value for key, value in entry.items() if key != inner}
    nested = entry.get(inner, []) if inner else []
    if section == "visit_rule":
        shared = shared_by(nested)
        own, nested = own | shared, [without(step, shared) for step in nested]
    lines = list(pairs(own))
    for table in nested:
        lines += ["", f"  [[{section}.{inner}]]", *(f"  {line}" for line in pairs(table))]
    return lines


def shared_by(steps: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the keys that every one of several steps says alike."""
    if len(steps) < 2:
        return {}
    first, keys = steps[0], [key for key in DEFAULT_KEYS if key not in RIVALS]
    return {key: first[key] for key in keys if key in first and all(step.get(key) == first[key] for step in steps)}


def without(step: dict[str, Any], shared: Iterable[str]) -> dict[str, Any]:
    """Return a step without the keys that stand on its rule."""
    return {key: value for key, value in step.items() if key not in shared}


def pairs(table: Mapping[str, Any]) -> Iterator[str]:
    """Yield ``key = value`` for each key, names first."""
    for key in sorted(table, key=lambda key: NAMES.index(key) if key in NAMES else len(NAMES)):
        yield from f"{spelt(key)} = {value_text(table[key], len(key) + 3)}".split("\n")


def spelt(key: str) -> str:
    """Return a key, in quotes where TOML wants them."""
    return key if BARE_KEY.fullmatch(key) else quoted(key)


def value_text(value: Any, indent: int = 0) -> str:
    """Return a value as TOML; a list that is too long for one line takes a line an item."""
    if isinstance(value, list):
        items = [value_text(item) for item in value]
        line = f"[{', '.join(items)}]"
        short = indent + len(line) <= WIDTH and not (len(items) > 1 and isinstance(value[0], dict))
        return line if short else "[\n" + "".join(f"  {item},\n" for item in items) + "]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{spelt(key)} = {value_text(item)}" for key, item in value.items()) + " }"
    return scalar(value)


def scalar(value: Any) -> str:
    """Return text, a truth value, a number or a day as TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date | time):
        return value.isoformat()
    return quoted(str(value))


def number(value: Decimal) -> str:
    """Return an exact number without an exponent and without zeros that say nothing."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def quoted(text: str) -> str:
    """Return text as a basic TOML string on one line."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
