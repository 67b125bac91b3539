"""The last day of somebody who leaves, and how much somebody can do in a day."""

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.forms.leave import EARLIEST, LATEST
from staff.models import Employee

MOST_A_DAY = 500


class ResignForm(forms.Form):
    """Last day and who takes over; `heirs` are those who may."""

    left_on = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d")
    )
    hand_over_to = forms.ModelChoiceField(
        Employee.objects.none(),
        label=_("Takes over"),
        required=False,
        empty_label=_("nobody: the pool of the department"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, data=None, *, heirs, **options):
        super().__init__(data, **options)
        self.fields["hand_over_to"].queryset = heirs

    def clean_left_on(self):
        """Refuse days that no calendar of the program reaches."""
        if not EARLIEST <= self.cleaned_data["left_on"] <= LATEST:
            raise forms.ValidationError(_("Choose a day between 2000 and 2999."))
        return self.cleaned_data["left_on"]


class CapacityForm(forms.Form):
    """How many visits a day."""

    capacity = forms.IntegerField(
        min_value=0,
        max_value=MOST_A_DAY,
        label=_("Visits a day"),
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )
