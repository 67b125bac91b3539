"""The manual on service-quality reports: when they are made, what they say, what people do with them."""

from django.utils.translation import gettext_lazy as _

from staff.guidance.topic import Topic

SERVICE = {
    "reports:service_report_list": Topic(
        _("Service-quality reports"),
        _("What the program reports by itself: each month, each week, each day, of each branch and by category."),
        (
            (
                _("When is a report made?"),
                _(
                    "At seven on the first working day after its period, by the calendar of the company: holidays and "
                    "make-up days count. What a standstill left out is made afterwards, each report once."
                ),
            ),
            (
                _("Which reports do I see?"),
                _(
                    "Whoever leads the company sees all of them, whoever leads a branch those of the branch, and all "
                    "others what was published, without names."
                ),
            ),
        ),
    ),
    "reports:service_report_month": Topic(
        _("The month of the company"),
        _("What the month's reports of all regulations say first, one chapter for each, on one page."),
        (
            (
                _("Why are the figures of the regulations not added up?"),
                _(
                    "Each regulation says for itself what counts, and a complaint or a visit can fall under several: a "
                    "sum would count it twice. The table at the top shows them side by side."
                ),
            ),
        ),
    ),
    "reports:service_report": Topic(
        _("One service-quality report"),
        _("Figures with both sides, their target and change, what got worse, which clauses were broken and why."),
        (
            (
                _("Why do figures on other pages differ?"),
                _(
                    "A report stays as it was made. Where figures have changed since, the report says which and what "
                    "they are now, and a manager can make a new version; the old one stays too."
                ),
            ),
            (
                _("Who does what with it?"),
                _(
                    "The supervisor submits it to the leaders. One of them, other than who submitted it, approves or "
                    "returns it: with that it goes to the departments. Then it can be published to staff."
                ),
            ),
            (
                _("What happens when it is published?"),
                _(
                    "All staff can read it, without the ranking and without names. For the month's report every "
                    "department below a target gets one improvement action, and only one for that month."
                ),
            ),
            (
                _("What does “better” mean?"),
                _(
                    "The change against the period before, by the part of the earlier value. For complaints, "
                    "violations and hours less is better; a target says for itself which way is good."
                ),
            ),
        ),
    ),
}
