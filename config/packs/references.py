"""What refers to what inside a pack: every mention of a code, where it stands and whether it leads anywhere."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from config.packs.asking import FormSpec
from config.packs.base import Entry, is_blank
from config.packs.cases import CategorySpec
from config.packs.codes import (
    ANSWER,
    CASE_TYPES,
    CHANNELS,
    CUSTOMER,
    ENTRY,
    FEATURES,
    MANY_KINDS,
    METRICS,
    PROGRAM_KINDS,
    ROLES,
    USUAL_KINDS,
    USUAL_ROLES,
)
from config.packs.company import QualificationSpec, RoleSpec, RosterSpec
from config.packs.condition import Condition
from config.packs.consequences import PenaltySpec, RewardSpec
from config.packs.duties import ObligationSpec, QuotaSpec
from config.packs.errors import Finding, perhaps
from config.packs.measuring import ItemSpec, KpiSpec
from config.packs.pack import SECTIONS, TABLES, Pack, code_of, parts_of
from config.packs.persons import Person
from config.packs.policy import ClauseSpec
from config.packs.rule import RuleSpec, StepSpec

Way = tuple[str | int, ...]
Unit = tuple[str, str, str]  # section, code, step (of visit rules only): what is active or waits as a whole

TARGETS: dict[tuple[type[Entry], str], str] = {
    (RuleSpec, "trigger"): "event_kind",
    (ObligationSpec, "on"): "event_kind",
    (StepSpec, "questionnaire"): "questionnaire",
    (StepSpec, "needs"): "qualification",
    (RoleSpec, "like"): "role",
    (RosterSpec, "role"): "role",
    (RosterSpec, "needs"): "qualification",
    (RosterSpec, "log"): "form",
    (RosterSpec, "checklists"): "form",
    (QualificationSpec, "roles"): "role",
    (CategorySpec, "parent"): "category",
    (PenaltySpec, "clause"): "clause",
    (RewardSpec, "clause"): "clause",
    (PenaltySpec, "metric"): "attainment",
    (RewardSpec, "metric"): "attainment",
    (ItemSpec, "metric"): "attainment",
    (FormSpec, "of"): "entry",
    (PenaltySpec, "of"): "any",
    (KpiSpec, "of"): "any",
    (QuotaSpec, "of"): "any",
    (QuotaSpec, "who"): "counted",
    (ClauseSpec, "enforced_by"): "reference",
}


@dataclass(frozen=True)
class Company:
    """The codes that a company has before a pack is read: declared by its other packs or by hand."""

    role: frozenset[str] = frozenset()
    event_kind: frozenset[str] = frozenset()
    segment: frozenset[str] = frozenset()
    qualification: frozenset[str] = frozenset()

    def codes(self, section: str) -> frozenset[str]:
        """Return the company's codes of `section`, none for sections that belong to one pack."""
        return getattr(self, section, frozenset())


NO_COMPANY = Company()
STANDARD = {
    "role": frozenset(ROLES + USUAL_ROLES),
    "event_kind": frozenset((*PROGRAM_KINDS, *USUAL_KINDS, *MANY_KINDS, CUSTOMER)),
}
WITH_DEFAULTS = ("policy", "ledger")  # tables that are there even where a pack leaves them out


@dataclass(frozen=True)
class Link:
    """One mention: the code that stands at `loc` in `unit` and the section that it should be found in."""

    loc: Way
    unit: Unit
    section: str
    code: str


def links(pack: Pack) -> Iterator[Link]:
    """Yield every mention of a code in `pack`."""
    for section in SECTIONS:
        for index, entry in enumerate(pack.entries(section)):
            loc: Way = (section,) if section in TABLES else (section, index)
            yield from links_of(entry, loc, (section, code_of(entry), ""))


def links_of(entry: Entry, loc: Way, unit: Unit) -> Iterator[Link]:
    """Yield the mentions of one entry and of the entries inside it."""
    if isinstance(entry, StepSpec):
        unit = (*unit[:2], entry.code)
    if isinstance(entry, Condition):
        yield from links_of_condition(entry, loc, unit)
    for name in type(entry).model_fields:
        value = getattr(entry, name)
        several = isinstance(value, tuple)
        for index, item in enumerate(value if several else (value,)):
            place = (*loc, name, index) if several else (*loc, name)
            yield from links_of_value(entry, name, item, place, unit)


def links_of_value(entry: Entry, name: str, item: object, loc: Way, unit: Unit) -> Iterator[Link]:
    """Yield the mentions in one value."""
    if isinstance(item, Entry):
        yield from links_of(item, loc, unit)
    elif isinstance(item, Person):
        if item.kind == "role":
            yield Link(loc, unit, "role", item.code)
    elif isinstance(item, str) and item and not is_blank(item) and (target := TARGETS.get((type(entry), name))):
        yield from as_link(loc, unit, target, item)


