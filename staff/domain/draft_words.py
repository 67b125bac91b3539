"""What the keys of a pack are called that the forms of a policy and of its rules show as columns of their own."""

from django.utils.translation import gettext_lazy as _

from config.packs.base import Entry
from staff.domain.pack_words import VALUES, label_of

COLUMNS = {
    "text": _("text"),
    "enforced_by": _("enforced by"),
    "timezone": _("time zone"),
    "effective_from": _("effective from"),
    "issued_on": _("issued on"),
    "owner": _("responsible for the regulation"),
    "departments": _("departments"),
    "one_call": _("one call may end several tasks"),
    "trigger": _("trigger"),
    "group": _("group"),
    "earlier": _("also earlier events"),
    "opens": _("opens"),
    "closes": _("closes"),
    "counts": _("which visits count"),
    "align": _("calendar periods"),
    "times": _("how many times"),
    "shift": _("on a day off"),
}
CHOICES = {
    "shift": {
        "none": _("stays"),
        "next": _("to the next working day"),
        "previous": _("to the last working day before"),
    },
    "align": {
        "none": _("none"),
        "month": _("each month"),
        "quarter": _("each quarter"),
        "half_year": _("each half-year"),
        "year": _("each year"),
    },
    "counts": {"rule": _("of this rule"), "any": _("of every rule")},
    "closes": {"given": _("the day that the event itself sets")},
}


def key_title(schema: type[Entry], key: str) -> str:
    """Return what a key is called in the language of the reader; one without words by its own name."""
    return str(COLUMNS[key] if key in COLUMNS else label_of(schema, key))


def choice_title(key: str, value: object) -> str:
    """Return what one of the words among which a key chooses is called; anything else as it is written."""
    text = str(value)
    return str(CHOICES.get(key, {}).get(text) or VALUES.get(key, {}).get(text) or text)
