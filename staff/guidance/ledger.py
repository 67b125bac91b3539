"""The manual on the ledger: proposals and decisions, months and statements, measures, notices."""

from django.utils.translation import gettext_lazy as _

from staff.guidance.topic import Topic

LEDGER = {
    "staff:ledger": Topic(
        _("Ledger"),
        _("Each broken or kept clause as a proposal with its evidence, until somebody confirms or waives it."),
        (
            (
                _("Where does a proposal come from?"),
                _(
                    "From the regulation: the program finds what broke a clause and names the moment of truth; a "
                    "manager can propose one by hand. Nothing counts before it is confirmed."
                ),
            ),
            (
                _("Why is one waived already?"),
                _(
                    "The program itself excuses what nobody can help: it stood still, the person was on approved "
                    "leave, the customer asked for the delay. It stays visible, with the reason."
                ),
            ),
            (
                _("How do I confirm many at once?"),
                _(
                    "Tick the box in the heading, take the tick away from the exceptions, and press “Confirm the "
                    "ticked”. What has an amount to choose is decided on its own page."
                ),
            ),
            (
                _("Who may decide?"),
                _(
                    "Whom the regulation names, else the managers of the unit and the general manager. Nobody decides "
                    "about themself, and whoever confirmed does not decide the appeal."
                ),
            ),
            (
                _("Can a decision be changed?"),
                _("It is taken back by a counter-entry with a reason. Nothing that was posted is ever changed."),
            ),
        ),
    ),
    "staff:violation_new": Topic(
        _("Propose by hand"),
        _("A penalty of the regulation, proposed for somebody whom you look after, with what you saw."),
        ((_("Who decides about it?"), _("Whoever decides about the others too: it becomes a proposal like any.")),),
    ),
    "staff:month_list": Topic(
        _("Ledger by month"),
        _("What each month comes to, its close, its statements, the file for personnel and the notice."),
        (
            (
                _("What does closing do?"),
                _(
                    "It freezes a statement for each person, with a hash. What becomes known later is posted to the "
                    "open month and says to which month it belongs."
                ),
            ),
            (
                _("Does the program pay anything?"),
                _("No. Personnel does, after looking at the file of the month; then it notes the month as settled."),
            ),
            (
                _("What does a notice show?"),
                _(
                    "What the month brought whom under the regulations that publish their entries: never a customer. "
                    "Choose below the list whether it shows names, surnames or initials, or points without money."
                ),
            ),
        ),
    ),
    "staff:measure_list": Topic(
        _("Measures"),
        _("What confirmed violations and awards bring besides a figure: retraining, coaching, certificates and more."),
        (
            (
                _("How does a retraining end?"),
                _("Enter the training under “Trainings and tests”: it closes what waits for it."),
            ),
            (
                _("What does a proposal of dismissal do?"),
                _("Nothing by itself. Personnel or the general manager decides; then the account closes that day."),
            ),
        ),
    ),
    "staff:own_ledger": Topic(
        _("My ledger"),
        _("What the regulations have brought you, with the clause, the evidence and what each month came to."),
        (
            (
                _("I do not agree with one."),
                _(
                    "Open it and appeal, with a reason, within the days that the regulation leaves. Somebody other "
                    "than who confirmed it decides."
                ),
            ),
        ),
    ),
    "staff:notice_list": Topic(
        _("Notices"),
        _("The published notices of closed months, each on one page to print."),
    ),
}
