"""Filters of customers that people save: conditions as segments have them, asked anew at each use (S-03).

A filter never reaches beyond the scope of whoever uses it, however it was shared.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from config.packs import codes
from config.packs.condition import Condition
from staff.models import Employee
from visits.domain.matching.compiling import condition_sql
from visits.domain.matching.fields import Kind, field_of, title_of
from visits.domain.matching.segmenting import CUSTOMERS
from visits.models import Customer, SavedFilter

FIELDS: Final = codes.CUSTOMER_FIELDS
OPS: Final = ("==", "!=", ">", ">=", "<", "<=", "in")


class NotYours(Exception):
    """Only its owner changes or deletes a filter."""


def visible_filters(employee: Employee) -> QuerySet[SavedFilter]:
    """Return the filters that a person may use: one's own, and those shared with everybody."""
    return SavedFilter.objects.filter(Q(owner=employee) | Q(shared=True)).select_related("owner")


def save_filter(
    known: SavedFilter | None, *, name: str, when: Sequence[Condition], match: str, shared: bool, by: Employee,
    now: datetime,
) -> SavedFilter:  # fmt: skip
    """Write a new filter, or change one's own. Raises `NotYours`."""
    told: dict[str, Any] = {
        "name": name, "when": [condition.to_json() for condition in when], "match": match, "shared": shared,
    }  # fmt: skip
    if known is None:
        return SavedFilter.objects.create(**told, owner=by, made_at=now)
    if not SavedFilter.objects.filter(pk=known.pk, owner=by).update(**told):
        raise NotYours
    known.refresh_from_db()
    return known


def filtered(
    when: Sequence[Condition | Mapping[str, Any]], match: str, *, by: Employee, on: date
) -> QuerySet[Customer]:
    """Return the customers in the person's scope for whom the conditions hold on that day, those who left aside."""
    holds, params = condition_sql(when, match, vendor=connection.vendor, on=on)
    matching = RawSQL(f"SELECT c.id {CUSTOMERS.replace('{holds}', holds)}", params)  # noqa: S611  compiled, values are parameters
    seen = Customer.objects.visible_to(by, on=on)
    return seen.filter(pk__in=matching, left_at=None).distinct().order_by("pk")


def customers_of(saved: SavedFilter, *, by: Employee, on: date) -> QuerySet[Customer]:
    """Return the customers of a saved filter in the person's scope, as of that day."""
    return filtered(saved.when, saved.match, by=by, on=on)


def is_number(field: str) -> bool:
    """Say whether a field of customers is a number: of days, orders or money."""
    found = field_of(field)
    return found is not None and (bool(found.counted) or found.kind is Kind.NUMBER)


def words_of(saved: SavedFilter) -> str:
    """Return the conditions of a filter in words."""
    joint = _(" and ") if saved.match == "all" else _(" or ")
    parts = (f"{title_of(row['field'])} {row['op']} {_value(row['value'])}" for row in saved.when)
    return joint.join(parts) or _("every customer")


def _value(value: Any) -> str:
    if isinstance(value, Mapping):  # exact numbers stand in JSON with their mark
        return str(next(iter(value.values())))
    return "、".join(map(_value, value)) if isinstance(value, list | tuple) else str(value)
