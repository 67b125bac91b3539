"""The manual on the regulation, and on this manual."""

from django.utils.translation import gettext_lazy as _

from staff.guidance.topic import Topic

RULES = {
    "staff:policy_list": Topic(
        _("Regulations"),
        _("The rules by which this house visits its customers, clause by clause, with what carries each of them out."),
        (
            (
                _("Which release holds for an order?"),
                _("The one in force when the order was first planned. A newer one never changes what is under way."),
            ),
            (
                _("Who changes the rules?"),
                _(
                    "The administrator edits a draft, sees the difference and publishes; where the regulation demands "
                    "it, somebody approves the release here."
                ),
            ),
        ),
    ),
}
