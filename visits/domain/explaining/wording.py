"""Durations, values and conditions in the words that people read; a telephone number is never among them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from config.packs.condition import Condition
from config.packs.duration import Duration
from staff.domain import conditions as judging
from visits.domain.contact.masking import mask
from visits.domain.matching.fields import title_of

# A mobile number, also written in groups, or any seven digits and more, with the area code of a landline.
NUMBERS: Final = re.compile(r"1[3-9]\d(?:[ -]?\d{4}){2}|(?:0\d{2,3}-)?\d{7,}")
NO_NUMBER: Final = ("order_no", "plate")  # digits in a row that are to be read
OP_SIGNS: Final = {"==": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥"}


@dataclass(frozen=True)
class Judged:
    """One condition with what was found: `found` is empty where the field is lacking."""

    field: str
    title: str
    op: str
    demanded: str
    found: str
    holds: bool

    @property
    def text(self) -> str:
        """Return it as a sentence: "rating ≠ 极为满意; found: 满意"."""
        demand = _("%(field)s is one of %(values)s") if self.op == "in" else "%(field)s %(op)s %(values)s"
        told = {"field": self.title, "op": OP_SIGNS.get(self.op, self.op), "values": self.demanded or "“”"}
        found = _("actually: %s") % self.found if self.found else _("it is not given")
        return _("%(demand)s; %(found)s") % {"demand": demand % told, "found": found}


def judged(wanted: Sequence[Condition], facts: Mapping[str, Any]) -> tuple[Judged, ...]:
    """Return each condition with what was found and whether it holds, in their order."""
    return tuple(_judged(condition, facts) for condition in wanted)


def _judged(condition: Condition, facts: Mapping[str, Any]) -> Judged:
    name = condition.field
    holds = judging.is_met(condition, facts)
    return Judged(
        name, title_of(name), condition.op, value_text(condition.value), value_text(facts.get(name), name), holds
    )


def value_text(value: Any, field: str = "") -> str:
    """Return a value as people read it, with telephone numbers masked; empty where there is none."""
    match value:
        case None:
            return ""
        case bool():
            return _("yes") if value else _("no")
        case Decimal() | int():
            return judging.as_text(value)
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case time():
            return f"{value:%H:%M}"
        case list() | tuple():
            return pgettext("list", ", ").join(value_text(item, field) for item in value)
        case _:
            return str(value) if field in NO_NUMBER else masked(str(value))


def masked(text: str) -> str:
    """Return a text with every telephone number in it masked."""
    return NUMBERS.sub(lambda found: mask(found[0] if found[0][0] == "0" else re.sub("[ -]", "", found[0])), text)


def duration_text(duration: Duration) -> str:
    """Return a duration in words: "3 working days"."""
    count = duration.count
    words = {
        "min": ngettext("%d minute", "%d minutes", count),
        "h": ngettext("%d hour", "%d hours", count),
        "d": ngettext("%d day", "%d days", count),
        "wd": ngettext("%d working day", "%d working days", count),
        "w": ngettext("%d week", "%d weeks", count),
        "m": ngettext("%d month", "%d months", count),
        "y": ngettext("%d year", "%d years", count),
    }
    return words[duration.unit] % count
