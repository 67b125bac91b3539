"""Which tasks are to be given to whom."""

from django import forms
from django.utils.translation import gettext_lazy as _

POOL = "pool"
MOST = 200  # four pages of the list


class ReassignForm(forms.Form):
    """Task ids, and a person's id or the pool."""

    to = forms.CharField(max_length=20, error_messages={"required": _("Choose a person.")})
    reason = forms.CharField(required=False, max_length=200)

    def __init__(self, data, **options):
        super().__init__(data, **options)
        self.ids = [text for text in data.getlist("task") if text.isascii() and text.isdigit() and len(text) < 19][
            :MOST
        ]

    def clean_to(self):
        """Return the id of a person, or None for the pool."""
        to = self.cleaned_data["to"]
        if to == POOL:
            return None
        if not (to.isascii() and to.isdigit() and len(to) < 19):
            raise forms.ValidationError(_("Choose a person."))
        return int(to)

    def clean(self):
        """Refuse an empty choice."""
        if not self.ids:
            raise forms.ValidationError(_("Choose at least one task."))
        return super().clean()
