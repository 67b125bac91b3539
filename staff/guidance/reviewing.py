"""The manual on what managers do with what was reported: improvement actions."""

from django.utils.translation import gettext_lazy as _

from staff.guidance.topic import Topic

REVIEWING = {
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
