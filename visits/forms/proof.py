"""A file that is handed in, a judgement on a visit, and the filters of the list of visits without proof."""

from datetime import UTC, datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.forms.finding import Finding
from visits.choices import EvidenceKind
from visits.forms.finding import reachable

LATEST_MS = 4_000_000_000_000


class EvidenceForm(forms.Form):
    """One file with what its bringer says that it shows; `made` is the device's moment of it in milliseconds."""

    file = forms.FileField(allow_empty_file=True, max_length=255)
    kind = forms.ChoiceField(required=False, choices=EvidenceKind.choices)
    made = forms.IntegerField(required=False, min_value=0, max_value=LATEST_MS)

    def clean_made(self):
        """Return the moment, None where the device told none."""
        made = self.cleaned_data["made"]
        return datetime.fromtimestamp(made / 1000, UTC) if made else None


class JudgeForm(forms.Form):
    """Whether a visit is true, and how that was found out."""

    holds = forms.ChoiceField(choices=[("yes", _("The visit is true")), ("no", _("It cannot be verified"))])
    reason = forms.CharField(max_length=200)


class FindProof(Finding):
    """The filters of the list of visits without proof."""

    START = {"what": "open", "sort": "oldest"}

    q = None
    what = forms.ChoiceField(
        required=False,
        label=_("Which"),
        choices=[
            ("open", _("all that wait")),
            ("missing", _("without proof")),
            ("doubtful", _("with doubtful proof")),
            ("judged", _("judged")),
        ],
    )
    who = forms.ChoiceField(required=False, label=_("Made by"))
    first = forms.DateField(required=False, label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(required=False, label=_("To"), widget=forms.DateInput(attrs={"type": "date"}))
    sort = forms.ChoiceField(
        required=False, label=_("Sort by"), choices=[("oldest", _("earliest first")), ("latest", _("latest first"))]
    )

    def __init__(self, data, *, people, **options):
        super().__init__(data, **options)
        if people:
            self.fields["who"].choices = [("", _("everybody I may see")), *people]
        else:
            del self.fields["who"]

    def wanted(self) -> dict:
        """Return what is asked for."""
        return {"who": ""} | super().wanted()

    def clean_first(self):
        """Leave out days that no calendar of the program reaches."""
        return reachable(self.cleaned_data["first"])

    def clean_last(self):
        """Leave out days that no calendar of the program reaches."""
        return reachable(self.cleaned_data["last"])