def links_of_condition(condition: Condition, loc: Way, unit: Unit) -> Iterator[Link]:
    """Yield the segments that a condition names, and the question whose answer it asks for."""
    if condition.field.startswith(ANSWER):
        yield Link((*loc, "field"), unit, "question", condition.field.removeprefix(ANSWER))
    if condition.field == "segment":
        for value in condition.value if isinstance(condition.value, tuple) else (condition.value,):
            if isinstance(value, str) and not is_blank(value):
                yield Link((*loc, "value"), unit, "segment", value)


def as_link(loc: Way, unit: Unit, target: str, text: str) -> Iterator[Link]:
    """Yield the mention in `text`, whose spelling depends on what it should lead to."""
    section, colon, code = text.partition(":")
    if target == "attainment":
        if colon:
            yield Link(loc, unit, section, code)
    elif target == "entry":
        if colon:
            yield Link(loc, unit, "form", code)
    elif target == "counted":
        if section == "role":
            yield Link(loc, unit, "role", code)
    elif target == "event_kind" and section == ENTRY:
        yield Link(loc, unit, "form", code)
    else:
        yield Link(loc, unit, target, text)


class Index:
    """Every code of a pack by section, with what each leads to."""

    def __init__(self, pack: Pack, company: Company = NO_COMPANY) -> None:
        self.company = company
        self.units: dict[str, dict[str, Unit]] = {}
        self.parts: dict[tuple[str, str], set[str]] = {}
        for section in SECTIONS:
            found = self.units[section] = {}
            for entry in pack.entries(section):
                code = code_of(entry)
                found[code] = (section, code, "")
                self.parts[section, code] = {code_of(part) for part in parts_of(section, entry)}

    def codes(self, section: str) -> set[str]:
        """Return what may be named in `section`: the pack's, the standard and the company's codes."""
        if section == "question":
            return {part for (owner, _code), parts in self.parts.items() if owner == "questionnaire" for part in parts}
        return set(self.units[section]) | STANDARD.get(section, frozenset()) | self.company.codes(section)

    def anything(self) -> set[str]:
        """Return what `of` may name: any code or part of the pack, channels, types of cases, metrics."""
        own = {code for section in self.units.values() for code in section}
        inner = {part for parts in self.parts.values() for part in parts}
        return own | inner | {*CHANNELS, *CASE_TYPES, *METRICS} | self.codes("event_kind") | self.codes("role")

    def dangles(self, link: Link) -> Finding | None:
        """Return what is wrong with a mention, or None where it leads somewhere."""
        if link.section == "reference" or (link.section == "any" and ":" in link.code):
            return self.dangling_reference(link)
        allowed = self.anything() if link.section == "any" else self.codes(link.section)
        if link.code in allowed:
            return None
        what = _("nothing is declared with this code") if link.section == "any" else no_such(link.section)
        return Finding(link.loc, what, link.code, some_of(allowed), perhaps(link.code, allowed))

    def dangling_reference(self, link: Link) -> Finding | None:
        """Return what is wrong with ``section:code/part``, a lone section, or ``feature:<name>``."""
        section, colon, rest = link.code.partition(":")
        if section == "feature":
            return self.missing(link, rest, set(FEATURES), _("no such feature"))
        if section not in SECTIONS:
            return self.missing(link, section, {*SECTIONS, "feature"}, _("no such section"))
        if not colon:
            there = bool(self.units[section]) or section in WITH_DEFAULTS
            return None if there else Finding(link.loc, _("the pack has no section %s") % section, link.code)
        code, slash, part = rest.partition("/")
        if section == "complaints" and not slash:
            return self.missing(link, code, self.parts.get(("complaints", ""), set()), no_such(section))
        if fault := self.missing(link, code, self.codes(section), no_such(section)):
            return fault
        if slash:
            return self.missing(link, part, self.parts.get((section, code), set()), _("no such part of %s") % code)
        return None

    def missing(self, link: Link, name: str, allowed: set[str], problem: str) -> Finding | None:
        """Return the finding where `name` is none of `allowed`."""
        if name in allowed:
            return None
        return Finding(link.loc, problem, link.code, some_of(allowed), perhaps(name, allowed))

    def reached(self, link: Link) -> list[Unit]:
        """Return the units of the pack that a mention leads to."""
        if link.section not in ("any", "reference"):
            unit = self.units.get(link.section, {}).get(link.code)
            return [unit] if unit else []
        section, colon, rest = link.code.partition(":")
        code, _slash, part = rest.partition("/")
        if colon:
            unit = self.units.get(section, {}).get(code)
            return [(*unit[:2], part if section == "visit_rule" else "")] if unit else []
        return [units[link.code] for units in self.units.values() if link.code in units]


def no_such(section: str) -> str:
    """Return the problem of a code that `section` does not hold."""
    return _("no %s has this code: declare it, or name another") % section


def some_of(names: set[str], most: int = 12) -> str:
    """Return the names for a message, cut short where they are many."""
    listed = sorted(names)
    return ", ".join(listed[:most]) + (" …" if len(listed) > most else "")
