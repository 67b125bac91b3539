"""The form for a penalty that is proposed by hand."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.forms.ledger import LONGEST_REASON

BACK = timedelta(days=366)
LOOKS = {forms.Select: "form-select", forms.CheckboxInput: "form-check-input d-block"}


class ProposalForm(forms.Form):
    """Who, which clause, when, and what was seen; `token` makes the same form twice one proposal."""

    employee = forms.ModelChoiceField(queryset=None, label=gettext_lazy("Person"))
    rule = forms.ChoiceField(label=gettext_lazy("Penalty"))
    on = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    text = forms.CharField(
        max_length=LONGEST_REASON, label=gettext_lazy("What you saw"), widget=forms.Textarea(attrs={"rows": 4})
    )
    presupposed = forms.BooleanField(
        required=False,
        label=gettext_lazy("What the penalty presupposes is so"),
        help_text=gettext_lazy("Only where it names something in brackets."),
    )
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data, *, people, rules, today, **options):
        super().__init__(data, **options)
        self.today = today
        self.fields["employee"].queryset = people
        self.fields["rule"].choices = [("", _("choose a penalty")), *rules]
        self.fields["employee"].empty_label = _("choose a person")
        for field in self.fields.values():
            field.widget.attrs["class"] = LOOKS.get(type(field.widget), "form-control")

    def clean_on(self):
        """Refuse a day that lies ahead, or more than a year back."""
        on = self.cleaned_data["on"]
        if not self.today - BACK <= on <= self.today:
            raise ValidationError(_("Choose a day of the past year, not one ahead."))
        return on
