"""The filters above the register."""

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.choices import CaseType, Source
from staff.forms.finding import Finding
from visits.forms.dressing import day_input
from visits.forms.finding import reachable


class FindRegistered(Finding):
    """Which lines of the register."""

    first = forms.DateField(required=False, label=_("Told from"), widget=day_input())
    last = forms.DateField(required=False, label=_("To"), widget=day_input())
    type = forms.ChoiceField(required=False, label=_("Kind"), choices=[("", _("all kinds")), *CaseType.choices])
    source = forms.ChoiceField(required=False, label=_("Came by"), choices=[("", _("every way")), *Source.choices])
    state = forms.ChoiceField(
        required=False,
        label=_("State"),
        choices=[
            ("", _("all states")),
            ("open", _("not ended")),
            ("ended", _("ended")),
            ("archived", _("in the archive")),
        ],  # fmt: skip
    )

    def __init__(self, data, **options):
        super().__init__(data, **options)
        del self.fields["q"]

    def clean_first(self):
        """Leave out days that no calendar of the program reaches."""
        return reachable(self.cleaned_data["first"])

    def clean_last(self):
        """Leave out days that no calendar of the program reaches."""
        return reachable(self.cleaned_data["last"])
