"""What owed deeds are about where an app above has noted them: a case, a work order, an entry of a book.

The apps above say it by `config.wiring.OWED_ABOUT`; what visits themselves note is told by its customer.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.module_loading import import_string

from config.wiring import OWED_ABOUT

AFTER_THE_END: Final = ("archive",)  # deeds that are owed when the thing is over; nobody is called for them


@dataclass(frozen=True, slots=True)
class About:
    """One such thing: its number, the path of its page, what conditions may ask of it, what it says about people
    (user names by kind of person), whether it is over.
    """

    words: str = ""
    url: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    ended: bool = False


NOTHING = About()


def about(subjects: Iterable[str]) -> dict[str, About]:
    """Return what these subjects (``case:7``) are, as far as an app above knows them; one call for each kind."""
    kinds: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for subject in subjects:
        kind, key = thing_of(subject)
        if kind in OWED_ABOUT:
            kinds[kind][key].add(subject)
    found: dict[str, About] = {}
    for kind, wanted in kinds.items():
        find: Any = import_string(OWED_ABOUT[kind])
        found |= {subject: one for key, one in find(wanted).items() for subject in wanted[key]}
    return found


def thing_of(subject: str) -> tuple[str, str]:
    """Return kind and id of what a subject names, in whatever round: ``case:7/2`` is the case 7."""
    kind, _colon, rest = subject.partition(":")
    return kind, rest.partition("/")[0]
