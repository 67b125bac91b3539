"""The public form, as customers meet it on a phone, and the word that they may add later."""

import re
import secrets

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.choices import CaseType
from complaints.domain.feedback import Said

FORM_NUMBER = re.compile(r"[\w-]{16}")
TRAP = "website"


class FeedbackForm(forms.Form):
    """What a customer tells. `types`: those that the link takes; `asks_demand`: the regulation wants the demand."""

    form = forms.CharField(widget=forms.HiddenInput)
    type = forms.ChoiceField(label=_("What is it about?"), widget=forms.RadioSelect)
    summary = forms.CharField(
        label=_("What happened?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("In your own words. The day, the order or the plate help us to find it."),
    )
    demand = forms.CharField(
        label=_("What do you want us to do?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    name = forms.CharField(label=_("Your name"), max_length=60, required=False)
    contact = forms.CharField(label=_("Telephone"), max_length=120, required=False)
    anonymous = forms.BooleanField(
        label=_("I would rather not give my name and number"),
        required=False,
        help_text=_("Then we cannot call you back; the page that you get afterwards tells you how it stands."),
    )
    website = forms.CharField(required=False)

    def __init__(self, data=None, *, types, asks_demand=False, **options):
        super().__init__(data, **options)
        self.fields["type"].choices = [(one, CaseType(one).label) for one in types]
        self.fields["demand"].required = asks_demand
        self.initial.setdefault("type", types[0])
        self.initial.setdefault("form", secrets.token_urlsafe(12))
        for name in ("summary", "demand", "name", "contact"):
            self.fields[name].widget.attrs["class"] = "form-control"
        self.fields["anonymous"].widget.attrs["class"] = "form-check-input"
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["contact"].widget.attrs |= {"autocomplete": "tel", "inputmode": "tel"}

    def clean_form(self):
        """Refuse a number of the form that no form of ours bears."""
        if not FORM_NUMBER.fullmatch(self.cleaned_data["form"]):
            raise forms.ValidationError(_("Open the form anew."))
        return self.cleaned_data["form"]

    def clean(self):
        """Ask for a number unless he would rather not give one; refuse what a program filled in, losing nothing."""
        given = super().clean()
        if not given.get("anonymous") and not given.get("contact", "").strip() and "contact" not in self.errors:
            self.add_error("contact", _("Leave a number, or tick below that you would rather not."))
        if given.get(TRAP):
            raise forms.ValidationError(_("Please press the button once more; this keeps programs out."))
        return given

    def said(self) -> Said:
        """Return what was written."""
        given = self.cleaned_data
        who = {"name": "", "contact": ""} if given["anonymous"] else {key: given[key] for key in ("name", "contact")}
        return Said(given["form"], CaseType(given["type"]), given["summary"], given["demand"], **who)


class WordForm(forms.Form):
    """A further word of the customer."""

    text = forms.CharField(
        label=_("Add a word"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"})
    )
