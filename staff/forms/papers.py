"""What a manager types of a training or test, and the mark with which a paper is signed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.choices import TrainingWay
from staff.domain.qualifying import Training
from staff.forms.leave import EARLIEST, LATEST
from staff.models import Employee

WAYS = [choice for choice in TrainingWay.choices if choice[0] != TrainingWay.SIGNED]
PASSED = [("yes", _("passed")), ("no", _("not passed"))]


class TrainingForm(forms.Form):
    """One training or test of one person; `people` are those for whom it may be entered, `codes` what is demanded."""

    employee = forms.ModelChoiceField(Employee.objects.none(), label=_("Person"), empty_label=None)
    code = forms.ChoiceField(label=_("Qualification"))
    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    way = forms.ChoiceField(choices=WAYS, label=_("Way"))
    score = forms.DecimalField(
        label=_("Score"), required=False, min_value=0, max_value=99999, max_digits=7, decimal_places=2,
        help_text=_("A test with a mark to reach is passed or failed by its score."),
    )  # fmt: skip
    passed = forms.ChoiceField(choices=PASSED, label=_("Result without a mark"))
    note = forms.CharField(label=_("Topic"), max_length=200, required=False)

    def __init__(self, data=None, *, people, codes, **options):
        super().__init__(data, **options)
        self.fields["employee"].queryset = people
        self.fields["code"].choices = codes
        for field in self.fields.values():
            look = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            field.widget.attrs["class"] = look

    def clean_on(self):
        """Refuse days that no calendar of the program reaches."""
        if not EARLIEST <= self.cleaned_data["on"] <= LATEST:
            raise forms.ValidationError(_("Choose a day between 2000 and 2999."))
        return self.cleaned_data["on"]

    def training(self) -> Training:
        """Return what was typed."""
        given = self.cleaned_data
        return Training(
            given["code"], given["on"], given["way"], given["score"], given["passed"] == "yes", given["note"]
        )


class SignForm(forms.Form):
    """The mark by which a paper is read and accepted."""

    accepted = forms.BooleanField(error_messages={"required": _("Tick that you have read it and will keep to it.")})
