"""A new account of another system."""

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.domain.api_clients import SCOPES
from staff.models import Branch

TICK = {"class": "form-check-input"}


class ApiClientForm(forms.Form):
    """Its name, what it may do, for which branch."""

    name = forms.CharField(label=_("Name of the system"), max_length=60)
    branch = forms.ModelChoiceField(
        Branch.objects.order_by("name"), label=_("Branch"), required=False, empty_label=_("the whole company")
    )
    scopes = forms.MultipleChoiceField(
        label=_("Rights"), choices=SCOPES.items(), widget=forms.CheckboxSelectMultiple(TICK)
    )  # fmt: skip

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["name"].widget.attrs |= {"class": "form-control", "autocomplete": "off"}
        self.fields["branch"].widget.attrs["class"] = "form-select"
