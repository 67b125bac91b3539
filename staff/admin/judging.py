"""Edits of a draft are judged as the whole pack that they make, before anything is saved."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from config.packs.errors import PackError, PackErrors
from config.packs.read import check_pack
from staff.admin.structure.field import StructureField
from staff.domain.drafts import draft_tables
from staff.domain.sections import company
from staff.models import Policy


def new_faults(policy: Policy, changed: Mapping[str, Any]) -> list[PackError]:
    """Return the faults that the draft would have with the changed sections and does not have already."""
    before = draft_tables(policy) if policy.pk else {"policy": {"slug": policy.slug}}
    known = {(fault.path, fault.problem) for fault in faults(before)}
    return [fault for fault in faults({**before, **changed}) if (fault.path, fault.problem) not in known]


def faults(tables: Mapping[str, Any]) -> list[PackError]:
    """Return all that is wrong with the tables of a pack."""
    try:
        check_pack(tables, company())
    except PackErrors as refused:
        return list(refused.errors)
    return []


def told(fault: PackError) -> str:
    """Return a fault for a form, with its place: the field may hold a whole table."""
    return str(fault)


def put_on_form(form: forms.BaseForm, found: list[PackError], prefix: str = "") -> None:
    """Put each fault on the input where it stands, or on the form where it has none."""
    for fault in found:
        path = fault.path.removeprefix(prefix).lstrip(".")
        key = re.split(r"[.\[]", path)[0]
        if holder := holder_of(form, key):
            put_inside(form, holder, fault, path)
        else:
            form.add_error(key if key in form.fields else None, told(fault))


def holder_of(form: forms.BaseForm, key: str) -> str:
    """Return the field whose inputs include the key, itself a list or the inputs of a table; empty for none."""
    for name, field in form.fields.items():
        if isinstance(field, StructureField) and field.widget.bound is not None:
            part = field.widget.bound
            if name == key or key in getattr(part, "fields", ()) or key in getattr(part, "inner", ()):
                return name
    return ""


def put_inside(form: forms.BaseForm, name: str, fault: PackError, path: str) -> None:
    """Put a fault on an input inside a field; the field itself says once that there is something to mend."""
    part = form.fields[name].widget.bound
    inside = path if hasattr(part, "fields") else path.removeprefix(name)
    part.add_fault(inside, str(replace(fault, file="", line=0, path="")))
    if name not in form.errors:
        form.add_error(name, _("Mend what is marked below."))
