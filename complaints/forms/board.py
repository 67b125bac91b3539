"""The filters of the board."""

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.choices import CaseType
from staff.forms.finding import Finding


class FindOnBoard(Finding):
    """Whose cases, what kind, only what falls due before one goes home."""

    q = None
    page = None
    whose = forms.ChoiceField(
        required=False,
        label=_("Whose"),
        choices=[
            ("", _("all that I see")), ("mine", _("mine")), ("unit", _("of my unit")), ("free", _("nobody's yet")),
        ],
    )  # fmt: skip
    type = forms.ChoiceField(required=False, label=_("Kind"), choices=[("", _("all")), *CaseType.choices])
    home = forms.BooleanField(required=False, label=_("Due before I go home"))

    def __init__(self, data, **options):
        super().__init__(data, **options)
        self.fields["home"].widget.attrs["class"] = "form-check-input"
