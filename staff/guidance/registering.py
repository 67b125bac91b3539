"""The manual on cases: how one is registered, found, put right and laid beside its duplicates."""

from django.utils.translation import gettext_lazy as _

from staff.guidance.topic import Topic

REGISTERING = {
    "complaints:case_new": Topic(
        _("Register a case"),
        _("Whatever a customer tells is written down once: from a call, a letter, a visit, a message, a colleague."),
        (
            (
                _("What does the program do of itself?"),
                _(
                    "While you type it finds the customer, names the regulation, proposes the level, says who gets the "
                    "case and until when what is owed. You may choose another level."
                ),
            ),
            (
                _("Somebody has told of this before"),
                _(
                    "Cases of the same person about the same are shown. Say whether it is the same matter: it is then "
                    "registered, counted with the earlier one, and both ways by which it came stay to be seen."
                ),
            ),
            (
                _("Who may stay anonymous?"),
                _(
                    "A case without a customer needs one of the codes of the regulation, where it has such codes; it "
                    "can be closed without a visit then."
                ),
            ),
            (
                _("How does a complaint get out of a call?"),
                _(
                    "Tick “The customer complains” on the card: after saving the case exists, with the customer's own "
                    "words. An enquiry that turns out to be a complaint is made into one on its own page."
                ),
            ),
        ),
    ),
    "complaints:case_list": Topic(
        _("All cases"),
        _("Every case in your scope. The most pressing stand first: importance × urgency, P1 when both are high."),
        (
            (
                _("How does one find a case?"),
                _("By its number, the name, the plate, the last four digits of the telephone, or the number that its "
                  "source has given it."),
            ),
        ),
    ),
    "complaints:case_edit": Topic(
        _("Change the case"),
        _("What was told is put right with a reason; the version before stays, with who changed it and why."),
    ),
    "complaints:case_merge": Topic(
        _("Same matter"),
        _("Cases of one matter count once. A merged case owes nothing; taken out again it is as it was before."),
    ),
}  # fmt: skip
