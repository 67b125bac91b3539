"""The filters above a list: an address with nonsense in it shows the list as if that filter were not set."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.domain.periods import EARLIEST, LATEST

LAST_PAGE = 1_000_000


def day_named(text: str, *, today: date) -> date:
    """Return the day that an address names; today for anything else."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return today
    return found if EARLIEST < found < LATEST else today


class Finding(forms.Form):
    """What every list is asked by: words, an order, a page."""

    START: dict = {}

    q = forms.CharField(
        required=False,
        max_length=60,
        label=_("Search"),
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Name, pinyin, plate, last four digits")}),
    )
    page = forms.IntegerField(required=False, min_value=1, max_value=LAST_PAGE, widget=forms.HiddenInput)

    def __init__(self, data, **options):
        super().__init__({**self.START, **{key: value for key, value in data.items() if value != ""}}, **options)
        for name, field in self.fields.items():
            look = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            field.widget.attrs |= {"class": look, "id": f"find-{name}"}

    def clean(self):
        """Count a day at which no calendar is kept as not asked: the day after it may be none."""
        for name, value in self.cleaned_data.items():
            if isinstance(value, date) and not EARLIEST.year <= value.year <= LATEST.year:
                self.cleaned_data[name] = None
        return self.cleaned_data

    def wanted(self) -> dict:
        """Return what is asked for; what cannot be read counts as not asked."""
        self.is_valid()
        empty = dict.fromkeys(self.fields, "") | {"page": 1}
        start = {name: self.fields[name].clean(value) for name, value in self.START.items()}
        given = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        return empty | start | given

    def is_narrowed(self) -> bool:
        """Say whether anything but order and page differs from how the list opens."""
        self.is_valid()
        opened = {name: value for name, value in self.START.items() if name not in ("sort", "page")}
        given = {name: value for name, value in self.cleaned_data.items() if name not in ("sort", "page")}
        return any(str(value or "") != opened.get(name, "") for name, value in given.items())
