"""The staff list that an administrator brings in."""

from django import forms
from django.utils.translation import gettext_lazy as _


class StaffListForm(forms.Form):
    """One workbook or delimited text."""

    file = forms.FileField(
        label=_("Staff list (.xlsx, .xls, .csv)"), required=False, allow_empty_file=True,
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".xlsx,.xls,.csv"}),
    )  # fmt: skip
