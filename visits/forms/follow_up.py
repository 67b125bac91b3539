"""What follows from a call, as the call form asks for it, and the forms of the page of one follow-up."""

from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.forms.finding import EARLIEST, LATEST
from visits.domain.follow_up.wishes import FollowOn

SHORT: Final = 400
FOLLOW_ON: Final = (
    "return_on", "repair", "complaint", "question", "question_due", "question_to", "remind_on", "remind_to",
    "remind_text",
)  # fmt: skip


class Day(forms.DateField):
    """A day that a calendar of the program reaches."""

    def to_python(self, value):
        """Refuse a year in which nobody was or will be called."""
        day = super().to_python(value)
        if isinstance(day, date) and not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(_("This day cannot be."))
        return day


class Person(forms.IntegerField):
    """The id of somebody who was chosen from a list; nobody where the list was left alone."""

    def __init__(self, **options):
        super().__init__(required=False, min_value=1, max_value=2**62, **options)


class FollowOnFields(forms.Form):
    """The part of the call form that says what has to follow."""

    return_on = Day(label=_("Back at the workshop on"), required=False)
    repair = forms.CharField(label=_("Recommended repair"), required=False, max_length=SHORT)
    complaint = forms.BooleanField(label=_("The customer complains"), required=False)
    question = forms.CharField(label=_("Question to clarify"), required=False, max_length=SHORT)
    question_due = forms.DateTimeField(label=_("Answer promised until"), required=False)
    question_to = Person(label=_("Clarified by"))
    remind_on = Day(label=_("Follow up on"), required=False)
    remind_to = Person(label=_("By whom"))
    remind_text = forms.CharField(label=_("What to do"), required=False, max_length=SHORT)

    def follow_on(self) -> FollowOn:
        """Return what is wished; only after `is_valid`."""
        return FollowOn(**{name: self.cleaned_data[name] for name in FOLLOW_ON})


class DeedForm(forms.Form):
    """What a deed about a follow-up may come with; which of it is needed, the domain says."""

    text = forms.CharField(required=False, max_length=2000)
    told_customer = forms.BooleanField(required=False)
    on = Day(required=False)
    to = Person()

    def faults(self) -> list[str]:
        """Return what is wrong with what was typed."""
        return [str(fault) for faults in self.errors.values() for fault in faults]

    def typed(self) -> dict[str, Any]:
        """Return what was typed as text, to be shown again after a refusal."""
        return {name: self.data.get(name, "") for name in self.fields}
