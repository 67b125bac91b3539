"""The manual on work orders: departments asked, technicians sent, the customer's word."""

from django.utils.translation import gettext_lazy as _

from staff.guidance.topic import Topic

ORDERS = {
    "complaints:order_list": Topic(
        _("Work orders"),
        _("What departments, technicians and outside partners are to do about cases, and how far it is."),
        (
            (
                _("Which way does a work order take?"),
                _(
                    "A work contact sheet asks a department and ends with its reply. A repair is opened, checked, "
                    "given to a technician or partner, agreed on with the customer, begun, reported, and ends with the "
                    "customer's word: by the link, a signature, or the telephone."
                ),
            ),
            (
                _("Why is somebody suggested first?"),
                _(
                    "Who is at work and has the skill comes before who has not; then whose area it is, who has the "
                    "fewest open orders, who works nearest. The reasons stand beside each name; the choice is yours."
                ),
            ),
            (
                _("When may a device be exchanged or refunded?"),
                _(
                    "Within the warranty at once: it lasts until the same day of the month, counted from the purchase, "
                    "and the day on which the customer told of the fault decides. Beyond it, or where the purchase is "
                    "not known, a manager approves it, never who proposed it."
                ),
            ),
            (
                _("The customer does not answer. How does the order end?"),
                _(
                    "A manager closes it without the confirmation and writes why. By telephone, somebody else asks "
                    "than who did the work."
                ),
            ),
            (
                _("What happens when a visit finds that a report is not true?"),
                _(
                    "The order goes back to work, with clocks of its own; the report that was not true stays in its "
                    "history."
                ),
            ),
        ),
    ),
}
