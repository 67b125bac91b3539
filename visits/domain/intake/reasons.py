"""The sentences behind what the intake refuses or remarks on."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_noop as _

from config.workbooks.reasons import sentence

REASONS = {
    "kind_missing": _("The row has no event kind, and none was given for the file."),
    "unknown_kind": _("Unknown event kind “%(value)s”. Nearest: %(nearest)s."),
    "unknown_segment": _("Unknown customer segment “%(value)s”. Nearest: %(nearest)s."),
    "unknown_branch": _("Unknown branch “%(value)s”. Nearest: %(nearest)s."),
    "unknown_department": _("Unknown department “%(value)s”. Nearest: %(nearest)s."),
    "order_of_another_customer": _("Order %(order_no)s stands in row %(row)s with another telephone number."),
    "replaced": _("Row %(row)s has the same order number and counts instead of this one."),
    "unknown_advisor": _("Advisor “%(value)s” is not known; the work goes to the pool."),
    "ambiguous_advisor": _("Several people are called “%(value)s”; the work goes to the pool."),
    "resigned_advisor": _("Advisor “%(value)s” has left; the work goes to whoever took over."),
    "unknown_owner": _("Owner “%(value)s” is not known or not unique; the customer's owner was left as it is."),
    "other_name": _("The number belongs to a customer with another name; that name was kept."),
    "new_number": _("A further number was added to a known customer."),
    "former_number": _("The number was given up earlier; the customer's present number was kept."),
    "two_customers": _("The numbers belong to different customers; the first was taken."),
    "new_owner": _("The vehicle is known with another telephone number; this customer was added to its owners."),
    "plate_moved": _("The plate belonged to another vehicle and has moved to this one."),
    "plate_taken": _("The plate belongs to another vehicle without a VIN; the vehicle's plate was left as it is."),
    "in_future": _("The moment lies in the future."),
    "other_branch": _("The row belongs to another branch; whoever works there takes it in."),
    "order_of_another_branch": _("Order %(order_no)s is known and belongs to another branch; it is left as it is."),
    "order_worked_on": _("Order %(order_no)s differs, and its customer has been called already: made visits stay."),
    "order_in_other_source": _("Order %(order_no)s is known from the source “%(source)s”: taken in, it stands twice."),
    "file_differs": _("Somebody here has changed “%(fields)s” in the customer's file; the row would put it back."),
}  # fmt: skip


def told(reasons: Sequence[Sequence[Any]]) -> list[str]:
    """Return the reasons of a row as sentences in the language of the reader."""
    return [reason_sentence(code, details) for code, details in reasons]


def reason_sentence(code: str, details: Mapping[str, Any]) -> str:
    """Return one reason as a sentence in the language of the reader."""
    return sentence(code, details, REASONS)
