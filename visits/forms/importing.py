"""What is typed of an import: the file, what its columns mean, and how it is taken in."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from visits.domain.intake.meanings import FURTHER, LEFT_OUT
from visits.excel.columns import EVENTS
from visits.forms.dressing import Dressed, day_input
from visits.forms.requesting import ALIVE

# The columns in the words of the reader, by what they are about; `visits.excel.columns` knows what each is called.
ABOUT: tuple[tuple[Any, Mapping[str, Any]], ...] = (
    (
        _("Order"),
        {
            "order_no": _("Order number"), "kind": _("Event kind"), "happened_at": _("Completed at"),
            "due_at": _("Due at"), "advisor": _("Advisor"), "branch": _("Branch"), "department": _("Department"),
            "amount": _("Amount"), "css": _("CSS score"), "rating": _("Rating"), "product": _("Product"),
            "remark": _("Remark"),
        },
    ),
    (
        _("Customer"),
        {
            "name": _("Customer's name"), "numbers": _("Telephone number"), "contact": _("Contact person"),
            "segment": _("Segment of the customer"), "owner": _("Owner of the customer"), "company": _("Company"),
            "type": _("Type of the customer"), "area": _("Area"), "region": _("Region"),
            "lifecycle": _("Stage of the customer"), "origin": _("Source of the customer"),
            "influence": _("Influence"), "preferred_channel": _("Preferred channel"),
            "preferred_time": _("Preferred time"), "visit_interval": _("Own interval of visits"),
            "email": _("E-mail"), "wechat": _("WeChat"), "im": _("QQ or other messenger"),
            "address": _("Postal address"),
        },
    ),
    (
        _("Vehicle"),
        {
            "plate": _("Number plate"), "vin": _("VIN"), "model": _("Model"), "mileage": _("Mileage"),
            "first_registered_on": _("First registered on"), "warranty_until": _("Warranty until"),
            "high_tech": _("High-tech product"),
        },
    ),
)  # fmt: skip
WORDS: dict[str, Any] = {key: words for _title, columns in ABOUT for key, words in columns.items()}
NEEDED = tuple(column.key for column in EVENTS.required)
FROM_TODAY, FROM_DAY, HISTORY = "now", "day", "history"


def choices() -> list[Any]:
    """Return what a column may mean; those that must be there are marked."""
    first = [(FURTHER, _("keep as a further column")), (LEFT_OUT, _("leave out"))]
    groups = [
        (title, [(key, f"{words} *" if key in NEEDED else words) for key, words in columns.items()])
        for title, columns in ABOUT
    ]
    return [*first, *groups]


class BringForm(Dressed):
    """The file, and the system that it comes from."""

    file = forms.FileField(
        label=_("Export of your system (.xlsx, .xls, .csv)"), max_length=255, allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt"}),
    )  # fmt: skip
    source = forms.CharField(
        label=_("Source system"), max_length=40, required=False,
        help_text=_("A short name, the same each time (empty: dms): what its columns mean is remembered under it."),
        widget=forms.TextInput(attrs={"list": "known-sources", "autocomplete": "off"}),
    )  # fmt: skip
    GROUPS = (("", ("file", "source")),)
    WIDE = frozenset({"file", "source"})


class ColumnsForm(Dressed):
    """What each column means, and what holds for rows that do not say it themselves."""

    source = forms.CharField(label=_("Source system"), max_length=40, required=False)
    kind = forms.ChoiceField(label=_("Event kind of rows that name none"), required=False)
    branch = forms.TypedChoiceField(
        label=_("Branch of rows that name none"), required=False, coerce=int, empty_value=None
    )
    GROUPS = ((_("For rows that do not say it themselves"), ("kind", "branch", "source")),)

    def __init__(self, *args, titles: Sequence[str], kinds, branches, **options):
        super().__init__(*args, **options)
        self.fields["kind"].choices = [("", "—"), *kinds]
        self.fields["branch"].choices = branches
        self.width = len(titles)
        offered = choices()
        for place, title in enumerate(titles):
            label = title or _("column without a header")
            field = forms.ChoiceField(choices=offered, required=False, label=label)
            field.widget.attrs |= {"class": "form-select", "aria-label": label}
            self.fields[f"column{place}"] = field

    def keys(self) -> list[str]:
        """Return the meaning of each column; only after `is_valid`."""
        return [self.cleaned_data[f"column{place}"] for place in range(self.width)]

    def columns(self) -> Iterator[Any]:
        """Yield the field of each column."""
        return (self[f"column{place}"] for place in range(self.width))


class StartForm(Dressed):
    """How rows that were read are taken in."""

    visits = forms.ChoiceField(
        label=_("Visits of these orders"), widget=forms.RadioSelect,
        choices=[
            (FROM_TODAY, _("start as the regulation says")),
            (FROM_DAY, _("only those still due from a day on")),
            (HISTORY, _("none: keep the orders as history")),
        ],
    )  # fmt: skip
    day = forms.DateField(label=_("Visits from"), required=False, widget=day_input())
    conflicts = forms.ChoiceField(
        label=_("Rows that conflict with what was done here"), required=False, widget=forms.RadioSelect,
        choices=[("ours", _("leave them out and hand them back")), ("file", _("take them in, the file is right"))],
    )  # fmt: skip
    GROUPS = (("", ("visits", "day", "conflicts")),)

    def __init__(self, *args, today, conflicting: int, **options):
        super().__init__(*args, **options)
        self.today = today
        self.fields["day"].widget.attrs["min"] = today.isoformat()
        if not conflicting:
            del self.fields["conflicts"]

    def clean(self):
        """Ask for a day where one is needed, and refuse those that lie behind or beyond every calendar."""
        typed = super().clean()
        day = typed.get("day")
        if typed.get("visits") == FROM_DAY and "day" not in self.errors:
            if day is None:
                self.add_error("day", _("Say from which day on visits are wanted."))
            elif day < self.today:
                self.add_error("day", _("Choose today or a later day."))
            elif day.year not in ALIVE:
                self.add_error("day", _("This day cannot be."))
        return typed

    def changes(self) -> dict[str, Any]:
        """Return what the form changes of the options; only after `is_valid`."""
        typed = self.cleaned_data
        return {
            "history": typed["visits"] == HISTORY,
            "visits_from": typed["day"] if typed["visits"] == FROM_DAY else None,
            "keep_ours": typed.get("conflicts", "ours") != "file",
        }
