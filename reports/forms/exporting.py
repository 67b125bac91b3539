"""What an export is asked for by: the address of a list, or a data set of all data with its days."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.choices import ExportContacts, ExportForm
from reports.domain.dataset_words import DATASET_WORDS
from reports.domain.datasets import DATASETS
from reports.models.export import LONGEST_REASON

LONGEST_QUERY = 4_000


class AskForm(forms.Form):
    """The address of a list, the kind of file, and for whole telephone numbers a reason."""

    path = forms.CharField(max_length=300)
    query = forms.CharField(max_length=LONGEST_QUERY, required=False)
    form = forms.ChoiceField(choices=ExportForm.choices)
    contacts = forms.ChoiceField(choices=ExportContacts.choices, required=False)
    reason = forms.CharField(max_length=LONGEST_REASON, required=False)


def _day(label):
    widget = forms.DateInput(attrs={"type": "date", "class": "form-control"})
    return forms.DateField(required=False, label=label, widget=widget)


class DatasetForm(forms.Form):
    """Which data set, and of which days."""

    dataset = forms.ChoiceField(
        label=_("Data set"), choices=[(name, DATASET_WORDS[name]) for name in DATASETS],
        widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip
    first = _day(_("From"))
    last = _day(_("To"))

    def clean(self):
        """Refuse days in the wrong order."""
        told = super().clean()
        if told.get("first") and told.get("last") and told["first"] > told["last"]:
            self.add_error("last", _("The last day lies before the first."))
        return told
