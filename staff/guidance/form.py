"""The manual on records that are put right."""

from django.utils.translation import gettext_lazy as _

from staff.guidance.topic import Topic

FORM = {
    "visits:record_correct": Topic(
        _("Correct a record"),
        _("Puts right what was written down of a call, after the 30 seconds of undoing. The first version stays."),
        (
            (
                _("Who may correct a record?"),
                _("Who made the call, and managers. Each correction says who, when and why, for everybody to read."),
            ),
            (
                _("Why can I not change the outcome or the time of saving?"),
                _("They decide whether the visit was made and in time. A correction never makes a late visit timely."),
            ),
            (
                _("Does a correction complete a record that lacked something?"),
                _("Yes: what was said is judged anew under the same regulation as on the day of the call."),
            ),
        ),
    ),
}
