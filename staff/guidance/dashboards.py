"""The manual on the dashboards, and on the rows behind a figure."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from staff.guidance.topic import Topic

DASHBOARDS = {
    "reports:dashboard": Topic(
        _("Dashboard"),
        _(
            "The figures of a regulation over a period, of those whom you look after: how they stand, how they have "
            "moved, by whom and where they differ, and when people are best reached."
        ),
        (
            (
                _("What does a figure consist of?"),
                _(
                    "Click it: the rows that were counted are listed, and their number is the figure. So is every bar, "
                    "point and cell. The title of a card chooses which figure the charts below are about."
                ),
            ),
            (
                _("When is a figure red?"),
                _("When its period has ended and it does not reach the target of its clause. Nothing else is red."),
            ),
            (
                _("How do I send somebody what I see?"),
                _("Copy the address: period and filters stand in it. The reader sees what their rights open."),
            ),
            (
                _("A picture is hard to read for me"),
                _("“Table” above each chart shows the same in numbers; by keyboard the table comes up by itself."),
            ),
        ),
    ),
    "reports:dashboard_contacts": Topic(
        _("Visit statistics"),
        _("How many contacts there were by day, channel, class and result; each number opens its contacts."),
        (
            (
                _("Why do the columns and rows add up?"),
                _(
                    "A contact is counted once: at its channel, at its result, and at the rule of the first visit that "
                    "it was about."
                ),
            ),
        ),
    ),
    "reports:dashboard_questions": Topic(
        _("Survey questions"),
        _("What customers answered, question by question: average, distribution, rank, the lowest marked."),
        (
            (
                _("How are questions with different scales ranked?"),
                _("By the average as a share of the highest answer; a choice by the share of good answers."),
            ),
        ),
    ),
    "reports:dashboard_units": Topic(
        pgettext_lazy("page", "Departments"),
        _("Satisfaction of each department month by month, and what is being improved there."),
        (
            (
                _("What does “fell” mean?"),
                _("The last month is worse than the one before. Say by an improvement action what shall be done."),
            ),
        ),
    ),
    "reports:dashboard_spans": Topic(
        pgettext_lazy("comparison", "Before and after"),
        _("The figures of two spans of days side by side, such as those before a project and those of it."),
        (),
    ),
}
