"""The manual on the book of complaints: the board, and the page of one case."""

from django.utils.translation import gettext_lazy as _

from staff.guidance.topic import Topic

CASES = {
    "complaints:board": Topic(
        _("Complaints"),
        _("Every open complaint, problem, suggestion, enquiry and request for repair that you may see, by its state."),
        (
            (
                _("What does the clock on a card count?"),
                _(
                    "What is due first: the first reply, the solution, an answer, the visit afterwards. It counts its "
                    "own time: a clock of office hours rests at night, a stopped one stands still."
                ),
            ),
            (
                _("What is “due before I go home”?"),
                _("What is late already or falls due until six in the evening of a working day."),
            ),
            (
                _("What stands first in a column?"),
                _("What is late, then the higher priority (importance × urgency), then what is due first."),
            ),
            (
                _("Where are those that have ended?"),
                _("In the list: the board shows only what somebody still has to work on."),
            ),
        ),
    ),
    "complaints:case": Topic(
        _("One case"),
        _("What was said, who has it, its clocks, everything that was done about it, and what you can do now."),
        (
            (
                _("Why do I see other deeds than my colleague?"),
                _(
                    "Whoever handles a case works on it; who manages the unit gives it to others; whom its level names "
                    "decides. Nobody closes or withdraws a complaint that they have handled themselves."
                ),
            ),
            (
                _("When is a case closed?"),
                _(
                    "When the customer has confirmed the solution: in the visit that the regulation asks for, else by "
                    "their word to somebody other than its handler. Before that they must have been told the result."
                ),
            ),
            (
                _("Why was what I typed refused?"),
                _(
                    "The page says which entries the regulation still wants, or that somebody has changed the case "
                    "meanwhile. What you typed stays in its field."
                ),
            ),
            (
                _("May I change what is written on the timeline?"),
                _("No. Write a remark: lines are only added, each with who wrote it and when."),
            ),
            (
                _("Who sees the files of a case?"),
                _("Whoever sees the case, and nobody else."),
            ),
        ),
    ),
    "complaints:case_clock": Topic(
        _("The clocks of a case"),
        _("Until when each deed about a case is owed, and how that was counted, day by day."),
        (
            (
                _("What are office hours?"),
                _(
                    "The hours that the regulation sets on working days, make-up days included; without them nine to "
                    "six. A clock of days ends with its last day."
                ),
            ),
            (
                _("What does a stop do?"),
                _(
                    "The clock stands still from then on. One of hours runs so much longer, one of days as many days "
                    "as midnights lay in the stop. The first reply never stops, and what is late stays late."
                ),
            ),
            (
                _("When is somebody told that nothing happens?"),
                _(
                    "After the time that the regulation sets, and then in office hours: what falls due at night is "
                    "told when the office opens. An ended case is escalated no more."
                ),
            ),
            (
                _("Can a bound be changed?"),
                _(
                    "Who manages the unit sets an earlier one with a reason. One that is later than the regulation "
                    "allows is asked for, and counts once another manager has approved it."
                ),
            ),
        ),
    ),
    "complaints:branch_report": Topic(
        _("Complaints by branch"),
        _("The complaints of a month for each branch: how many, for how many orders, how many settled, how many late."),
        (
            (
                _("What is counted?"),
                _(
                    "Complaints that customers told of in the month. Duplicates count once; what was withdrawn or is "
                    "exempt counts nowhere."
                ),
            ),
            (
                _("When is a case late?"),
                _("When anything that was owed about it was done after its bound, or is not done and past it."),
            ),
            (
                _("How does the general manager get it?"),
                _(
                    "As a report of the regulation with the table “complaints by branch”: it is handed in after the "
                    "month and delivered with its date."
                ),
            ),
        ),
    ),
}
