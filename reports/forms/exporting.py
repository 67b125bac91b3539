"""What an export is asked for by: the address of a list, or a data set of all data with its days."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.choices import ExportForm
from reports.domain.dataset_words import DATASET_WORDS
from reports.domain.datasets import DATASETS

LONGEST_QUERY = 4_000


class AskForm(forms.Form):
    """The address of a list and the kind of file."""

    path = forms.CharField(max_length=300)
    query = forms.CharField(max_length=LONGEST_QUERY, required=False)
    form = forms.ChoiceField(choices=ExportForm.choices)


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
