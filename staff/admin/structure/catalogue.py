"""What the forms of a policy may name: roles, kinds of events, questionnaires, persons, fields of conditions."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from config.packs.codes import ANSWER, CUSTOMER, FEATURES
from config.packs.pack import PARTS, SECTIONS, TABLES
from config.packs.persons import WORDS
from config.packs.titles import section_title
from config.wiring import CONDITION_FIELDS, FEATURES_THERE
from staff.domain.drafts import draft_tables
from staff.domain.pack_words import FEATURE_WORDS, PERSON_WORDS
from staff.domain.sections import codes_of
from staff.models import Policy

Options = list[tuple[str, Any]]
Groups = list[tuple[Any, Options]]


class Catalogue:
    """The codes of the company and of one policy's draft, each with its words; read once for a page."""

    def __init__(self, policy: Policy | None = None) -> None:
        self.policy = policy if policy is not None and policy.pk else None

    @cached_property
    def tables(self) -> dict[str, Any]:
        """The draft as the tables of a pack."""
        return draft_tables(self.policy) if self.policy else {}

    @cached_property
    def company(self) -> dict[str, Options]:
        """What the company has, by section."""
        return {section: sorted(keeper.titles().items()) for section, keeper in codes_of().items()}

    def options(self, section: str) -> Options:
        """Return code and words of what the section holds: the company's, else the draft's own."""
        if section == "event_kind":
            return [(CUSTOMER, _("every customer, judged every night")), *self.company[section]]
        if section in self.company:
            return self.company[section]
        return [(code_of(table), named(table)) for table in self.entries(section)]

    def entries(self, section: str) -> list[dict[str, Any]]:
        """Return the draft's tables of a section."""
        found = self.tables.get(section) or []
        return found if isinstance(found, list) else [found]

    def persons(self) -> Groups:
        """Return every way to name somebody."""
        roles = self.company["role"]
        return [
            (_("by the event or the case"), [(word, PERSON_WORDS[word]) for word in WORDS]),
            (_("a holder of the role"), [(f"role:{code}", title) for code, title in roles]),
            (_("the holder for the customer's area"), [(f"role:{code}@area", title) for code, title in roles]),
            (_("the pool, for whoever takes it"), [(f"pool:{code}", title) for code, title in roles]),
        ]

    def references(self) -> Groups:
        """Return what may carry out a clause: every entry of the draft and its parts, and what the program does."""
        groups: Groups = []
        for section in SECTIONS:
            if section in ("policy", "clause"):
                continue
            options = list(self.named_parts(section))
            if options:
                groups.append((section_title(section), options))
        there = [(f"feature:{name}", FEATURE_WORDS[name]) for name in FEATURES if name in FEATURES_THERE]
        later = [(f"feature:{name}", FEATURE_WORDS[name]) for name in FEATURES if name not in FEATURES_THERE]
        return [*groups, (_("what the program does by itself"), there), (_("not in this version yet"), later)]

    def named_parts(self, section: str) -> Iterable[tuple[str, Any]]:
        """Yield the references to the entries of a section and to what is inside of them."""
        if section in TABLES:
            if section in self.tables:
                yield section, section_title(section)
            return
        for table in self.entries(section):
            code = code_of(table)
            yield f"{section}:{code}", named(table)
            inner = table.get(PARTS[section], ()) if section in PARTS else ()
            for part in inner if isinstance(inner, list | tuple) else (inner,):
                if isinstance(part, dict) and part.get("code"):
                    yield f"{section}:{code}/{part['code']}", f"{named(table)} · {named(part)}"

    @cached_property
    def fields(self) -> dict[str, Any]:
        """The fields of conditions by their names."""
        return {field.name: field for field in import_string(CONDITION_FIELDS)()}

    def condition_fields(self) -> Groups:
        """Return what conditions may ask for, by group."""
        groups: dict[str, Options] = {}
        for field in self.fields.values():
            groups.setdefault(str(field.group), []).append((field.name, field.title))
        answers = [
            (f"{ANSWER}{question['code']}", named(question))
            for table in self.entries("questionnaire")
            for question in table.get("question", ())
            if isinstance(question, dict) and question.get("code")
        ]
        return [*groups.items(), *([(_("answers"), answers)] if answers else [])]


def code_of(table: dict[str, Any]) -> str:
    """Return by what an entry is named."""
    return str(table.get("code") or table.get("ref") or table.get("metric") or "")


def named(table: dict[str, Any]) -> str:
    """Return the title of an entry, else its code."""
    return str(table.get("title") or code_of(table))
