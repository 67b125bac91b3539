"""The small forms beside a call: agree a time, write down a refusal, pass something on. The domain judges them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.forms.finding import Finding
from visits.choices import Channel, PromiseState, Purpose
from visits.forms.contact import Moment


class Told(forms.Form):
    """A form whose refusals by the domain come back to the fields that they are about."""

    def refuse(self, messages: dict[str, str]) -> None:
        """Hang what the domain refuses on its fields, the rest above the form."""
        for name, message in messages.items():
            self.add_error(name if name in self.fields else None, message)

    def value(self, name: str) -> str:
        """Return what stands in a field as text, in the spelling of the browser's own widgets."""
        found = self[name].value()
        return "" if found is None else found.strftime("%Y-%m-%dT%H:%M") if hasattr(found, "strftime") else str(found)

    def chosen(self, name: str) -> list[str]:
        """Return what is ticked in a field of several boxes."""
        return [str(one) for one in self[name].value() or ()]


class AppointmentForm(Told):
    """When, by what and with whom a time was agreed."""

    at = Moment(label=_("Agreed for"), required=False)
    channel = forms.ChoiceField(label=_("By"), choices=[("", ""), *Channel.choices], required=False)
    agreed_with = forms.CharField(label=_("Agreed with"), max_length=80, required=False)
    reason = forms.CharField(label=_("Reason, if it lies in quiet hours"), max_length=200, required=False)


class RefusalForm(Told):
    """What the customer does not want, and how they said so."""

    purpose = forms.ChoiceField(label=_("The customer does not want"), choices=Purpose.choices, required=False)
    reason = forms.CharField(label=_("What the customer said"), max_length=200, required=False)


class WordForm(Told):
    """What somebody must know, and who."""

    text = forms.CharField(label=_("What they must know"), max_length=2000, required=False)
    people = forms.TypedMultipleChoiceField(label=_("Colleagues"), coerce=int, required=False)
    departments = forms.TypedMultipleChoiceField(label=_("Departments"), coerce=int, required=False)

    def __init__(self, data=None, *, units, **options):
        super().__init__(data, **options)
        self.fields["departments"].choices = [(unit.department.pk, str(unit.department)) for unit in units]
        self.fields["people"].choices = [(one.pk, str(one)) for unit in units for one in unit.people]


class FindPromises(Finding):
    """The filters of the list of promises."""

    START = {"state": "waiting", "who": "mine"}

    who = forms.ChoiceField(
        required=False, label=_("Whose"), choices=[("mine", _("mine")), ("all", _("everybody I may see"))]
    )
    state = forms.ChoiceField(
        required=False, label=_("State"), choices=[("all", _("all states")), *PromiseState.choices]
    )
    first = forms.DateField(
        required=False, label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        required=False, label=_("To"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
