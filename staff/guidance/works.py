"""The manual on the program's own works: its health."""

from django.utils.translation import gettext_lazy as _

from staff.guidance.topic import Topic

WORKS = {
    "staff:health": Topic(
        _("System health"),
        _("Whether the program does its work: what is wrong and how to mend it, the jobs, what waits, room, backups."),
        (
            (
                _("Who hears of an alarm?"),
                _("Every administrator, once, in the bell above each page; it goes by itself when it is settled."),
            ),
            (
                _("What is quarantine?"),
                _(
                    "A row that makes a job fail is kept apart after five tries, so that all others go on. Read the "
                    "reason, mend the rule or the order, and press “Try again”. Only order numbers are shown."
                ),
            ),
            (
                _("The program was switched off. What now?"),
                _(
                    "Nothing: what became due is made up in order when it runs again. The span is written down as an "
                    "outage, and nobody is held to a time that fell into it."
                ),
            ),
            (
                _("How does a monitor watch the program?"),
                _(
                    "It asks /healthz, which answers 200 or 503, and reads figures from /metrics. What each of them "
                    "says stands in docs/health.md."
                ),
            ),
        ),
    ),
}
