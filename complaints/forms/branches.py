"""Which month the complaints by branch are shown of."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.domain.periods import Period, period_named, period_of


class FindMonth(forms.Form):
    """A month, as ``2026-05``; this one where none is named, or none that there is."""

    month = forms.CharField(
        label=_("Month"), required=False, widget=forms.TextInput(attrs={"type": "month", "class": "form-control"})
    )

    def __init__(self, data, *, today: date):
        self.today = today
        super().__init__(data if data else {"month": f"{today:%Y-%m}"})

    def period(self) -> Period:
        """Return the month that is asked for."""
        text = self.data.get("month", "")
        try:
            found = period_named(text)
        except ValueError:
            found = None
        return found if found and found.per == "month" else period_of("month", self.today)
