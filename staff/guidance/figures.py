"""The manual on figures: one's own, those of others, and votes."""

from django.utils.translation import gettext_lazy as _

from staff.guidance.topic import Topic

FIGURES = {
    "reports:my_figures": Topic(
        _("My figures"),
        _("Every reward, target and penalty that the regulation ties to a figure, with your own figure of today."),
        (
            (
                _("Why does it say “—”?"),
                _("Nothing counted yet. A figure over nothing is neither 0 nor 100 %, and earns nothing."),
            ),
            (
                _("Does 80 % reach “above 80 %”?"),
                _("No. “At least” and “at most” include the number itself, “above” and “below” do not."),
            ),
            (
                _("When do I get it?"),
                _(
                    "The night after the period ends the program proposes what was earned; somebody confirms it, and "
                    "it stands in your ledger. What you do after the end of a period counts for the next one."
                ),
            ),
        ),
    ),
    "reports:figure_list": Topic(
        _("Figures"),
        _("One figure of everybody in your care, period by period, with rank, bar, and the rows that were counted."),
        (
            (
                _("Whose figure is a visit that was handed over?"),
                _("A visit that fell due is of whoever had it at its bound; a visit that was made is of who made it."),
            ),
            (
                _("Why do the figures of units not average those of their people?"),
                _("Both sides are added up: two visits of one and twenty of another weigh as the visits they are."),
            ),
        ),
    ),
    "reports:metric_list": Topic(
        _("Dictionary of metrics"),
        _("What each figure counts over what, whose it is, which day places it, and which clauses of ours use it."),
        (
            (
                _("Why do two figures of the same name differ?"),
                _(
                    "Each entry of the regulation limits the metric in its own way: to rules, channels, conditions, "
                    "rated visits or all. The page of the metric shows every entry with its limits."
                ),
            ),
            (
                _("A target has changed. What did it say before?"),
                _("The page of the metric lists former releases with the days on which they ruled."),
            ),
            (
                _("Why does a figure show “—”?"),
                _("Nothing was to be counted: its denominator is empty. That is neither 0 % nor 100 %."),
            ),
        ),
    ),
    "reports:restatement_list": Topic(
        _("Restatements"),
        _("Figures of closed months that would be others today, because something came late or was corrected."),
        (
            (
                _("Why is the closed figure not corrected?"),
                _(
                    "People were paid by it. It stands as it was closed; what it would be today is listed beside it, "
                    "and whoever decides can post the difference to the month that is open."
                ),
            ),
        ),
    ),
    "reports:vote_list": Topic(
        _("Votes"),
        _("Where the regulation lets staff and customers elect somebody: one vote each, while the period lasts."),
        (
            (
                _("Who sees whom I voted for?"),
                _("Nobody. The program keeps that you have voted, so that you vote once, and shows only the count."),
            ),
            (
                _("How does a customer vote?"),
                _(
                    "By a link that you make here for one visit and send to them, or in a call: enter the answer "
                    "afterwards. Neither gives you a vote for yourself, and each customer has one vote."
                ),
            ),
        ),
    ),
}
