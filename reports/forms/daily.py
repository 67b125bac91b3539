"""The forms of reports: the filters of the list, and what is typed to hand one in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.domain.daily.submitting import REASON_LENGTH, REMARK_LENGTH
from staff.forms.finding import Finding
from visits.forms.dressing import day_input
from visits.forms.follow_up import Day

REASON = "reason-"  # of a task, before its id
ALL = "reason_for_all"


class FindReports(Finding):
    """The filters of the list of reports; it opens on one's own, or on everybody's for who owes none."""

    q = None
    whose = forms.ChoiceField(
        required=False,
        label=_("Whose"),
        choices=[("mine", _("my reports")), ("sent", _("sent to me")), ("all", _("all that I see"))],
    )
    state = forms.ChoiceField(
        required=False,
        label=_("State"),
        choices=[
            ("", _("all states")),
            ("due", _("not handed in")),
            ("submitted", _("handed in")),
            ("returned", _("returned")),
            ("approved", _("approved")),
            ("late", _("late")),
            ("missing", _("missing")),
        ],
    )
    first = Day(required=False, label=_("From"), widget=day_input())
    last = Day(required=False, label=_("Until"), widget=day_input())
    who = forms.ChoiceField(required=False, label=_("Person"))
    sort = forms.ChoiceField(
        required=False,
        label=_("Sort by"),
        choices=[("-day", _("latest first")), ("day", _("oldest first"))],
    )

    def __init__(self, data, *, people, start, **options):
        self.START = {"whose": start, "sort": "-day"}
        super().__init__(data, **options)
        self.fields["who"].choices = [("", _("everybody")), *people]


class HandInForm(forms.Form):
    """The remark, and why listed tasks are not done: a text for each, and one for all that have none."""

    remark = forms.CharField(required=False, max_length=REMARK_LENGTH, label=_("Remark"))
    reason_for_all = forms.CharField(required=False, max_length=REASON_LENGTH, label=_("One reason for all"))

    def reasons(self, owing: list[int]) -> dict[int, str]:
        """Return the reasons by task; `owing` are those that one reason for all may fill."""
        typed = {
            int(name.removeprefix(REASON)): str(text)[:REASON_LENGTH]
            for name, text in self.data.items()
            if name.startswith(REASON) and name.removeprefix(REASON).isdecimal()
        }
        for_all = str(self.data.get(ALL, "")).strip()[:REASON_LENGTH]
        return typed | {task: for_all for task in owing if for_all and not typed.get(task, "").strip()}
