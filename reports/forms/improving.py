"""The forms of the register of improvement actions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.domain.dashboard.naming import full_name
from reports.domain.improving.deeds import Plan
from staff.forms.finding import Finding
from visits.forms.dressing import Dressed, day_input
from visits.forms.follow_up import Day


class PlanForm(Dressed):
    """A new improvement action; its owner is one of `people`, what answers for it one of `departments`."""

    GROUPS = (
        (_("What"), ("title", "cause", "measure")),
        (_("Who, until when"), ("owner", "department", "due_on", "check_on")),
    )
    WIDE = frozenset({"title", "cause", "measure"})

    title = forms.CharField(label=_("What is to be improved"), max_length=120)
    cause = forms.CharField(label=_("Cause"), required=False, max_length=2000, widget=forms.Textarea)
    measure = forms.CharField(label=_("Measure"), max_length=2000, widget=forms.Textarea)
    owner = forms.ModelChoiceField(queryset=None, label=_("Responsible"))
    department = forms.ModelChoiceField(
        queryset=None, label=_("Responsible department"), required=False,
        empty_label=_("that of whoever is responsible"),
    )  # fmt: skip
    due_on = Day(label=_("To be done until"), widget=day_input())
    check_on = Day(label=_("Effect checked on"), required=False, widget=day_input())
    subject = forms.RegexField(r"^[a-z]+:[\w/-]+$", required=False, max_length=120, widget=forms.HiddenInput)
    violation = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    def __init__(self, *args, people, departments, **options):
        super().__init__(*args, **options)
        self.fields["owner"].queryset = people
        self.fields["department"].queryset = departments
        self.fields["department"].label_from_instance = full_name

    def plan(self, violation=None) -> Plan:
        """Return what was planned; only after `is_valid`."""
        told = {name: self.cleaned_data[name] for name in self.fields if name != "violation"}
        return Plan(**told, violation=violation)


class FindActions(Finding):
    """The filters of the register; it opens on what is not ended."""

    START = {"state": "waiting", "sort": "due"}

    q = None
    state = forms.ChoiceField(
        required=False,
        label=_("State"),
        choices=[
            ("waiting", _("not ended")),
            ("open", _("to do")),
            ("overdue", _("overdue")),
            ("check", _("effect to be checked")),
            ("ended", _("ended")),
            ("all", _("all states")),
        ],
    )
    whose = forms.ChoiceField(required=False, label=_("Whose"))
    sort = forms.ChoiceField(
        required=False,
        label=_("Sort by"),
        choices=[("due", _("due first")), ("-made", _("newest first")), ("owner", _("person"))],
    )

    def __init__(self, data, *, people, **options):
        super().__init__(data, **options)
        self.fields["whose"].choices = [("", _("everybody I may see")), ("mine", _("mine")), *people]


class DeedForm(forms.Form):
    """What a deed about an action comes with; which of it is needed, the domain says."""

    text = forms.CharField(required=False, max_length=2000)
    on = Day(required=False)

    def faults(self) -> list[str]:
        """Return what is wrong with what was typed."""
        return [str(fault) for faults in self.errors.values() for fault in faults]
