"""What is typed in the later steps of a set-up: regulations, the days on which the company works."""

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.domain import workdays
from staff.forms.leave import DAY, EARLIEST, LATEST

PATTERNS = [
    (workdays.NO_WEEKENDS, _("as the official calendar says: weekends are free")),
    (workdays.SATURDAYS, _("every Saturday is worked as well")),
    (workdays.EVERY_OTHER, _("every other Saturday is worked as well")),
    (workdays.WEEKENDS, _("Saturdays and Sundays are worked as well")),
]
PICKED = {"class": "form-check-input"}


class RegulationForm(forms.Form):
    """The regulations that this company takes on, and the day from which they rule."""

    packs = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple(attrs=PICKED))
    file = forms.FileField(
        label=_("Your own regulation (TOML)"), required=False, allow_empty_file=True,
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".toml,text/plain"}),
    )  # fmt: skip
    since = forms.DateField(
        label=_("Orders count from"), widget=DAY,
        help_text=_(
            "What happened earlier is kept and shown to the callers and starts no visits, so that nobody begins with a "
            "mountain of old calls."
        ),
    )  # fmt: skip

    def __init__(self, *args, slugs, **options):
        super().__init__(*args, **options)
        self.fields["packs"].choices = [(slug, slug) for slug in slugs]

    def clean_since(self):
        """Refuse days that no calendar of the program reaches."""
        if not EARLIEST <= self.cleaned_data["since"] <= LATEST:
            raise forms.ValidationError(_("Choose a day between 2000 and 2999."))
        return self.cleaned_data["since"]


class WeekendForm(forms.Form):
    """Which weekends the company works."""

    pattern = forms.ChoiceField(label=_("Weekends"), choices=PATTERNS, widget=forms.RadioSelect(attrs=PICKED))
    first = forms.DateField(label=_("The next Saturday that is worked"), required=False, widget=DAY)

    def clean(self):
        """Ask for the Saturday with which every other one begins."""
        typed = super().clean()
        if typed.get("pattern") == workdays.EVERY_OTHER:
            first = typed.get("first")
            if first is None or first.weekday() != workdays.SATURDAY:
                self.add_error("first", _("Choose the next Saturday on which you work."))
        return typed


class DayForm(forms.Form):
    """One day on which the company works, or does not, whatever the official calendar says."""

    on = forms.DateField(label=_("Day"), widget=DAY)
    is_workday = forms.TypedChoiceField(
        label=_("This day is"), choices=[("yes", _("worked")), ("no", _("free"))], coerce=lambda word: word == "yes",
        widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Note"), max_length=120, required=False, widget=forms.TextInput(attrs={"class": "form-control"})
    )

    def clean_on(self):
        """Refuse days that no calendar of the program reaches."""
        if not EARLIEST <= self.cleaned_data["on"] <= LATEST:
            raise forms.ValidationError(_("Choose a day between 2000 and 2999."))
        return self.cleaned_data["on"]
