"""The filters of the service-quality reports, and the note that goes with a deed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.choices import ServiceDeed, ServiceKind, ServiceState
from staff.forms.finding import Finding


class FindServiceReports(Finding):
    """The filters of the list; it opens on all kinds, the newest first."""

    q = None
    kind = forms.ChoiceField(required=False, label=_("Kind"), choices=[("", _("all kinds")), *ServiceKind.choices])
    period = forms.CharField(
        required=False, max_length=20, label=_("Period"), widget=forms.TextInput(attrs={"placeholder": "2026-05"})
    )
    branch = forms.ChoiceField(required=False, label=_("Branch"))
    state = forms.ChoiceField(required=False, label=_("State"), choices=[("", _("all states")), *ServiceState.choices])

    def __init__(self, data, *, branches, **options):
        super().__init__(data, **options)
        whole = [("", _("all")), ("none", _("whole company"))]
        self.fields["branch"].choices = whole + [(str(one.pk), one.name) for one in branches]


class ServiceDeedForm(forms.Form):
    """What is done with a report, and a word about it."""

    deed = forms.ChoiceField(choices=ServiceDeed.choices)
    note = forms.CharField(required=False, max_length=2000)
