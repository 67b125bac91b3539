"""The filters above the list of owed deeds."""

from django import forms
from django.utils.translation import gettext_lazy as _

from visits.forms.finding import Finding


class FindObligations(Finding):
    """The filters of the list; it opens on what is still to be done."""

    START = {"state": "open"}

    state = forms.ChoiceField(
        required=False,
        label=_("State"),
        choices=[
            ("open", _("still to do")),
            ("overdue", _("overdue")),
            ("done", _("done")),
            ("late", _("done too late")),
            ("all", _("all states")),
        ],
    )
    who = forms.ChoiceField(
        required=False, label=_("Whose"), choices=[("", _("everybody I may see")), ("mine", _("mine"))]
    )
