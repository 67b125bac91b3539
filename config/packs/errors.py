"""What is wrong with a pack: one `PackError` a place, all of them raised at once as `PackErrors`."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from pydantic_core import PydanticCustomError

NEAREST = 3
CLOSENESS = 0.6


@dataclass(frozen=True)
class PackError:
    """One fault: where it stands, what was found, what is allowed and how to mend it.

    `line` counts from 1; 0 means that the text has no such line (a pack that was edited in the database).
    """

    problem: str
    file: str = ""
    line: int = 0
    path: str = ""
    found: str = ""
    allowed: str = ""
    mend: str = ""

    def __str__(self) -> str:
        place = ":".join(part for part in (self.file, str(self.line or "")) if part)
        head = " ".join(part for part in (place, self.path) if part)
        rest = [self.problem]
        if self.found:
            rest.append(_("found: %s") % self.found)
        if self.allowed:
            rest.append(_("allowed: %s") % self.allowed)
        if self.mend:
            rest.append(self.mend)
        return f"{head}: " + "; ".join(rest) if head else "; ".join(rest)


class PackErrors(ValueError):
    """A pack was refused as a whole; `errors` holds every fault that was found."""

    def __init__(self, errors: Iterable[PackError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(str(error) for error in self.errors))


@dataclass(frozen=True)
class Finding:
    """A fault that a check across entries found; `loc` is the way to the value, as pydantic writes it."""

    loc: tuple[str | int, ...]
    problem: str
    found: str = ""
    allowed: str = ""
    mend: str = ""


def refuse(problem: str, *, allowed: str = "", mend: str = "") -> PydanticCustomError:
    """Return the error for a validator to raise: the reader adds the place and what was found there."""
    return PydanticCustomError("refused", "{problem}", {"problem": problem, "allowed": allowed, "mend": mend})


def nearest(name: object, names: Iterable[str], cutoff: float = CLOSENESS) -> Sequence[str]:
    """Return the up to three of `names` that are spelt most like `name`, the most alike first."""
    return difflib.get_close_matches(str(name), list(names), n=NEAREST, cutoff=cutoff)


def perhaps(name: object, names: Iterable[str]) -> str:
    """Return the advice "perhaps … is meant", empty where nothing is spelt alike."""
    alike = nearest(name, names)
    return _("perhaps %s is meant") % ", ".join(alike) if alike else ""
