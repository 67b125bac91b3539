"""The filters of the dashboards, as the address has them."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reports.domain.dashboard.choosing import PERIODS
from staff.domain.periods import EARLIEST, LATEST, period_named, period_of
from staff.forms.finding import Finding
from visits.forms.dressing import day_input

PERIOD_WORDS = {
    "day": pgettext_lazy("length of a period", "day"),
    "week": pgettext_lazy("length of a period", "week"),
    "month": pgettext_lazy("length of a period", "month"),
    "quarter": pgettext_lazy("length of a period", "quarter"),
    "year": pgettext_lazy("length of a period", "year"),
}
ALWAYS = ("regulation", "focus")  # of which there is no "all"
AGAINST = (("before", _("the period before")), ("year", _("the same a year before")))


class Narrowing(Finding):
    """Which regulation, which days, compared with which, of whom; nonsense counts as not asked.

    `offered`: by field the pairs of value and words that may be chosen. A field without any is not shown.
    """

    START = {"per": "month", "against": "before"}

    q = None
    page = None
    regulation = forms.ChoiceField(required=False, label=_("Regulation"))
    per = forms.ChoiceField(
        required=False, label=_("Length of the period"), choices=[(one, PERIOD_WORDS[one]) for one in PERIODS]
    )
    on = forms.DateField(required=False, label=_("with the day"), widget=day_input())
    against = forms.ChoiceField(required=False, label=_("Compared with"), choices=AGAINST)
    focus = forms.ChoiceField(required=False, label=_("Looked at closely"))
    branch = forms.ChoiceField(required=False, label=_("Branch"))
    department = forms.ChoiceField(required=False, label=_("Department"))
    team = forms.ChoiceField(required=False, label=_("Team of"))
    employee = forms.ChoiceField(required=False, label=_("Employee"))
    rule = forms.ChoiceField(required=False, label=_("Rule"))
    channel = forms.ChoiceField(required=False, label=_("Channel"))
    segment = forms.ChoiceField(required=False, label=_("Segment"))

    def __init__(self, data, *, offered, **options):
        super().__init__(data, **options)
        for name, choices in offered.items():
            if choices:
                self.fields[name].choices = [("", _("all")), *choices] if name not in ALWAYS else choices
            else:
                del self.fields[name]


def period_asked(data, *, today):
    """Return the period that an address names by `period`, or by its kind and one of its days; else this month."""
    try:
        found = period_named(data.get("period", ""))
        if found.per in PERIODS:
            return found
    except ValueError:
        pass
    per = data.get("per", "")
    return period_of(per if per in PERIODS else "month", day_asked(data.get("on", "")) or today)


def day_asked(text):
    """Return the day that a text of an address names, within what calendars reach; None for anything else."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if EARLIEST <= found <= LATEST else None
