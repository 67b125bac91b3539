"""The manual on the day's calls."""

from django.utils.translation import gettext_lazy as _

from staff.guidance.topic import Topic

CALLS = {
    "visits:workbench": Topic(
        _("Workbench"),
        _("Your calls of today, the most urgent first. One is always open: call, mark what came of it, press Enter."),
        (
            (
                _("In which order do the calls come?"),
                _(
                    "First a promised call-back that is due, then verifications and dissatisfied customers, then what "
                    "is overdue, then what closes today. The line above the name says why this one is next."
                ),
            ),
            (
                _("Nobody answered. How do I log it fastest?"),
                _("Press 2, then Enter. The next attempt is put into another half of the day by itself."),
            ),
            (
                _("I pressed the wrong key."),
                _("Press Z, or the button below right, within 30 seconds: the save is undone and the task open again."),
            ),
            (
                _("Why do I call this customer?"),
                _("Press W: the clause, the rule, the order behind it and how the days were counted."),
            ),
            (
                _("I cannot call this customer now."),
                _(
                    "Press S and choose why: the call goes to the back of the queue until tomorrow. Skips are counted, "
                    "and what was promised cannot be skipped: agree on another time instead."
                ),
            ),
            (
                _("A customer rings back."),
                _(
                    "Press F and type name, plate, order number or the last four digits: your own tasks are searched, "
                    "also those that wait for their next attempt. “Calls made” lists whom you called today."
                ),
            ),
            (
                _("The customer has several visits open."),
                _(
                    "Tick the further ones under “Also done by this call”: each opens what it asks beyond the first. "
                    "One save ends them all, each in its own time."
                ),
            ),
            (
                _("Does the list change while I work?"),
                _("Never under your hands. What has joined is told above it; press there to bring it in."),
            ),
            (
                _("How do I work on paper?"),
                _(
                    "“Print the list” and, on a call, “Form on paper”. Numbers stay masked there. Enter what you wrote "
                    "right after the call: a late entry is marked where the regulation sets a bound."
                ),
            ),
            (
                _("The line broke, or I closed the page."),
                _("What you typed is kept with the task. Open it again and go on where you were."),
            ),
        ),
    ),
    "visits:task_list": Topic(
        _("Tasks"),
        _("Every visit that the rules call for in your scope, with its window, its state and who makes it."),
        (
            (
                _("What do the states mean?"),
                _(
                    "Planned: its window has not opened. Open: to be made. Done: the customer was reached. "
                    "Unreachable, refused, wrong number: made without success. Missed: closed undone."
                ),
            ),
            (
                _("How do I give tasks to somebody else?"),
                _("As a manager: mark them, choose the person below the list and say why. They see them at once."),
            ),
            (
                _("A task has nobody."),
                _("Take it yourself with “Take it”, or give it to somebody. Until then no delay is charged to anyone."),
            ),
        ),
    ),
    "visits:event_list": Topic(
        _("Events"),
        _("The orders, purchases and complaints that came in. Rules look at them and make tasks, or say why not."),
        (
            (
                _("An order has no task."),
                _("Open it: every rule that was tried is listed with the condition that failed."),
            ),
            (
                _("An order is wrong or missing."),
                _("Correct it where it comes from and import the file again. Rows that are the same change nothing."),
            ),
        ),
    ),
    "visits:script_list": Topic(
        _("Scripts"),
        _("What is said on which occasion: script, words that must be said and questions, as the regulation has them."),
        (
            (
                _("Which version do I use?"),
                _("The one shown first. A call that was planned under an earlier release shows that one by itself."),
            ),
        ),
    ),
}
