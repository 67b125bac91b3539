"""What somebody types to ask for leave, and the remark of who decides."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.choices import LeaveKind
from staff.domain.leave import Wish
from staff.models import Employee

EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)  # as far as every calendar of the program reaches
DAY = forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d")


class LeaveForm(forms.Form):
    """Days, kind, substitute; `people` are those for whom leave may be entered, `deputies` those who may stand in."""

    employee = forms.ModelChoiceField(Employee.objects.none(), label=_("For whom"), required=False, empty_label=None)
    kind = forms.ChoiceField(choices=LeaveKind, label=_("Kind of leave"))
    from_on = forms.DateField(label=_("First day"), widget=DAY)
    until_on = forms.DateField(label=_("Last day"), widget=DAY)
    substitute = forms.ModelChoiceField(
        Employee.objects.none(),
        label=_("Substitute"),
        required=False,
        empty_label=_("nobody: the rules decide"),
        help_text=_("Takes over the visits that are open on these days, and promised call-backs with them."),
    )
    reason = forms.CharField(label=_("Remark"), max_length=200, required=False)

    def __init__(self, data=None, *, people, deputies, **options):
        super().__init__(data, **options)
        self.fields["employee"].queryset = people
        self.fields["substitute"].queryset = deputies
        for field in self.fields.values():
            look = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            field.widget.attrs["class"] = look

    def clean_from_on(self):
        """Refuse days that no calendar of the program reaches."""
        return _reachable(self.cleaned_data["from_on"])

    def clean_until_on(self):
        """Refuse days that no calendar of the program reaches."""
        return _reachable(self.cleaned_data["until_on"])

    def wish(self) -> Wish:
        """Return what was asked for."""
        given = self.cleaned_data
        return Wish(given["kind"], given["from_on"], given["until_on"], given["substitute"], given["reason"])


class DecisionForm(forms.Form):
    """Granted or refused; a refusal says why."""

    decision = forms.ChoiceField(choices=[("grant", ""), ("refuse", "")])
    remark = forms.CharField(max_length=200, required=False)

    def clean(self):
        """Ask a refusal for its reason."""
        if self.cleaned_data.get("decision") == "refuse" and not self.cleaned_data.get("remark"):
            raise forms.ValidationError(_("Say why the leave is refused; the person reads it."))
        return super().clean()


def _reachable(day: date) -> date:
    if not EARLIEST <= day <= LATEST:
        raise forms.ValidationError(_("Choose a day between 2000 and 2999."))
    return day
