"""Who: the words by which a pack names a person (POLICY_PACK, Persons), told apart into kind, code and area."""

from dataclasses import dataclass
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import BeforeValidator

from config.packs.errors import perhaps, refuse
from config.packs.values import CODE, AsList

WORDS = (
    "advisor", "owner", "assignee", "handler", "level", "coordinator", "recorder", "line_manager", "named", "staff",
)  # fmt: skip
GROUPS = ("role", "pool")
ALLOWED = " | ".join((*WORDS, "role:<code>", "role:<code>@area", "pool:<code>"))


@dataclass(frozen=True)
class Person:
    """One way to name somebody: `kind` is one of `WORDS`, or ``role`` or ``pool`` with a `code`.

    `in_area` asks for the holder who answers for the customer's area. `str()` gives the pack's words back.
    """

    kind: str
    code: str = ""
    in_area: bool = False

    @classmethod
    def parse(cls, text: str) -> "Person":
        """Read ``advisor``, ``role:hr``, ``role:hr@area`` or ``pool:desk``; raises pydantic's refusal."""
        if text in WORDS:
            return cls(text)
        group, colon, code = text.partition(":")
        in_area = group == "role" and code.endswith("@area")
        code = code.removesuffix("@area") if in_area else code
        if not colon or group not in GROUPS or not CODE.fullmatch(code):
            raise refuse(_("nobody is named like this"), allowed=ALLOWED, mend=perhaps(text, WORDS))
        return cls(group, code, in_area)

    def __str__(self) -> str:
        if self.kind not in GROUPS:
            return self.kind
        return f"{self.kind}:{self.code}" + ("@area" if self.in_area else "")


def read_person(value: Any) -> Person:
    """Read one person for a schema."""
    if isinstance(value, Person):
        return value
    if isinstance(value, str):
        return Person.parse(value)
    raise refuse(_("nobody is named like this"), allowed=ALLOWED)


OnePerson = Annotated[Person, BeforeValidator(read_person)]
Persons = Annotated[tuple[OnePerson, ...], AsList]
