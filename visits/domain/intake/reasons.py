"""The sentences behind what the intake refuses or remarks on."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy
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

# What is remarked on rows that are taken in, said of many rows at once.
TITLES = {
    "order_worked_on": gettext_lazy("differ from an order whose customer has been called already"),
    "order_in_other_source": gettext_lazy("have an order number that another source has brought"),
    "file_differs": gettext_lazy("would put back what somebody here has changed in the customer's file"),
    "unknown_advisor": gettext_lazy("name an advisor who is not known: the work goes to the pool"),
    "ambiguous_advisor": gettext_lazy("name an advisor whom several people may be: the work goes to the pool"),
    "resigned_advisor": gettext_lazy("name an advisor who has left: the work goes to whoever took over"),
    "unknown_owner": gettext_lazy("name an owner of the customer who is not known"),
    "other_name": gettext_lazy("have a number that belongs to a customer of another name; that name is kept"),
    "new_number": gettext_lazy("bring a further number of a known customer"),
    "former_number": gettext_lazy("have a number that was given up; the present one is kept"),
    "two_customers": gettext_lazy("have numbers of different customers; the first is taken"),
    "new_owner": gettext_lazy("bring another owner of a known vehicle"),
    "plate_moved": gettext_lazy("have a plate that moves from another vehicle"),
    "plate_taken": gettext_lazy("have a plate of another vehicle that has no VIN"),
    "in_future": gettext_lazy("lie in the future"),
    "replaced": gettext_lazy("stand twice in the file; the last one counts"),
    "hidden": gettext_lazy("are hidden in the workbook and were read all the same"),
    "not_a_vin": gettext_lazy("have no valid VIN; the plate is used"),
    "not_a_plate": gettext_lazy("have no valid plate"),
    "not_an_interval": gettext_lazy("have an interval of visits that cannot be read"),
    "columns_disagree": gettext_lazy("differ between two columns of one meaning; the first is taken"),
}  # fmt: skip


def told(reasons: Sequence[Sequence[Any]]) -> list[str]:
    """Return the reasons of a row as sentences in the language of the reader."""
    return [reason_sentence(code, details) for code, details in reasons]


def reason_sentence(code: str, details: Mapping[str, Any]) -> str:
    """Return one reason as a sentence in the language of the reader."""
    return sentence(code, details, REASONS)
