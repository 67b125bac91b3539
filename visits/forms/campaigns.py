"""What is typed of a filter of customers, and of a plan for a list of them."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from django import forms
from django.utils.translation import gettext_lazy as _

from config.packs.condition import Condition
from visits.choices import Channel
from visits.domain.matching.fields import title_of
from visits.domain.origin.campaigning import Plan
from visits.domain.origin.filtering import FIELDS, OPS, is_number
from visits.forms.dressing import Dressed, day_input
from visits.forms.requesting import ALIVE

ROWS = 5
WORDS = {
    "==": _("is"), "!=": _("is not"), ">": _("more than"), ">=": _("at least"), "<": _("less than"),
    "<=": _("at most"), "in": _("is one of"),
}  # fmt: skip
APART = "、,，;；"
MOST = 500


class FilterForm(Dressed):
    """A filter: a name and up to five conditions on customers."""

    name = forms.CharField(label=_("Name of the filter"), max_length=60)
    match = forms.ChoiceField(label=_("Conditions"), choices=[("all", _("all hold")), ("any", _("one holds"))])
    shared = forms.BooleanField(label=_("Everybody may use it"), required=False)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        fields = [("", "—"), *((name, title_of(name)) for name in FIELDS)]
        for number in range(1, ROWS + 1):
            self.fields[f"field{number}"] = forms.ChoiceField(label=_("Field"), required=False, choices=fields)
            self.fields[f"op{number}"] = forms.ChoiceField(
                label=_("Comparison"), required=False, choices=[(op, WORDS[op]) for op in OPS]
            )
            self.fields[f"value{number}"] = forms.CharField(label=_("Value"), required=False, max_length=200)
            for name, look in (("field", "form-select"), ("op", "form-select"), ("value", "form-control")):
                self.fields[f"{name}{number}"].widget.attrs["class"] = look
        self.when: list[Condition] = []

    def rows(self) -> Iterator[dict]:
        """Yield the parts of each condition as bound fields."""
        for number in range(1, ROWS + 1):
            yield {name: self[f"{name}{number}"] for name in ("field", "op", "value")}

    def clean(self):
        """Read the conditions; a row without a field is none."""
        typed = super().clean()
        for number in range(1, ROWS + 1):
            if name := typed.get(f"field{number}"):
                self._read(number, name, typed.get(f"op{number}") or "==", typed.get(f"value{number}", "").strip())
        if not self.when and not self.errors:
            self.add_error("field1", _("Choose at least one condition."))
        return typed

    def _read(self, number: int, name: str, op: str, text: str) -> None:
        values = [text]
        if op == "in":
            for sign in APART:
                text = text.replace(sign, "\n")
            values = [part.strip() for part in text.split("\n") if part.strip()]
        try:
            read = [_number(value) if is_number(name) else value for value in values]
            if not values or "" in values:
                raise ValueError
            self.when.append(Condition(field=name, op=op, value=read if op == "in" else read[0]))
        except (ValueError, InvalidOperation):
            self.add_error(f"value{number}", _("“%(field)s” cannot be compared like this.") % {"field": title_of(name)})


def _number(text: str) -> Decimal:
    found = Decimal(text)
    if not found.is_finite() or abs(found) > 10**12:
        raise ValueError
    return found


class CampaignForm(Dressed):
    """A plan: for whom, why, when, what and by what (S-03)."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title"), max_length=80)
    aim = forms.CharField(label=_("Aim"), max_length=200)
    content = forms.CharField(label=_("What to talk about"), max_length=2000, widget=forms.Textarea)
    way = forms.ChoiceField(label=_("By"), choices=Channel.choices)
    kind = forms.ChoiceField(label=_("Kind"))
    starts_on = forms.DateField(label=_("From"), widget=day_input())
    ends_on = forms.DateField(label=_("Until"), widget=day_input())
    filter = forms.TypedChoiceField(label=_("Filter of customers"), required=False, coerce=int, empty_value=None)
    most = forms.IntegerField(
        label=_("At most so many customers"), required=False, min_value=1, max_value=100_000,
        help_text=_("Empty: all of them."),
    )  # fmt: skip

    WIDE = frozenset({"aim", "content"})
    GROUPS = (
        (_("Which customers"), ("filter", "most")),
        (_("What for"), ("title", "aim", "content")),
        (_("When and by what"), ("starts_on", "ends_on", "way", "kind")),
    )

    def __init__(self, *args, kinds, filters, chosen, **options):
        super().__init__(*args, **options)
        self.fields["kind"].choices = kinds
        self.fields["filter"].choices = [("", "—"), *filters]
        if chosen:
            del self.fields["filter"]

    def clean(self):
        """Refuse days that no calendar of the program reaches."""
        typed = super().clean()
        for name in ("starts_on", "ends_on"):
            if (day := typed.get(name)) and day.year not in ALIVE:
                self.add_error(name, _("This day cannot be."))
        return typed

    def plan(self, saved) -> Plan:
        """Return the plan; only after `is_valid`."""
        typed = self.cleaned_data
        names = ("token", "kind", "title", "aim", "content", "way", "starts_on", "ends_on")
        return Plan(**{name: typed[name] for name in names}, filter=saved)


def ids_of(texts: list[str]) -> list[int]:
    """Return the ids that an address names; what is none is passed over, and more than 500 are cut."""
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19][:MOST]
