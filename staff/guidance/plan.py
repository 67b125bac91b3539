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
}
