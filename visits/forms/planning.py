"""What the plan is asked by: how far it looks, which end of the windows it counts, and which figure is opened."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.forms.finding import EARLIEST, LAST_PAGE, LATEST, Finding
from visits.domain.finding.outlook import By

WEEKS = (("2", _("2 weeks")), ("4", _("4 weeks")), ("6", _("6 weeks")), ("13", _("13 weeks")))
EVERYBODY = "all"


class PlanForm(Finding):
    """How far the plan looks and by which day it counts."""

    START = {"weeks": "4", "by": "due"}

    q = None
    page = None
    weeks = forms.ChoiceField(required=False, label=_("Look ahead"), choices=WEEKS)
    by = forms.ChoiceField(
        required=False,
        label=_("Count by"),
        choices=[(By.DUE.value, _("the last day in time")), (By.OPENS.value, _("the day it opens"))],
    )


class PlanDayForm(forms.Form):
    """One figure of the plan: a day (none: overdue) and whose, as the links of the plan name it."""

    on = forms.DateField(required=False)
    who = forms.IntegerField(required=False, min_value=-1, max_value=2**63 - 1)
    by = forms.ChoiceField(required=False, choices=[(by.value, "") for by in By])
    page = forms.IntegerField(required=False, min_value=1, max_value=LAST_PAGE)

    def clean_on(self) -> date | None:
        """Leave out days that no calendar of the program reaches."""
        on = self.cleaned_data["on"]
        return on if on and EARLIEST <= on <= LATEST else None
