"""The sentences behind what the intake of a staff list refuses or remarks on."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_noop as _

from config.workbooks.reasons import sentence

REASONS = {
    "bad_username": _("User name “%(value)s”: use letters, digits and . @ + - _ only."),
    "unknown_role": _("Unknown role “%(value)s”. Nearest: %(nearest)s."),
    "username_taken": _("User name “%(value)s” stands in row %(row)s with another name."),
    "joined_row": _("The roles were added to those of row %(row)s."),
    "unknown_manager": _("Superior “%(value)s” is not known or not unique; the person answers to nobody."),
    "unknown_heir": _("“%(value)s”, who takes over, is not known or not unique."),
    "own_roles": _("Nobody changes their own roles: another administrator does it. Yours stay as they are."),
    "last_administrator": _("The last administrator cannot leave: give somebody else the role first."),
    "cannot_hand_over": _("Whoever takes over has left as well, or is the same person."),
}


def told(reasons: Sequence[Sequence[Any]]) -> list[str]:
    """Return the reasons of a row as sentences in the language of the reader."""
    return [sentence(code, details, REASONS) for code, details in reasons]
