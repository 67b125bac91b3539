"""The manual on what managers do with what was reported: reviews, opinions of visits, improvement actions."""

from django.utils.translation import gettext_lazy as _

from staff.guidance.topic import Topic

REVIEWING = {
    "reports:review_list": Topic(
        _("Reviews"),
        _("What is to be asked about each morning, and the reports of a day that wait for your approval."),
        (
            (
                _("What differs from the system?"),
                _(
                    "A report is a copy of what was logged when it was handed in. A line differs where its visit was "
                    "corrected or taken back since; a visit is missing where it was logged afterwards."
                ),
            ),
            (
                _("Who may approve?"),
                _(
                    "Whom the regulation names as reviewer, else the quality manager of the unit, else who manages it; "
                    "also who stands in for them. Nobody reviews their own. Everybody else who looks after the person "
                    "reads, flags and gives guidance."
                ),
            ),
            (
                _("What happens to a returned report?"),
                _(
                    "Its owner sees your remarks beside the lines, mends what is to be mended, and hands it in again "
                    "as a further version. Whether it was late is decided by the first one."
                ),
            ),
            (
                _("When is a visit overdue without a reason?"),
                _(
                    "When its bound has passed, nobody has written why into a report, and no later time was agreed "
                    "with the customer."
                ),
            ),
        ),
    ),
    "reports:opinion_list": Topic(
        _("Opinions of visits"),
        _("The visits of your people, each until somebody has signed an opinion of it."),
        (
            (
                _("What does my signature mean?"),
                _(
                    "That you have looked at this visit. Your name and the time stand beside your words; nobody can "
                    "change them, and whoever made the visit hears of it."
                ),
            ),
            (
                _("A visit that I had signed stands here again."),
                _("It was corrected since. What was said then stays; look at what it says now."),
            ),
        ),
    ),
    "reports:improvement_list": Topic(
        _("Improvement actions"),
        _(
            "What is changed so that the same thing does not go wrong again: one owner, one day, and a look at its "
            "effect."
        ),
        (
            (
                _("When is an action overdue?"),
                _("From the day after the one until which it was to be done. Its owner and its maker hear of it."),
            ),
            (
                _("Who says that it helped?"),
                _(
                    "A manager other than its owner, with how one sees it. An action without effect is closed as such, "
                    "and another one is begun from it."
                ),
            ),
        ),
    ),
}
