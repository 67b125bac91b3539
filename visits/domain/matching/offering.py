"""The fields that a form for conditions offers, by group, with how their values are typed."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from config.packs.codes import CUSTOMER_FIELDS, ORDER_FIELDS, VEHICLE_FIELDS
from visits.domain.matching.fields import FIELDS, Kind

TEXT, NUMBER, FLAG, DAY = "text", "number", "flag", "day"
VISIT = _("the recorded visit")


@dataclass(frozen=True)
class Offered:
    """One field: the name that a pack has for it, its words, its group, and as what its values are typed."""

    name: str
    title: Any
    group: Any
    kind: str = TEXT


# Of events of the kind `visit_recorded`, which carry what the call found.
OF_A_VISIT = (
    Offered("outcome", _("outcome of the call"), VISIT),
    Offered("channel", _("channel of the call"), VISIT),
    Offered("seconds", _("length of the call in seconds"), VISIT, NUMBER),
    Offered("satisfied", _("the customer was satisfied"), VISIT, FLAG),
    Offered("nps", _("NPS answer"), VISIT, NUMBER),
    Offered("problem", _("a problem was told"), VISIT),
    Offered("need", _("a need was told"), VISIT),
    Offered("complaint_raised", _("a complaint was raised"), VISIT, FLAG),
    Offered("rule", _("rule of the visit (its code)"), VISIT),
    Offered("step", _("step of the visit (its code)"), VISIT),
)


def offered() -> list[Offered]:
    """Return the standard fields of orders, customers, vehicles and recorded visits, in this order."""
    groups = ((_("the order"), ORDER_FIELDS), (_("the customer"), CUSTOMER_FIELDS), (_("the vehicle"), VEHICLE_FIELDS))
    found = {name: Offered(name, FIELDS[name].title, group, _typed(name)) for group, names in groups for name in names
             if name in FIELDS}  # fmt: skip
    return [*found.values(), *OF_A_VISIT]


def _typed(name: str) -> str:
    """Return as what the values of a field are typed: what is counted is a number."""
    field = FIELDS[name]
    if field.counted or field.kind == Kind.NUMBER:
        return NUMBER
    return {Kind.FLAG: FLAG, Kind.DAY: DAY, Kind.MOMENT: DAY}.get(field.kind, TEXT)
