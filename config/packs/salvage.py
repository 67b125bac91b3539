"""The sound part of a faulty pack, so that faults between its entries are told along with faults inside them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from config.packs.checks import findings
from config.packs.errors import Finding
from config.packs.pack import PARTS, SECTIONS, Pack
from config.packs.references import Company, Way


@dataclass
class Salvage:
    """The tables that are left, where each entry stood before, and every code that went with the faulty ones."""

    tables: dict[str, Any]
    places: dict[str, list[int]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)


def further_findings(data: Mapping[str, Any], faulty: Iterable[Way], company: Company) -> Iterator[Finding]:
    """Yield what is wrong between the entries that `faulty` does not name; nothing that may be due to those."""
    left = without(data, set(faulty))
    try:
        pack = Pack.model_validate(left.tables)
    except ValidationError:
        return
    for finding in findings(pack, company):
        if left.gone.isdisjoint(re.split("[:/]", finding.found)):
            yield replace(finding, loc=former(finding.loc, left.places))


def without(data: Mapping[str, Any], faulty: set[Way]) -> Salvage:
    """Return the tables without the entries in which a fault lies; a faulty ``[policy]`` is replaced."""
    spoilt = {way[:2] if len(way) > 1 and isinstance(way[1], int) else way[:1] for way in faulty if way}
    left = Salvage({"policy": data.get("policy")})
    if ("policy",) in spoilt:
        left.tables["policy"] = {"slug": "unknown"}
    for section in SECTIONS[1:]:
        entries = data.get(section)
        listed = entries if isinstance(entries, list) else [entries] * (entries is not None)
        if (section,) in spoilt:
            left.gone |= {section, *codes_in(section, listed)}
            continue
        kept = [index for index in range(len(listed)) if (section, index) not in spoilt]
        left.places[section] = kept
        left.gone |= codes_in(section, [entry for index, entry in enumerate(listed) if index not in kept])
        if kept:
            left.tables[section] = [listed[index] for index in kept] if isinstance(entries, list) else entries
        elif listed:
            left.gone.add(section)
    return left


def codes_in(section: str, entries: Iterable[Any]) -> set[str]:
    """Return the codes of entries and of what is inside them."""
    found: set[str] = set()
    for entry in entries:
        if isinstance(entry, Mapping):
            inner = entry.get(PARTS.get(section, ""), [])
            tables = [entry, *(inner if isinstance(inner, list) else [inner])]
            found |= {
                str(table[key])
                for table in tables
                if isinstance(table, Mapping)
                for key in ("code", "ref")
                if key in table
            }
    return found - {""}


def former(loc: Way, places: Mapping[str, list[int]]) -> Way:
    """Return a place in what is left as the place in what was read."""
    if len(loc) > 1 and isinstance(loc[1], int) and loc[0] in places:
        return (loc[0], places[str(loc[0])][loc[1]], *loc[2:])
    return loc
