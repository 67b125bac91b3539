"""What tells two states of a regulation apart, in words: by entry, rule and step, key by key, old and new."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from config.packs.base import Entry, is_blank
from config.packs.condition import Condition
from config.packs.duration import Duration
from config.packs.pack import PARTS, SECTIONS, Pack, code_of
from config.packs.persons import Person
from config.packs.rule import SampleSpec
from config.packs.titles import section_title
from config.packs.write import value_text
from staff.domain.draft_words import choice_title, key_title
from visits.domain.explaining import sentences
from visits.domain.explaining.wording import duration_text

LONGEST = 400
CODES = ("code", "ref", "slug")
NAMES = (*CODES, "title")


@dataclass(frozen=True)
class Change:
    """One key of an entry: what it is called, what it said and what it says; an empty text for nothing."""

    key: str
    old: str
    new: str


@dataclass(frozen=True)
class EntryChange:
    """One entry, rule or step that is new, gone or another: `kind` is added, removed or changed."""

    section: str
    name: str
    kind: str
    changes: tuple[Change, ...] = ()
    sentence: str = ""


def differences(old: Pack | None, new: Pack) -> list[EntryChange]:
    """Return every entry that differs, in the order of a pack; of rules, their steps one by one."""
    return list(chain.from_iterable(_of_section(section, old, new) for section in SECTIONS))


def _of_section(section: str, old: Pack | None, new: Pack) -> Iterator[EntryChange]:
    before = {code_of(entry): entry for entry in old.entries(section)} if old else {}
    after = {code_of(entry): entry for entry in new.entries(section)}
    yield from _of_entries(section, section_title(section), before, after, "")
    if [code for code in before if code in after] != [code for code in after if code in before]:
        yield EntryChange(section_title(section), "", "changed", (Change(_("order"), _order(before), _order(after)),))


def _order(entries: dict[str, Any]) -> str:
    return pgettext("list", ", ").join(_name(entry) for entry in entries.values())


def _of_entries(
    section: str, title: str, before: dict[str, Any], after: dict[str, Any], above: str
) -> Iterator[EntryChange]:
    for code in dict.fromkeys((*after, *before)):
        one, other = before.get(code), after.get(code)
        name = above + _name(other or one)
        if one is None or other is None:
            yield _whole(section, title, name, one, other)
        elif changes := tuple(_changes(section, one, other)):
            yield EntryChange(title, name, "changed", changes)
        yield from _of_parts(section, title, one, other, name)


def _whole(section: str, title: str, name: str, one: Entry | None, other: Entry | None) -> EntryChange:
    """Return an entry that is new or gone, with its keys; what stands inside it is told for itself."""
    entry = other if other is not None else one
    told = entry.told() if entry else ()
    schema, inside = type(entry) if entry else Entry, PARTS.get(section)
    texts = [(key_title(schema, key), _text(key, value)) for key, value in told if key not in (*NAMES, inside)]
    changes = tuple(Change(key, "" if one is None else text, text if one is None else "") for key, text in texts)
    return EntryChange(title, name, "added" if one is None else "removed", changes)


def _of_parts(section: str, title: str, one: Any, other: Any, name: str) -> Iterator[EntryChange]:
    """Yield the steps, questions, fields and items inside an entry that differ."""
    part = PARTS.get(section)
    if part is None:
        return
    before, after = ({code_of(inner): inner for inner in getattr(entry, part, ())} for entry in (one, other))
    yield from _of_entries("", title, before, after, f"{name} · ")


def _changes(section: str, one: Entry, other: Entry) -> Iterator[Change]:
    """Yield the keys that differ; what stands inside is told for itself."""
    for name, field in type(other).model_fields.items():
        old, new = getattr(one, name), getattr(other, name)
        key = field.alias or name
        if old != new and name not in (*CODES, PARTS.get(section)):
            yield Change(key_title(type(other), key), _text(key, old), _text(key, new))


def _name(entry: Any) -> str:
    """Return what an entry is called: its title, else its code, else nothing."""
    told = getattr(entry, "title", "") or code_of(entry)
    return f"{code_of(entry)} {told}" if hasattr(entry, "ref") and told != code_of(entry) else told


def _text(key: str, value: Any) -> str:
    """Return a value of a pack in words."""
    found = _worded(value, key)
    return found if len(found) <= LONGEST else f"{found[:LONGEST]}…"


WORDS: dict[type, Callable[[Any], str]] = {
    bool: lambda value: _("yes") if value else _("no"),
    Duration: duration_text,
    Person: sentences.person,
    Condition: sentences.condition,
    SampleSpec: sentences.sampling,
    date: date.isoformat,
}


def _worded(value: Any, key: str = "") -> str:
    if value is None or is_blank(value):
        return "" if value is None else _("(missing figure)")
    if isinstance(value, tuple):
        return pgettext("list", ", ").join(_worded(item, key) for item in value)
    if type(value) in WORDS:
        return WORDS[type(value)](value)
    return value_text(value.plain()) if isinstance(value, Entry) else choice_title(key, value)


@dataclass(frozen=True)
class RuleTold:
    """One rule with a sentence for each of its steps, and whether the change touches it."""

    code: str
    title: str
    sentences: tuple[str, ...]
    changed: bool


def rules_told(old: Pack | None, new: Pack) -> list[RuleTold]:
    """Return every rule in plain words."""
    before = {rule.code: rule for rule in old.visit_rule} if old else {}
    return [
        RuleTold(rule.code, rule.title or rule.code, tuple(sentences.sentences(rule)), before.get(rule.code) != rule)
        for rule in new.visit_rule
    ]
