"""Which events a rule is for: the conditions of a pack as SQL over the event, its customer and its vehicle.

The SQL is true or false, never NULL. What a pack says (values, names of imported columns) travels in the parameters.
`staff.domain.conditions` says the same in Python, where "why not" needs it; a test ties the two.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings

from config.packs.condition import Condition
from staff.domain.calendar import day_end
from visits.domain.matching import comparing
from visits.domain.matching.comparing import FALSE, Asked, Params
from visits.domain.matching.fields import ORDER_INTERVAL, Field, Kind, field_of

# The values of one further column; the row is absent where the event has none of that name.
FURTHER: Final = {
    "postgresql": "(SELECT {alias}.attributes ->> CAST(%s AS text))",
    "sqlite": (
        "(SELECT CASE j.type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE CAST(j.value AS TEXT) END"
        " FROM json_each({alias}.attributes) j WHERE j.key = %s)"
    ),
}


def condition_sql(
    conditions: Sequence[Condition | Mapping[str, Any]], match: str, *, vendor: str, on: date
) -> tuple[str, Params]:
    """Return SQL (with its parameters) that says whether `conditions` hold as of the local day `on`.

    It stands over the aliases ``e`` (visits_serviceevent), ``c`` (visits_customer) and ``v`` (visits_vehicle, by a
    LEFT JOIN). `vendor` is that of the connection; `match` is ``all`` or ``any``. No conditions hold.
    """
    asked = Asked(vendor, on, ZoneInfo(settings.TIME_ZONE))
    params: Params = []
    parts = [one_sql(condition, asked, params) for condition in map(as_condition, conditions)]
    return f"({_joined(parts, match)})" if parts else "TRUE", params


def _joined(parts: Iterable[str], match: str) -> str:
    return (" OR " if match == "any" else " AND ").join(parts)


def as_condition(condition: Condition | Mapping[str, Any]) -> Condition:
    """Return a condition that a release keeps as JSON as what it was in the pack."""
    return condition if isinstance(condition, Condition) else Condition.from_json(condition)


def one_sql(condition: Condition, asked: Asked, params: Params) -> str:
    """Return the two-valued SQL of one condition and add its parameters."""
    match condition.op:
        case "!=":
            return f"NOT {compared(condition.field, '==', condition.value, asked, params)}"
        case "in":
            parts = [compared(condition.field, "==", value, asked, params) for value in condition.value]
            return f"({_joined(parts, 'any')})" if parts else FALSE
        case op:
            return compared(condition.field, op, condition.value, asked, params)


def compared(name: str, op: str, wanted: Any, asked: Asked, params: Params) -> str:
    """Return whether the field `name` compares so, false where the event lacks it."""
    field = field_of(name)
    if field is None:
        return further(name, op, wanted, asked, params)
    if not field.attribute:
        return standard(field, op, wanted, asked, params)
    if field.attribute == "before":
        present = is_further(name, asked, params)
        first = further(name, op, wanted, asked, params)
        second = standard(field, op, wanted, asked, params)
    else:
        present = is_present(field, asked)
        first = standard(field, op, wanted, asked, params)
        second = further(name, op, wanted, asked, params)
    return f"(CASE WHEN {present} THEN {first} ELSE {second} END)"


def standard(field: Field, op: str, wanted: Any, asked: Asked, params: Params) -> str:
    """Return whether a standard field compares so; of several values one is enough."""
    parts = [kept(value, field, op, wanted, asked, params) for value in field.sql]
    if field.rows:
        return f"EXISTS (SELECT 1 FROM {field.rows} AND ({_joined(parts, 'any')}))"
    return f"COALESCE({_joined(parts, 'any')}, FALSE)"


def kept(value: str, field: Field, op: str, wanted: Any, asked: Asked, params: Params) -> str:
    """Return one value of a standard field compared as what it is kept as; may be NULL."""
    value = filled(value, asked)
    if field.counted:
        return comparing.of_days(value, field, op, wanted, asked, params)
    match field.kind:
        case Kind.NUMBER:
            return comparing.of_number(value, op, wanted, asked, params, field.scale)
        case Kind.FLAG:
            return comparing.of_flag(value, op, wanted)
        case Kind.DAY:
            return comparing.of_day(value, op, wanted, params)
        case Kind.MOMENT:
            return comparing.of_moment(value, op, wanted, asked, params)
        case _:
            return comparing.of_text(value, op, wanted, asked, params)


def filled(value: str, asked: Asked) -> str:
    """Return the SQL of a field with the day as of which it is asked."""
    value = value.replace("{order_interval}", ORDER_INTERVAL[asked.vendor])
    until = asked.moment(day_end(asked.on, asked.zone))
    return value.replace("{on}", asked.on.isoformat()).replace("{until}", until)


def further(name: str, op: str, wanted: Any, asked: Asked, params: Params) -> str:
    """Return whether a further column of the event, else of the customer, compares so."""
    comparison = comparing.of_text("f.t", op, wanted, asked, params)
    values = further_value(name, asked, params)  # second: parameters follow the order of the text
    return f"COALESCE((SELECT {comparison} FROM (SELECT {values} AS t) f), FALSE)"


def further_value(name: str, asked: Asked, params: Params) -> str:
    """Return the SQL of a further column's text, NULL where it is missing or empty."""
    params.extend((name, name))
    event, customer = (FURTHER[asked.vendor].replace("{alias}", alias) for alias in "ec")
    return f"COALESCE(NULLIF({event}, ''), NULLIF({customer}, ''))"


def is_further(name: str, asked: Asked, params: Params) -> str:
    """Return whether the event or its customer has a further column of that name."""
    return f"{further_value(name, asked, params)} IS NOT NULL"


def is_present(field: Field, asked: Asked) -> str:
    """Return whether the event has a standard field at all."""
    value = filled(field.sql[0], asked)
    return f"{value} <> ''" if field.kind is Kind.TEXT else f"{value} IS NOT NULL"
