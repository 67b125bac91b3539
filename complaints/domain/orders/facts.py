"""What conditions and forms of a regulation may ask of a work order, and what still lacks at a stage of it."""

from collections.abc import Mapping
from typing import Any

from complaints.domain.facts import facts_of_case, words_of_case
from complaints.domain.forms_asked import Lacking, fields_at, required_at
from complaints.domain.ruling import pack_of
from complaints.models import WorkOrder
from config.packs.asking import FieldSpec

OF_ORDERS = "work_order"
NO_MATERIALS = "no_materials"  # in `values`: the report says that none were used
PLAIN = (
    "kind", "urgent", "skill", "area", "product", "model", "purchased_on", "warranty_months", "in_scope",
    "fault_nature", "cause", "mode", "tracking_no", "fault", "solution", "process", "minutes", "result", "measure",
    "partner", "instruction", "tags", "verdict",
)  # fmt: skip
# As regulations call what the program calls otherwise.
ALSO_CALLED = {
    "purchase_date": "purchased_on", "problem": "instruction", "time": "minutes", "scope": "in_scope",
    "technician": "assignee", "due": "due_at", "customer_confirmation": "confirmed_how",
}  # fmt: skip


def facts_of_order(order: WorkOrder) -> dict[str, Any]:
    """Return the fields of a work order by their names in a pack, over those of its case; empty ones are left out.

    What a case and its order both have (cause, solution, result …) is the order's.
    """
    own = {name: getattr(order, name) for name in PLAIN} | {
        "materials": [one["name"] for one in order.materials] or (["—"] if order.values.get(NO_MATERIALS) else []),
        "department": order.department.name if order.department else "",
        "assignee": order.assignee.username if order.assignee else "", "due_at": order.due_at,
        "confirmed_how": order.confirmed_how, "slot": order.slot_from,
    }  # fmt: skip
    own |= {name: own[ours] for name, ours in ALSO_CALLED.items()} | order.values
    above = {name: value for name, value in facts_of_case(order.case).items() if name not in own}
    return {name: value for name, value in (above | own).items() if value not in (None, "", [])}


def words_of_order(order: WorkOrder) -> dict[str, str]:
    """Return what an event about the order carries: plain texts that rules can ask."""
    plain = {
        "work_order": order.number, "order_kind": order.kind, "product": order.product, "model": order.model,
        "fault": order.fault, "fault_nature": order.fault_nature, "solution": order.solution, "result": order.result,
        "measure": order.measure, "mode": order.mode, "partner": order.partner,
        "urgent": "true" if order.urgent else "",
        "unit": order.department.name if order.department else "",
        "technician": order.assignee.username if order.assignee else "",
    }  # fmt: skip
    return words_of_case(order.case) | {name: value for name, value in plain.items() if value}


def fields_of_stage(order: WorkOrder, stage: str) -> dict[str, FieldSpec]:
    """Return the regulation's own fields of a stage of the order, by code.

    Also what it requires there, declares elsewhere (as a field of the case, say), and nobody has told yet.
    """
    pack, facts = pack_of(order.case.release), facts_of_order(order)
    found = {code: one for code, one in fields_at(pack, stage, facts, of=OF_ORDERS).items() if code not in names()}
    elsewhere = {one.code: one for form in (pack.form if pack else ()) for one in form.fields}
    for code in required_at(pack, stage, facts, of=OF_ORDERS):
        if code not in names() and (code not in facts or code in order.values):
            found.setdefault(code, elsewhere.get(code, FieldSpec(code=code, kind="text")))
    return found


def names() -> frozenset[str]:
    """Return the names of what the program itself asks about a work order."""
    return frozenset((*PLAIN, *ALSO_CALLED, *ALSO_CALLED.values(), "materials", "department", "assignee"))


def check_order_filled(order: WorkOrder, stage: str) -> None:
    """Refuse a stage whose required fields are empty (`Lacking`)."""
    pack, facts = pack_of(order.case.release), facts_of_order(order)
    empty = tuple(code for code in required_at(pack, stage, facts, of=OF_ORDERS) if code not in facts)
    if empty:
        told = titles(fields_at(pack, stage, facts, of=OF_ORDERS))
        raise Lacking(empty, tuple(told.get(code, code) for code in empty))


def titles(fields: Mapping[str, FieldSpec]) -> dict[str, str]:
    """Return what the fields are called: as the regulation says, else as the program does."""
    own = {one.name: str(one.verbose_name) for one in WorkOrder._meta.fields}
    own |= {name: own[ours] for name, ours in ALSO_CALLED.items() if ours in own}
    return own | {code: str(one.title) for code, one in fields.items() if one.title}
