"""The sections of a pack and their keepers: rows of their own, codes of the company, or the policy's plain entries."""

from collections.abc import Mapping
from typing import Any, Protocol, cast

from django.utils.module_loading import import_string

from config.packs.base import Entry
from config.packs.pack import Pack
from config.packs.references import Company
from config.packs.waiting import Unit, Wait
from config.wiring import (
    ALLOWANCES_THERE,
    COMPANY_CODES,
    DEEDS_THERE,
    ENFORCED,
    FORMS_THERE,
    LATER,
    POLICY_SECTIONS,
)
from staff.models import Policy, Release


class Rows(Protocol):
    """A section that an app keeps in rows of its own."""

    def save(self, policy: Policy, pack: Pack) -> None:
        """Make the draft rows say what the pack says; retire what it lacks."""

    def draft(self, policy: Policy) -> list[dict[str, Any]]:
        """Return the draft rows as the tables of a pack."""

    def told(self, pack: Pack) -> list[tuple[str, tuple[str, ...]]]:
        """Return what the section of a pack does in plain words: the title of each entry with its sentences."""

    def freeze(self, release: Release, pack: Pack, waits: Mapping[Unit, Wait]) -> None:
        """Copy the pack's entries into read-only rows of the release; what waits for a figure is inactive."""


class Codes(Protocol):
    """A section that declares codes which the whole company shares."""

    def codes(self) -> frozenset[str]:
        """Return the codes that the company has."""

    def titles(self) -> Mapping[str, str]:
        """Return what people call each of them."""

    def clash(self, entry: Entry) -> str:
        """Return what the company means by the entry's code where that is something else, else nothing."""

    def declare(self, entry: Entry, pack: Pack) -> None:
        """Let the company have the entry's code with its meaning."""

    def provide(self, pack: Pack) -> None:
        """Let the company have the standard codes, and those that the pack names without declaring them."""


def rows_of() -> dict[str, Rows]:
    """Return the keeper of each section that has rows of its own."""
    return {section: cast(Rows, import_string(path)) for section, path in POLICY_SECTIONS.items()}


def codes_of() -> dict[str, Codes]:
    """Return the keeper of each section that declares codes of the company."""
    return {section: cast(Codes, import_string(path)) for section, path in COMPANY_CODES.items()}


def company() -> Company:
    """Return the codes that the company has now."""
    return Company(**{section: keeper.codes() for section, keeper in codes_of().items()})


def is_enforced(section: str, of: str = "") -> bool:
    """Say whether the program does what entries of that section say; `of`: what `narrowed` says of one entry."""
    narrow = {"form": FORMS_THERE, "obligation": DEEDS_THERE, "allowance": ALLOWANCES_THERE}
    if of in LATER.get(section, frozenset()):
        return False
    return section in ENFORCED or of in narrow.get(section, frozenset())


def narrowed(entry: Entry | Mapping[str, Any] | None) -> str:
    """Return by what entries of a section are enforced: what a form or allowance is of, an obligation's deed.

    Of a roster: whether something is handed over from shift to shift.
    """
    told = entry if isinstance(entry, Mapping) else vars(entry) if entry is not None else {}
    found = told.get("deed") or told.get("of") or ("handover" if told.get("log") or told.get("checklists") else "")
    return found if isinstance(found, str) else ""
