"""Edits of a draft are judged as the whole pack that they make, before anything is saved."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms

from config.packs.errors import PackError, PackErrors
from config.packs.read import check_pack
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
    """Put each fault on the field of its key, or on the form where it has none."""
    for fault in found:
        key = re.split(r"[.\[]", fault.path.removeprefix(prefix).lstrip("."))[0]
        form.add_error(key if key in form.fields else None, told(fault))
