"""What somebody types to put people on duty, and to take a shift back."""

from datetime import time

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.domain.duty.desks import Desk
from staff.domain.duty.planning import Wanted
from staff.domain.periods import EARLIEST, LATEST
from staff.models import Employee

DAY = {"type": "date", "min": EARLIEST.isoformat(), "max": LATEST.isoformat()}
CLOCK = {"type": "time", "step": "60"}


class _Looks(forms.Form):
    def __init__(self, data=None, **options):
        super().__init__(data, **options)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select" if isinstance(field.widget, forms.Select) else "form-control"


class ShiftForm(_Looks):
    """A desk, a person, days and hours; `desks` are (key, words), `people` those who may be put on duty."""

    desk = forms.ChoiceField(label=_("Desk"))
    employee = forms.ModelChoiceField(Employee.objects.none(), label=_("Who"), empty_label=None)
    first = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    last = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    begins = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs=CLOCK, format="%H:%M"))
    ends = forms.TimeField(label=_("Until"), widget=forms.TimeInput(attrs=CLOCK, format="%H:%M"))
    in_place_of = forms.ModelChoiceField(
        Employee.objects.none(), label=_("In place of"), required=False, empty_label=_("nobody"),
        help_text=_("Somebody who has to leave the desk for these hours; say why below."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, data=None, *, desks, people, **options):
        super().__init__(data, **options)
        self.fields["desk"].choices = desks
        self.fields["employee"].queryset = self.fields["in_place_of"].queryset = people

    def clean(self):
        """Refuse days that no calendar of the program reaches; hours count in whole minutes."""
        given = super().clean()
        for name in ("first", "last"):
            if name in given and not EARLIEST <= given[name] <= LATEST:
                self.add_error(name, _("Choose a day between 2000 and 2999."))
        return given

    def wanted(self) -> Wanted:
        """Return what was asked for."""
        given = self.cleaned_data
        begins, ends = (time(given[name].hour, given[name].minute) for name in ("begins", "ends"))
        return Wanted(
            desk_named(given["desk"]), given["employee"], given["first"], given["last"], begins, ends,
            given["in_place_of"], given["reason"],
        )  # fmt: skip


class TakeBackForm(_Looks):
    """Who takes a shift over, if anybody, and why it is taken back."""

    heir = forms.ModelChoiceField(
        Employee.objects.none(), label=_("Who takes it over"), required=False, empty_label=_("nobody")
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, data=None, *, people, **options):
        super().__init__(data, **options)
        self.fields["heir"].queryset = people


def key_of(desk: Desk) -> str:
    """Return a desk as a form names it."""
    return f"{desk.policy}/{desk.roster}/{desk.branch or ''}"


def desk_named(key: str) -> Desk:
    """Return the desk of a key that a form has offered."""
    policy, roster, branch = key.split("/")
    return Desk(int(policy), roster, int(branch) if branch else None)
