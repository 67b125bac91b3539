"""The manual on the doors to the outside: the public form, and the accounts of other systems."""

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
    "staff:api_client_list": Topic(
        _("Other systems"),
        _("Accounts by which a service system, a hotline or a telephone system speaks with the program (API)."),
        (
            (
                _("How does another system come in?"),
                _(
                    "Make an account with the rights that it needs and give its token to whoever looks after that "
                    "system. What it may ask and send stands in /api/v1/openapi.json."
                ),
            ),
            (
                _("The token is lost."),
                _("It is kept nowhere and cannot be shown again. End the account and make another."),
            ),
            (
                _("What does an account of one branch see?"),
                _("Cases, orders and visits of that branch, and nothing of another or of the company as a whole."),
            ),
        ),
    ),
}
