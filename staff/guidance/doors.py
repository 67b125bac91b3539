"""The manual on the doors by which cases come in from outside: the public form."""

from django.utils.translation import gettext_lazy as _

from staff.guidance.topic import Topic

DOORS = {
    "complaints:link_list": Topic(
        _("Links for customers"),
        _("Addresses of the public form, by which customers tell you something without an account."),
        (
            (
                _("What does the customer see?"),
                _(
                    "A form for a telephone, then the number of the case and a page of their own: how it stands, what "
                    "you told them, and room for a further word. Notes between colleagues are never shown there."
                ),
            ),
            (
                _("Who gets what comes in?"),
                _(
                    "Whom the regulation names for the category, the level and the unit of the link; the clocks start "
                    "at the moment at which it was sent."
                ),
            ),
            (
                _("Somebody misuses a link."),
                _(
                    "End it and make another. From one address no more than twenty forms an hour are taken, by one "
                    "link no more than two hundred."
                ),
            ),
            (
                _("Which words does the customer read?"),
                _("The first reply, and what was written down as told to the customer."),
            ),
        ),
    ),
}
