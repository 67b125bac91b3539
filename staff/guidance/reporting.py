"""The manual on reports: what is owed, what a report is made of, until when it is in time."""

from django.utils.translation import gettext_lazy as _

from staff.guidance.topic import Topic

REPORTING = {
    "reports:daily_list": Topic(
        _("Daily reports"),
        _("The reports that you owe, those that were sent to you, and those of the people whom you look after."),
        (
            (
                _("Who owes a report?"),
                _(
                    "Whoever works that day and had a visit open at 00:00, unless the regulation asks for one on every "
                    "day. On leave nobody owes one. Longer reports appear when their week or month is over."
                ),
            ),
            (
                _("What if I am on leave when it is due?"),
                _("Then it is due on your next working day, at the same time of day."),
            ),
            (
                _("What do late and missing mean?"),
                _(
                    "Late: it came after the cut-off, on the same day. Missing: that day ended without it. It is one "
                    "or the other, never both, and the first version alone decides."
                ),
            ),
        ),
    ),
    "reports:daily_report": Topic(
        _("One report"),
        _("What was logged, line by line, with all that still breaks a clause and what that would cost."),
        (
            (
                _("Do I have to write anything?"),
                _(
                    "No. The lines come from your calls as they stand. Only a visit that was due and never tried needs "
                    "a reason; one text can serve for all of them."
                ),
            ),
            (
                _("What do I do about a red line?"),
                _(
                    "Follow “mend it”: it opens the record, or its proof. You may hand in with red lines as well; what "
                    "each would cost stands beside it."
                ),
            ),
            (
                _("I have handed in. Can I still change something?"),
                _(
                    "Until the cut-off you may hand in again; after it only when your reviewer returns the report. "
                    "Every version is kept, with its moment and its hash."
                ),
            ),
            (
                _("Is there a key for it?"),
                _("Ctrl+Enter hands in, from any field. J and K move from line to line."),
            ),
        ),
    ),
}
