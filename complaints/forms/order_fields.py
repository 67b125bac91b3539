"""Fields that the forms of work orders share: texts, moments, the device, what the regulation asks of its own."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.domain.orders.facts import fields_of_stage
from complaints.models import WorkOrder
from visits.forms.dressing import day_input, moment_input
from visits.forms.follow_up import Day
from visits.forms.stages import field_of

OWN = "own-"  # before the regulation's own fields
LONG = 2000


def long_text(label: Any, *, required: bool = True, **options: Any) -> forms.CharField:
    """Return a field for some lines of text."""
    return forms.CharField(label=label, required=required, max_length=LONG, widget=forms.Textarea, **options)


def moment(label: Any, **options: Any) -> forms.DateTimeField:
    """Return a field for a moment that may be left empty."""
    return forms.DateTimeField(label=label, required=False, widget=moment_input(), **options)


def digits() -> forms.NumberInput:
    """Return the widget of a number, with the keys for it on a telephone."""
    return forms.NumberInput(attrs={"inputmode": "numeric"})


class DeviceFields(forms.Form):
    """The device that is to be mended, and what mending it takes."""

    product = forms.CharField(label=_("Product"), required=False, max_length=80)
    model = forms.CharField(label=_("Model of the device"), required=False, max_length=80)
    purchased_on = Day(label=_("Bought on"), required=False, widget=day_input())
    warranty_months = forms.IntegerField(
        label=_("Months of warranty"), required=False, min_value=0, max_value=600, widget=digits()
    )
    skill = forms.ChoiceField(label=_("Skill that it takes"), required=False)
    area = forms.CharField(label=_("Area"), required=False, max_length=60)


def add_own(form: forms.Form, order: WorkOrder, stage: str) -> list[str]:
    """Add the regulation's own fields of a stage to a form; return their names."""
    for code, spec in fields_of_stage(order, stage).items():
        field = field_of(spec)
        field.required = False  # what a stage is refused without, the domain says
        field.initial = order.values.get(code, "")
        look = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
        field.widget.attrs.setdefault("class", look)
        form.fields[OWN + code] = field
    return [name for name in form.fields if name.startswith(OWN)]


def own_of(form: forms.Form) -> dict[str, str]:
    """Return what was typed into the regulation's own fields, by code."""
    typed = {name: value for name, value in form.cleaned_data.items() if name.startswith(OWN)}
    return {name.removeprefix(OWN): str(value) for name, value in typed.items() if value not in (None, "", [])}
