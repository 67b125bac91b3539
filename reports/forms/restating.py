"""The filters of what has become known of closed months."""

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.forms.finding import Finding


class FindRestated(Finding):
    """The month that is looked at."""

    q = None
    month = forms.ChoiceField(required=False, label=_("Month"))

    def __init__(self, data, *, months, **options):
        super().__init__(data, **options)
        self.fields["month"].choices = [("", _("all")), *((one, one) for one in months)]
