"""The forms of own books: their list, an entry, and what is done about one."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.choices import CaseType, EntryState, Source
from complaints.forms.own_fields import own_fields, own_values
from config.packs.asking import FieldSpec
from staff.forms.finding import Finding
from visits.domain.origin.registering import holder_of, read_numbers
from visits.forms.dressing import Dressed, moment_input


class Month(forms.DateField):
    """A month as the browser's picker writes it: ``2026-03``."""

    def __init__(self, **options):
        picker = forms.DateInput(attrs={"type": "month"})
        super().__init__(required=False, input_formats=["%Y-%m"], widget=picker, **options)


class FindEntries(Finding):
    """The filters of a book; it opens on everything, the newest first."""

    START = {"sort": "-at"}

    q = forms.CharField(
        required=False, max_length=60, label=_("Search"),
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("A word of the entry, a customer")}),
    )  # fmt: skip
    state = forms.ChoiceField(
        required=False, label=_("State"), choices=[("", _("all states")), *EntryState.choices]
    )  # fmt: skip
    month = Month(label=_("Month"))
    sort = forms.ChoiceField(
        required=False, label=_("Sort by"), choices=[("-at", _("newest first")), ("at", _("oldest first"))]
    )  # fmt: skip


class EntryForm(Dressed):
    """One entry: when, about whom, and the fields of the book."""

    at = forms.DateTimeField(label=_("When"), widget=moment_input())
    number = forms.CharField(
        label=_("Number of the customer"), required=False, max_length=40,
        help_text=_("Finds the customer on file; leave it empty for anybody else."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args, specs: Sequence[FieldSpec], title: str, with_customer: bool = True, **options):
        super().__init__(*args, **options)
        self.fields |= own_fields(specs)
        if not with_customer:
            del self.fields["number"]
        names = tuple(own_fields(specs))
        self.GROUPS = ((title, names), (_("When and about whom"), ("at", "number")))
        self.WIDE = frozenset(name for name, spec in zip(names, specs, strict=True) if spec.kind == "text")
        self.dress()

    def clean_number(self):
        """Find the customer who has that number; nobody is left out silently."""
        typed = self.cleaned_data["number"]
        if not typed:
            return None
        try:
            found = holder_of(read_numbers(typed))
        except ValueError as fault:
            raise forms.ValidationError(str(fault)) from fault
        if found is None:
            raise forms.ValidationError(_("Nobody on file has this number. Leave it empty, or register the customer."))
        return found

    def values(self) -> dict:
        """Return what was filled in, by the codes of the fields; only after `is_valid`."""
        return own_values(self.cleaned_data)


class ReplyForm(forms.Form):
    """What was replied."""

    text = forms.CharField(required=False, max_length=2000)


class ClosingForm(Dressed):
    """What came of an entry, with the fields that closing it takes."""

    text = forms.CharField(label=_("What was replied"), required=False, max_length=2000, widget=forms.Textarea)
    WIDE = frozenset({"text"})

    def __init__(self, *args, specs: Sequence[FieldSpec], **options):
        super().__init__(*args, **options)
        self.fields |= own_fields(specs)
        self.GROUPS = (("", ("text", *own_fields(specs))),)
        self.dress()


class CaseForm(Dressed):
    """What a case takes that is made of an entry."""

    GROUPS = (("", ("type", "source", "name", "contact", "demand")),)
    WIDE = frozenset({"demand"})

    type = forms.ChoiceField(label=_("What it is"), choices=CaseType.choices)
    source = forms.ChoiceField(label=_("Came by"), choices=Source.choices, initial=Source.PHONE)
    name = forms.CharField(label=_("Name"), required=False, max_length=60)
    contact = forms.CharField(label=_("Telephone or address"), required=False, max_length=120)
    demand = forms.CharField(label=_("What the customer demands"), required=False, max_length=2000)
