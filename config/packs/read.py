"""TOML text -> `Pack`, or all that is wrong with it: file, line, key, what was found, what is allowed, how to mend."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from config.packs.base import Entry
from config.packs.checks import findings
from config.packs.errors import Finding, PackError, PackErrors, perhaps
from config.packs.lines import line_of, lines_of
from config.packs.pack import SECTIONS, Pack
from config.packs.references import NO_COMPANY, Company
from config.packs.rule import STEP_KEYS, RuleSpec
from config.packs.salvage import further_findings
from config.packs.shape import model_at

Way = tuple[str | int, ...]
PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column \d+|end of document)\)$")
LONGEST_FOUND = 120


def read_pack(text: str, filename: str = "", company: Company = NO_COMPANY) -> Pack:
    """Read one pack. `company` holds the codes that it may name without declaring them. Raises `PackErrors`."""
    data = parse(text, filename)
    return check_pack(data, company, filename, lines_of(text))


def parse(text: str, filename: str = "") -> dict[str, Any]:
    """Return the tables of a TOML text, its fractions as exact decimals. Raises `PackErrors`."""
    try:
        tables = tomllib.loads(text.removeprefix("\ufeff"), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        place = PLACE.search(str(error))
        line = int(place["line"]) if place and place["line"] else text.count("\n") + 1
        problem = _("this is no TOML: %s") % PLACE.sub("", str(error))
        raise PackErrors([PackError(problem, filename, line)]) from error
    if has_nul(tables):
        raise PackErrors([PackError(_("a text holds the character U+0000, which no database keeps"), filename)])
    return tables


def has_nul(value: Any) -> bool:
    """Return whether some text, or some key, holds the character U+0000."""
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, Mapping):
        return any(has_nul(key) or has_nul(item) for key, item in value.items())
    return isinstance(value, list) and any(has_nul(item) for item in value)


def check_pack(
    data: Mapping[str, Any], company: Company = NO_COMPANY, filename: str = "", lines: Mapping[Way, int] | None = None
) -> Pack:
    """Judge parsed tables as a pack; `lines` says where each key stands. Raises `PackErrors`."""
    try:
        pack = Pack.model_validate(data)
    except ValidationError as error:
        faults = error.errors()
        inside = [told(fault, data, filename, lines or {}) for fault in faults]
        between = further_findings(data, [fault["loc"] for fault in faults], company)
        errors = [*inside, *(placed(finding, data, filename, lines or {}) for finding in between)]
        raise PackErrors(unique(errors)) from error
    if found := [placed(finding, data, filename, lines or {}) for finding in findings(pack, company)]:
        raise PackErrors(unique(found))
    return pack


def check_entry(model: type[Entry], data: Mapping[str, Any], filename: str = "") -> Entry:
    """Judge one table on its own, as the page that edits it does. Raises `PackErrors`."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise PackErrors(unique(told(fault, data, filename, {}, model) for fault in error.errors())) from error


def unique(errors: Iterable[PackError]) -> list[PackError]:
    """Return the errors in the order of their lines, each once: a rule's default is judged with every step."""
    return sorted(dict.fromkeys(errors), key=lambda error: error.line)


def told(
    fault: ErrorDetails, data: Mapping[str, Any], filename: str, lines: Mapping[Way, int], model: type[Entry] = Pack
) -> PackError:
    """Return what pydantic found in the words of the format."""
    loc: Way = fault["loc"]
    context = fault.get("ctx", {})
    kind, found = fault["type"], shown(fault["input"])
    if kind == "extra_forbidden":
        problem, found, allowed, mend = unknown_key(loc, model)
    elif kind == "missing":
        problem, found, allowed = _("the key %s is missing") % loc[-1], "", ""
        mend = _('write "?" where the regulation gives no figure') if len(loc) > 2 else ""
    elif kind == "refused":
        problem, allowed, mend = context["problem"], context["allowed"], context["mend"]
    else:
        problem, allowed, mend = _("this value does not fit"), expectation(kind), ""
    return placed(Finding(loc, problem, found, allowed, mend), data, filename, lines)


def unknown_key(loc: Way, model: type[Entry]) -> tuple[str, str, str, str]:
    """Return problem, found, allowed and mend for a key that the format does not have."""
    owner = model_at(model, loc[:-1])
    known = [name for name in keys_of(owner) if name != "title"]
    problem = _("this section is not known") if owner is Pack else _("this key is not known")
    alike = perhaps(loc[-1], known)
    return problem, str(loc[-1]), "" if alike else ", ".join(known), alike


def keys_of(owner: type[BaseModel]) -> list[str]:
    """Return the keys that a table may have; a rule's may be those of its steps."""
    names = [field.alias or name for name, field in owner.model_fields.items()]
    if owner is RuleSpec:
        names += [name for name in STEP_KEYS if name not in names]
    return names if owner is not Pack else list(SECTIONS)


def expectation(kind: str) -> str:
    """Return what is allowed where pydantic's own types refuse."""
    return {
        "string_type": _("text in quotes"),
        "bool_type": "true | false",
        "int_type": _("a whole number"),
        "model_type": _("a table"),
        "model_attributes_type": _("a table"),
        "dict_type": _("a table"),
        "tuple_type": _("a list"),
    }.get(kind, kind)


def shown(value: object) -> str:
    """Return a value for a message, short."""
    text = f'"{value}"' if isinstance(value, str) else "" if isinstance(value, dict | list | tuple) else str(value)
    if isinstance(value, bool):
        text = text.lower()
    return text if len(text) <= LONGEST_FOUND else text[:LONGEST_FOUND] + "…"


def placed(finding: Finding, data: Mapping[str, Any], filename: str, lines: Mapping[Way, int]) -> PackError:
    """Return a finding with its line and a path that names entries by their codes."""
    line, way = line_of(lines, finding.loc)
    path = path_of(data, finding.loc if not way or len(way) >= len(finding.loc) or way[-1] != finding.loc[-1] else way)
    return PackError(finding.problem, filename, line, path, finding.found, finding.allowed, finding.mend)


def path_of(data: Any, loc: Way) -> str:
    """Return ``visit_rule[unsatisfied].step[call].closes`` for a place in parsed tables."""
    path = ""
    for part in loc:
        if isinstance(part, int):
            data = data[part] if isinstance(data, list) and part < len(data) else data if part == 0 else None
            path += f"[{name_of(data) or part + 1}]"
        else:
            path += f".{part}" if path else part
            data = data.get(part) if isinstance(data, Mapping) else None
    return path


def name_of(table: object) -> str:
    """Return the code by which a table is called, if it has one."""
    if not isinstance(table, Mapping):
        return ""
    return str(next((table[key] for key in ("code", "ref") if isinstance(table.get(key), str)), ""))


def stored_pack(text: str) -> Pack:
    """Read a pack that was judged when it was stored: what it names is not looked up again."""
    return Pack.model_validate(parse(text))
