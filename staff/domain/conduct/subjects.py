"""What a violation is about and what shows it, in words and with the page where one sees it.

The things live in the apps above; `config.wiring.SUBJECTS` names who finds them. What a person may not see has no
entry: the ledger then shows that there is something, and leads nowhere.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from config.wiring import SUBJECTS
from staff.models import Employee, Violation

PERIOD, HAND = "period", "hand"
Reference = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """One thing in words, with the URL name and key of its page where it has one. It names no customer."""

    words: str
    page: str = ""
    key: int | None = None


def reference(subject: str) -> Reference:
    """Return kind and id of a subject ``<kind>:<id>``."""
    kind, _colon, rest = subject.partition(":")
    return kind, rest


def references(violation: Violation) -> list[Reference]:
    """Return what the violation is about, then its evidence, each once."""
    shown = [(str(one.get("kind", "")), str(one.get("id", ""))) for one in violation.evidence]
    return list(dict.fromkeys([reference(violation.subject), *shown]))


def told(wanted: Iterable[Reference], *, actor: Employee, on: date) -> dict[Reference, Told]:
    """Return in words what of these the person may see on that day: one query for each kind."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for kind, key in wanted:
        kinds[kind].add(key)
    found: dict[Reference, Told] = {}
    for kind, keys in kinds.items():
        found |= {(kind, key): one for key, one in _found(kind, keys, actor=actor, on=on).items()}
    return found


def hidden(kind: str, key: str) -> Told:
    """Return the words for something that is not the person's to see, or that nobody finds any more."""
    return Told(f"{kind} {key}".strip())


def _found(kind: str, keys: Collection[str], *, actor: Employee, on: date) -> Mapping[str, Told]:
    if kind == PERIOD:
        return {key: Told(_("period %(period)s") % {"period": key}) for key in keys}
    if kind == HAND:
        return {key: Told(_("entered by hand")) for key in keys}
    if kind not in SUBJECTS:
        return {}
    find: Any = import_string(SUBJECTS[kind])
    result: Mapping[str, Told] = find(keys, actor=actor, on=on)
    return result
