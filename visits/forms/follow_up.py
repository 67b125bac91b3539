"""What follows from a call, as the call form asks for it, and the forms of the page of one follow-up."""

from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.forms.finding import EARLIEST, LATEST
from visits.domain.follow_up.wishes import FollowOn, Grievance

SHORT: Final = 400
FOLLOW_ON: Final = (
    "return_on", "repair", "complaint", "question", "question_due", "question_to", "remind_on", "remind_to",
    "remind_text",
)  # fmt: skip
GRIEVANCE: Final = {
    "complaint_text": "text", "complaint_demand": "demand", "complaint_severity": "severity",
    "complaint_category": "category", "complaint_department": "department",
}  # fmt: skip


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


class ComplaintFields(forms.Form):
    """What a complaint tells beside the visit; what its lists offer, the book of complaints says."""

    complaint = forms.BooleanField(label=_("The customer complains"), required=False)
    complaint_text = forms.CharField(label=_("In the customer's own words"), required=False, max_length=2000)
    complaint_demand = forms.CharField(label=_("What the customer wants"), required=False, max_length=SHORT)
    complaint_severity = forms.CharField(label=_("How grave"), required=False, max_length=10)
    complaint_category = forms.CharField(label=_("About what"), required=False, max_length=60)
    complaint_department = Person(label=_("Department concerned"))

    def grievance(self) -> Grievance:
        """Return what the complaint tells; only after `is_valid`."""
        return Grievance(**{name: self.cleaned_data[field] for field, name in GRIEVANCE.items()})


class FollowOnFields(ComplaintFields):
    """The part of the call form that says what has to follow."""

    return_on = Day(label=_("Back at the workshop on"), required=False)
    repair = forms.CharField(label=_("Recommended repair"), required=False, max_length=SHORT)
    question = forms.CharField(label=_("Question to clarify"), required=False, max_length=SHORT)
    question_due = forms.DateTimeField(label=_("Answer promised until"), required=False)
    question_to = Person(label=_("Clarified by"))
    remind_on = Day(label=_("Follow up on"), required=False)
    remind_to = Person(label=_("By whom"))
    remind_text = forms.CharField(label=_("What to do"), required=False, max_length=SHORT)

    def follow_on(self) -> FollowOn:
        """Return what is wished; only after `is_valid`."""
        return FollowOn(**{name: self.cleaned_data[name] for name in FOLLOW_ON}, grievance=self.grievance())


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
