"""The filters above the list of cases."""

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.choices import CaseState, CaseType, Source
from staff.forms.finding import Finding
from visits.forms.finding import reachable


class FindCases(Finding):
    """The filters of the list of cases."""

    START = {"state": "open", "sort": "priority"}

    type = forms.ChoiceField(required=False, label=_("Kind"), choices=[("", _("all kinds")), *CaseType.choices])
    state = forms.ChoiceField(
        required=False,
        label=_("State"),
        choices=[
            ("open", _("not ended")),
            ("worked", _("being worked on")),
            ("settled", _("solved, waits for the customer's word")),
            ("ended", _("ended")),
            ("all", _("all states")),
            *CaseState.choices,
        ],
    )
    level = forms.ChoiceField(required=False, label=_("Level"))
    category = forms.ChoiceField(required=False, label=_("Category"))
    source = forms.ChoiceField(required=False, label=_("Came by"), choices=[("", _("every way")), *Source.choices])
    who = forms.ChoiceField(
        required=False,
        label=_("Whose"),
        choices=[
            ("", _("everybody I may see")),
            ("mine", _("mine")),
            ("registered", _("registered by me")),
            ("pool", _("nobody's yet")),
        ],
    )
    first = forms.DateField(required=False, label=_("Told from"), widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(required=False, label=_("To"), widget=forms.DateInput(attrs={"type": "date"}))
    sort = forms.ChoiceField(
        required=False,
        label=_("Sort by"),
        choices=[
            ("priority", _("most pressing first")),
            ("-opened", _("latest first")),
            ("opened", _("earliest first")),
            ("changed", _("changed last")),
        ],
    )

    def __init__(self, data, *, levels, categories, people, **options):
        super().__init__(data, **options)
        for name, words, found in (("level", _("all levels"), levels), ("category", _("all categories"), categories)):
            self.fields[name].choices = [("", words), *found]
            if not found:
                del self.fields[name]
        self.fields["who"].choices = [*self.fields["who"].choices, *people]
        self.fields["q"].widget.attrs["placeholder"] = _("Number, name, plate, last four digits")

    def wanted(self) -> dict:
        """Return what is asked for, level and category too where no regulation has any."""
        return {"level": "", "category": ""} | super().wanted()

    def clean_first(self):
        """Leave out days that no calendar of the program reaches."""
        return reachable(self.cleaned_data["first"])

    def clean_last(self):
        """Leave out days that no calendar of the program reaches."""
        return reachable(self.cleaned_data["last"])
