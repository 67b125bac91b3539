"""The public form, as customers meet it on a phone, and the word that they may add later."""

import re
import secrets
from pathlib import Path
from typing import Final

from django import forms
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from complaints.choices import CaseType
from complaints.domain.feedback import Said
from config.media.kinds import fault_of_picture
from config.media.limits import HEAD
from config.uploads import MEGABYTE
from visits.domain.proof.taking import largest, refusal_words

PICTURES: Final = 4
AGAIN: Final = gettext_noop("Choose the photographs again: a browser does not keep them.")
TAKEN: Final = "image/jpeg,image/png,image/webp"  # an iPhone hands in JPEG where HEIC is not asked for
FORM_NUMBER = re.compile(r"[\w-]{16}")
TRAP = "website"


class Chooser(forms.FileInput):
    """The button of a phone that takes several photographs, or finds them."""

    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        """Return all files of the field."""
        return files.getlist(name)


class Photographs(forms.FileField):
    """A few pictures, each judged by its first bytes."""

    def __init__(self):
        super().__init__(
            label=_("Photographs"), required=False, max_length=255, allow_empty_file=True,
            widget=Chooser(attrs={"accept": TAKEN, "multiple": True, "class": "form-control"}),
            help_text=_("Up to four, JPEG or PNG. Where they were taken is removed."),
        )  # fmt: skip

    def clean(self, data, initial=None):
        """Return the files; refuse too many, and what is no picture, by its turn."""
        faults = []
        if len(data) > PICTURES:
            faults.append(gettext("Choose at most %(count)d photographs.") % {"count": PICTURES})
        for turn, file in enumerate(data[:PICTURES], 1):
            if fault := fault_of(super().clean(file)):
                faults.append(gettext("Photograph %(turn)d: %(fault)s") % {"turn": turn, "fault": fault})
        if faults:
            raise forms.ValidationError([*faults, gettext(AGAIN)])
        return data


def fault_of(file) -> str:
    """Return why a file is not taken, in words."""
    if file.size > largest():
        told = {"size": largest() // MEGABYTE}
        return gettext("It is larger than %(size)d MB. Choose a smaller one, or a screenshot of it.") % told
    code = fault_of_picture(file.read(HEAD))
    if code == "unknown":
        return gettext("This is no picture. Choose a photograph (JPEG, PNG or WebP).")
    return refusal_words(code) if code else ""


def ask_again(form: forms.Form) -> None:
    """Say that photographs have to be chosen again, where the form comes back for another reason."""
    if form.cleaned_data.get("photographs"):
        form.add_error("photographs", gettext(AGAIN))


def paths_of(files) -> list[Path]:
    """Return where the files lie for now."""
    return [Path(file.temporary_file_path()) for file in files]


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
    photographs = Photographs()

    def __init__(self, data=None, files=None, *, types, asks_demand=False, **options):
        super().__init__(data, files, **options)
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
        if self.errors or given.get(TRAP):
            ask_again(self)
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
        label=_("Add a word"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
    )  # fmt: skip
    photographs = Photographs()

    def clean(self):
        """Ask for a word, or a picture."""
        given = super().clean()
        if not self.errors and not given["text"] and not given["photographs"]:
            self.add_error("text", _("Write what you want to add."))
        if self.errors:
            ask_again(self)
        return given
