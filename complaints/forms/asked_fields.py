"""The fields that a regulation adds to the form of a case, and what was typed into them, read as answers are."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from complaints.forms.own_fields import OWN, own_fields, own_initial
from config.packs.asking import FieldSpec
from visits.domain.calling.questioning import read_answer
from visits.forms.dressing import LOOKS


def add_own(form: forms.Form, specs: Iterable[FieldSpec], values: Mapping[str, Any]) -> None:
    """Give the form a field for each of these; `values`: what the case says so far."""
    for name, field in own_fields(specs).items():
        look = next((look for widget, look in LOOKS if isinstance(field.widget, widget)), "form-control")
        field.widget.attrs.setdefault("class", look)
        form.fields[name] = field
    for name, value in own_initial(dict(values)).items():
        form.initial.setdefault(name, value)


def read_own(form: forms.Form, specs: Iterable[FieldSpec]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what was typed by code, as JSON keeps it, and by field what cannot be read. Empty ones are left out."""
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for spec in specs:
        name = OWN + spec.code
        given = form.fields[name].widget.value_from_datadict(form.data, form.files, name)
        if given in (None, "", []):
            continue
        try:
            values[spec.code] = read_answer(spec, given)
        except ValueError as fault:
            faults[name] = str(fault)
    return values, faults
