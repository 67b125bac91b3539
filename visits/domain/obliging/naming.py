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
    "first_reply": _("give the customer a first reply"),
    "department_reply": _("reply of the department"),
    "progress": _("tell how far it is"),
    "resolve": _("solve it"),
    "decide": _("decide"),
    "complaint": _("register the complaint"),
    "work_order": _("issue a work order"),
    "close_entry": _("close the entry"),
    "archive": _("put it into the archive"),
}


def deed_words(deed: str) -> str:
    """Return what somebody owes, in words."""
    return str(DEEDS.get(deed, deed))
