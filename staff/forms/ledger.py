"""The forms of the ledger: its filters, a decision with its reason, amount and measures, several decisions at once."""

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.choices import NoticeShows, ViolationState
from staff.domain.conduct.browsing import ALL, WAITING
from staff.forms.finding import Finding

LONGEST_REASON = 1000
AT_ONCE = 200  # what one page can hold, four times over


class FindViolations(Finding):
    """The filters of the ledger; it opens on what waits for a decision."""

    START = {"state": WAITING, "sort": "new"}

    state = forms.ChoiceField(
        required=False,
        label=_("State"),
        choices=[(WAITING, _("still to be decided")), *ViolationState.choices, (ALL, _("all states"))],
    )
    kind = forms.ChoiceField(
        required=False,
        label=_("Kind"),
        choices=[("", _("penalties and rewards")), ("penalty", _("penalties")), ("reward", _("rewards and awards"))],
    )
    person = forms.ChoiceField(required=False, label=_("Person"))
    rule = forms.ChoiceField(required=False, label=_("Rule"))
    month = forms.ChoiceField(required=False, label=_("Month"))
    sort = forms.ChoiceField(
        required=False,
        label=_("Sort by"),
        choices=[("new", _("newest first")), ("old", _("oldest first")), ("person", _("person"))],
    )

    def __init__(self, data, *, people, rules, months, **options):
        super().__init__(data, **options)
        self.fields["q"].widget.attrs["placeholder"] = _("Name, pinyin, clause, rule")
        self.fields["person"].choices = [("", _("everybody")), *people]
        self.fields["rule"].choices = [("", _("all rules")), *rules]
        self.fields["month"].choices = [("", _("any month")), *((month, month) for month in months)]


class DecisionForm(forms.Form):
    """One decision: its reason, the amount chosen from a range, the measures chosen."""

    text = forms.CharField(
        required=False, max_length=LONGEST_REASON, label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2})
    )
    amount = forms.DecimalField(required=False, min_value=0, max_digits=12, decimal_places=2, label=_("Amount"))
    choose = forms.MultipleChoiceField(required=False, label=_("Measures"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, choices=(), **options):
        super().__init__(*args, **options)
        self.fields["choose"].choices = list(choices)
        for name in ("text", "amount"):
            self.fields[name].widget.attrs["class"] = "form-control"

    def hundredths(self) -> int | None:
        """Return the amount in hundredths, none where none was typed."""
        amount = self.cleaned_data["amount"]
        return None if amount is None else int(amount * 100)

    def faults(self) -> list[str]:
        """Return what cannot be read, each with its field."""
        return [f"{self.fields[name].label}: {fault}" for name, faults in self.errors.items() for fault in faults]


class BulkForm(forms.Form):
    """Several decided at once: those that are ticked."""

    pick = forms.TypedMultipleChoiceField(
        coerce=int, label=_("Chosen"), error_messages={"required": _("Tick what you decide on.")}
    )
    deed = forms.ChoiceField(choices=[("confirm", "confirm"), ("waive", "waive")])
    text = forms.CharField(required=False, max_length=LONGEST_REASON)

    def __init__(self, data, *, keys):
        super().__init__(data)
        self.keys = keys
        self.fields["pick"].choices = [(key, key) for key in keys]

    def clean(self):
        """Refuse to waive without a reason once, not once for each that is ticked."""
        typed = super().clean()
        if typed.get("deed") == "waive" and not typed.get("text"):
            self.add_error("text", _("Say why: a waiver needs a reason."))
        return typed

    def fault(self) -> str:
        """Return what has to be mended before anything is decided."""
        return " ".join(fault for faults in self.errors.values() for fault in faults)

    @staticmethod
    def picked(data) -> list[int]:
        """Return the numbers that were ticked, at most as many as a page can hold; nonsense counts as not ticked."""
        return [int(key) for key in data.getlist("pick")[:AT_ONCE] if key.isdecimal() and len(key) <= 18]


class NoticeStyleForm(forms.Form):
    """How much of a person the notices show."""

    shows = forms.ChoiceField(
        choices=NoticeShows.choices,
        label=_("Monthly notice shows"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )


class MeasureForm(forms.Form):
    """How a measure ended; of a dismissal, the last day."""

    note = forms.CharField(required=False, max_length=LONGEST_REASON, label=_("Note"))
    last_day = forms.DateField(required=False, label=_("last day"))
