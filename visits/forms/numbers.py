"""The form that puts a number right."""

from django import forms
from django.utils.translation import gettext_lazy as _


class NumberForm(forms.Form):
    """The right number as somebody typed it; the domain reads it."""

    number = forms.CharField(label=_("The right number"), max_length=40)
