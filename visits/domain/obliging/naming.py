"""Deeds in words."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

DEEDS: Final[dict[str, Any]] = {
    "record": _("write the visit down"),
    "attempt": _("try to reach the customer"),
    "tell_customer": _("tell the customer how far it is"),
    "onsite_visit": _("visit the customer on site"),
    "correct_number": _("correct the number"),
    "todo": _("to do"),
}


def deed_words(deed: str) -> str:
    """Return what somebody owes, in words."""
    return str(DEEDS.get(deed, deed))
