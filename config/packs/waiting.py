"""What waits for a figure: an entry or step that holds ``"?"``, and whatever refers to it, loads inactive."""

from dataclasses import dataclass

from config.packs.base import blanks_of
from config.packs.pack import SECTIONS, Pack, code_of
from config.packs.references import Index, Unit, links
from config.packs.rule import RuleSpec


@dataclass(frozen=True)
class Wait:
    """Why a unit is inactive: its own keys without a figure, or the units that it refers to."""

    keys: tuple[str, ...] = ()
    behind: tuple[Unit, ...] = ()


def waiting(pack: Pack) -> dict[Unit, Wait]:
    """Return every inactive unit of `pack` with the reason. Clauses are text and never wait."""
    found = {unit: Wait(keys=keys) for unit, keys in own_blanks(pack).items()}
    behind = references(pack)
    while more := waits_behind(pack, found, behind):
        found |= more
    return found


def own_blanks(pack: Pack) -> dict[Unit, tuple[str, ...]]:
    """Return the units that hold a ``"?"`` themselves, with the keys."""
    found: dict[Unit, tuple[str, ...]] = {}
    for section in SECTIONS:
        for entry in pack.entries(section) if section != "clause" else ():
            unit = (section, code_of(entry), "")
            if isinstance(entry, RuleSpec):
                found[unit] = tuple(key for key in entry.blanks() if not key.startswith("step["))
                found |= {(*unit[:2], step.code): tuple(step.blanks()) for step in entry.step}
            else:
                found[unit] = tuple(blanks_of(entry, ""))
    return {unit: keys for unit, keys in found.items() if keys}


def references(pack: Pack) -> dict[Unit, set[Unit]]:
    """Return for each unit the units of the same pack that it refers to; a step refers to its rule."""
    index = Index(pack)
    found: dict[Unit, set[Unit]] = {}
    for link in links(pack):
        if link.unit[0] != "clause" and link.section != "clause":
            found.setdefault(link.unit, set()).update(index.reached(link))
    for rule in pack.visit_rule:
        for step in rule.step:
            found.setdefault(("visit_rule", rule.code, step.code), set()).add(("visit_rule", rule.code, ""))
    return found


def waits_behind(pack: Pack, found: dict[Unit, Wait], behind: dict[Unit, set[Unit]]) -> dict[Unit, Wait]:
    """Return the units that wait because of what already waits: one round."""
    more = {}
    for unit, others in behind.items():
        if unit not in found and (blocked := tuple(sorted(other for other in others if other in found))):
            more[unit] = Wait(behind=blocked)
    for rule in pack.visit_rule:
        unit, steps = ("visit_rule", rule.code, ""), [("visit_rule", rule.code, step.code) for step in rule.step]
        if unit not in found and unit not in more and all(step in found for step in steps):
            more[unit] = Wait(behind=tuple(steps))
    return more
