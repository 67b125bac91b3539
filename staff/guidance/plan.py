"""The manual on the plan: leave, who stands in for whom, the work to come, papers and tests."""

from django.utils.translation import gettext_lazy as _

from staff.guidance.topic import Topic

PLAN = {
    "visits:plan": Topic(
        _("Plan"),
        _("How many visits fall to whom on which day to come. Red days are more than the person can do in a day."),
        (
            (
                _("What is foreseen?"),
                _(
                    "A visit that a repeating rule will call for. It becomes a task on the day it opens; whose it is "
                    "may change until then, for leave counts on that day."
                ),
            ),
            (
                _("A hatched day has a figure in it."),
                _(
                    "The person is away when that work falls due. Open the figure and give the tasks to somebody, or "
                    "name a substitute on the leave: then they move by themselves."
                ),
            ),
        ),
    ),
    "visits:quota_list": Topic(
        _("Visit targets"),
        _("How many visits the regulation wants of each person, unit or customer in a period, and how many were made."),
        (
            (
                _("What counts as a visit?"),
                _(
                    "A contact in which the customer was reached and that completed a task. It counts once, for "
                    "whoever made it, on the day on which it was saved."
                ),
            ),
            (
                _("When does anybody hear of a shortage?"),
                _(
                    "When a quarter of the working days is left: the person, and whoever answers for them. What still "
                    "lacks when the period ends becomes a proposal, where the regulation sets a penalty."
                ),
            ),
        ),
    ),
    "visits:person_list": Topic(
        _("People"),
        _("Who of the people you look after is here today, who is away or leaving, and how much each has in hand."),
        (
            (
                _("Somebody leaves us."),
                _(
                    "Open the person and record the last day. After it the account closes, with every session, and "
                    "open work goes to who takes over, else into the pool. What was done stays theirs."
                ),
            ),
        ),
    ),
    "visits:redistribution": Topic(
        _("Redistribution"),
        _("Today's work that nobody does, or too much for one, goes to who has room. You see it before it moves."),
        (
            (
                _("Who gets a task?"),
                _("Somebody at work in the nearest unit with most room, whom the rule does not bar."),
            ),
        ),
    ),
    "visits:participation": Topic(
        _("Units"),
        _("Which departments made how many visits in a month, how long problems took, and the open work per head."),
    ),
    "staff:duty": Topic(
        _("Duty roster"),
        _("Who is on duty when, and the hours for which nobody is, as the regulation asks for them."),
        (
            (
                _("How do I stand in for somebody for two hours?"),
                _("Whoever plans enters your hours with “in place of” and why: the other one counts as away."),
            ),
            (
                _("Why is a shift, or leave, refused?"),
                _(
                    "Nobody would be on duty: name who takes over. Who lacks a test that the desk asks for is put on "
                    "duty with a reason only."
                ),
            ),
        ),
    ),
    "staff:leave_list": Topic(
        _("Leave"),
        _("Ask for days off, see what became of your requests, and decide on those of the people you look after."),
        (
            (
                _("What happens to my visits?"),
                _(
                    "On your first day off the substitute gets what is open. Without one it goes down the list of the "
                    "rule, at last into the pool. What they have done stays theirs when you are back."
                ),
            ),
            (
                _("Who decides on my request?"),
                _("Your line manager, or who looks after your unit. Nobody decides their own."),
            ),
        ),
    ),
    "staff:paper_list": Topic(
        _("My papers and tests"),
        _("What the regulations ask of you: papers you sign here, trainings and tests that your manager enters."),
        (
            (
                _("Why do other pages send me here?"),
                _("A regulation shows customers only to who signed a paper or passed a test. Do it, and they open."),
            ),
        ),
    ),
    "staff:training_list": Topic(
        _("Trainings and tests"),
        _("Who of the people you look after holds what the regulations demand, with the share that does."),
        (
            (
                _("What does an entry change?"),
                _("Passed, the person gets the visits that need it, from that day on and as long as it is valid."),
            ),
            (
                _("I entered something wrong."),
                _("Revoke it: what it gave is taken back, and both stay on record. Then enter it anew."),
            ),
        ),
    ),
}
