"""The forms of the review: opinions of records, remarks on reports."""

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.forms.finding import Finding
from visits.forms.finding import reachable

LONGEST = 2000


def _day(label) -> forms.DateField:
    return forms.DateField(required=False, label=label, widget=forms.DateInput(attrs={"type": "date"}))


class FindUnsigned(Finding):
    """The filters of the visits that wait for an opinion."""

    START = {"state": "unsigned"}

    q = None
    state = forms.ChoiceField(
        required=False,
        label=_("State"),
        choices=[("unsigned", _("without an opinion")), ("signed", _("with an opinion")), ("all", _("all"))],
    )
    who = forms.ChoiceField(required=False, label=_("Made by"))
    first = _day(_("From"))
    last = _day(_("To"))

    def __init__(self, data, *, people, **options):
        super().__init__(data, **options)
        self.fields["who"].choices = [("", _("everybody I may see")), *people]

    def clean_first(self):
        """Leave out days that no calendar of the program reaches."""
        return reachable(self.cleaned_data["first"])

    def clean_last(self):
        """Leave out days that no calendar of the program reaches."""
        return reachable(self.cleaned_data["last"])


class OpinionForm(forms.Form):
    """The opinion of one record."""

    opinion = forms.CharField(required=False, max_length=LONGEST)


class DayForm(forms.Form):
    """The day that a page is about."""

    day = forms.DateField(required=False)

    def clean_day(self):
        """Leave out days that no calendar of the program reaches."""
        return reachable(self.cleaned_data["day"])


class ReviewForm(forms.Form):
    """What a deed about a report comes with; which of it is needed, the domain says."""

    REMARK = "line-"

    version = forms.IntegerField(required=False, min_value=0, max_value=32_000)
    text = forms.CharField(required=False, max_length=LONGEST)
    line = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    penalty = forms.CharField(required=False, max_length=80)
    presupposed = forms.BooleanField(required=False)

    def remarks(self) -> dict[int, str]:
        """Return what was remarked on lines, by the id of the line."""
        found = {name.removeprefix(self.REMARK): text for name, text in self.data.items() if self.REMARK in name}
        return {int(pk): text[:LONGEST] for pk, text in found.items() if pk.isdecimal() and len(pk) < 19}

    def faults(self) -> list[str]:
        """Return what is wrong with what was typed."""
        return [str(fault) for faults in self.errors.values() for fault in faults]
