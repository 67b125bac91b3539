"""The fields that a regulation has for its own books and cases, each kind as one kind of input."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from config.packs.asking import FieldSpec
from visits.forms.dressing import day_input
from visits.forms.follow_up import Day

YES_NO = [("", "—"), ("yes", _("yes")), ("no", _("no"))]
LONGEST = 2000
OWN = "own-"  # before the code of a field, so that it is never the name of another input


def own_fields(specs: Iterable[FieldSpec]) -> dict[str, forms.Field]:
    """Return an input for each field, by its name in the page; what is compulsory is marked, the domain refuses."""
    return {OWN + spec.code: _field(spec) for spec in specs}


def own_values(cleaned: dict) -> dict:
    """Return what was typed into these inputs, by the codes of their fields."""
    return {name.removeprefix(OWN): value for name, value in cleaned.items() if name.startswith(OWN)}


def own_initial(values: dict) -> dict:
    """Return values as these inputs show them."""
    shown = {True: "yes", False: "no"}
    return {OWN + code: shown[value] if isinstance(value, bool) else value for code, value in values.items()}


def _field(spec: FieldSpec) -> forms.Field:
    told = {"required": spec.required and not spec.when, "label": spec.title or spec.code}
    if spec.kind == "multi":
        choices = [(one, one) for one in spec.options]
        return forms.MultipleChoiceField(choices=choices, widget=forms.SelectMultiple, **told)
    if spec.options:
        return forms.ChoiceField(choices=[("", "—"), *((one, one) for one in spec.options)], **told)
    if spec.kind in ("yesno", "confirm"):
        return forms.ChoiceField(choices=YES_NO, **told)
    if spec.kind == "date":
        return Day(widget=day_input(), **told)
    if spec.kind in ("number", "score", "rating"):
        return forms.CharField(max_length=40, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **told)
    return forms.CharField(max_length=LONGEST, **told)
