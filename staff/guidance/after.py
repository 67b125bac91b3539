"""The manual on what a call leaves behind: follow-ups, agreed times, words passed on, proof."""

from django.utils.translation import gettext_lazy as _

from staff.guidance.topic import Topic

AFTER = {
    "visits:follow_up_list": Topic(
        _("Follow-ups"),
        _("What calls have left to be done: problems, returns, repairs, questions, and who answers for each."),
        (
            (
                _("How does one get here?"),
                _(
                    "Out of a call: where a customer tells of a problem, the form asks at once what was "
                    "agreed about it."
                ),
            ),
            (
                _("When is a return kept?"),
                _(
                    "When the next order of that car comes in, or somebody other than the advisor confirms that it was "
                    "here. A promised day that ends without it is missed."
                ),
            ),
            (
                _("What does “without a word for” say?"),
                _("How long the customer has heard nothing from us. Write every word to them into the follow-up."),
            ),
        ),
    ),
    "visits:record_list": Topic(
        _("Archive of contacts"),
        _("Every contact that stands, whoever made it, as far as you may see its customer."),
        (
            (
                _("When is a contact archived?"),
                _(
                    "By itself: once nothing lacks and everything that it has left to be done is closed, with the day "
                    "of the last of it."
                ),
            ),
            (
                _("What can I search by?"),
                _("Name, pinyin or its initials, plate, VIN, order number, or the last four digits of a number."),
            ),
        ),
    ),
    "visits:vehicle": Topic(
        _("Vehicle"),
        _("One car: its owners, the repairs that were recommended for it, and its history."),
        (
            (
                _("What are the numbers of the repairs?"),
                _(
                    "Recommended repairs are counted for each car. Whoever receives it next sees what is "
                    "still to be done."
                ),
            ),
        ),
    ),
    "visits:promise_list": Topic(
        _("Agreed times"),
        _("Call-backs and appointments to the minute, those to come first."),
        (
            (
                _("When is one kept?"),
                _(
                    "When the call is made no later than 15 minutes after the moment. The bell rings "
                    "five minutes before."
                ),
            ),
            (
                _("I am away at that time."),
                _("Whoever stands in for you gets it by itself; the customer is called at the agreed time."),
            ),
        ),
    ),
    "visits:obligation_list": Topic(
        _("Owed"),
        _("What the regulation asks to be done after something has happened, by whom and until when."),
        (
            (
                _("How does it leave the list?"),
                _(
                    "By the deed itself: the program sees the call, the visit on site, the new number, the word to the "
                    "customer. Only a plain to-do is written down as done by hand, with what was done."
                ),
            ),
            (
                _("What happens at the bound?"),
                _(
                    "Before it the bell rings, where the regulation says so; afterwards it goes to the next level, and "
                    "where a penalty stands on it, a proposal is made. Outages and leave exempt."
                ),
            ),
        ),
    ),
    "visits:word_list": Topic(
        _("Passed on"),
        _("What a colleague heard from a customer and you must know, and what you passed on yourself."),
        (
            (
                _("What is expected of me?"),
                _("Open it, act, and write what you did. Who passed it on sees that it was handled."),
            ),
        ),
    ),
    "visits:proof_list": Topic(
        _("Proof"),
        _("Visits that lack the recording or other proof which their regulation demands, or whose proof is doubtful."),
        (
            (
                _("How do I put it right?"),
                _("Open the visit and add the file: it is checked at once and leaves the list."),
            ),
            (
                _("What makes a file doubtful?"),
                _(
                    "It was used for another visit, looks like another image, is far shorter than the call, or silent. "
                    "A manager listens and judges; nothing is decided by the program."
                ),
            ),
        ),
    ),
    "visits:number_watch": Topic(
        _("Numbers shown"),
        _("Who had whole numbers shown outside of their own calls, how often, and for what reason."),
        (
            (
                _("Somebody has reached the limit."),
                _("Ask them why. A manager can open the limit here for that day; it is written down."),
            ),
        ),
    ),
}
