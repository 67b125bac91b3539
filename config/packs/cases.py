"""Complaints and other cases: who registers, decides and is told; what may be spent on a customer."""

from typing import Annotated

from pydantic import BeforeValidator

from config.packs.base import Entry
from config.packs.condition import Conditions, Match
from config.packs.persons import Persons
from config.packs.values import Amount, AsList, Code, Count, Flag, Span, one_of

ALLOWANCES = ("visit_expense", "compensation", "gift", "project")


class ExemptionSpec(Entry):
    """A reason for which a case needs no verification and stands in no figure; `attachment`: only with a proof."""

    code: Code
    attachment: Flag = False


class ComplaintsSpec(Entry):
    """How cases run. `max_rounds` 0: until the customer is satisfied, or a manager closes.

    `arrival_tolerance`: by how much a technician may come after the agreed time and still be on time (minutes, hours).
    """

    registrar: Persons = ()
    escalation: Persons = ()
    exempt: Annotated[tuple[ExemptionSpec, ...], AsList] = ()
    max_rounds: Count = 0
    arrival_tolerance: Span | None = None


class ComplaintLevelSpec(Entry):
    """A level, the lowest first: proposed when its conditions hold; its `handler` decides."""

    code: Code
    match: Match = "all"
    when: Conditions = ()
    handler: Persons = ()


class CategorySpec(Entry):
    """A category of cases; `route`: who gets the case."""

    code: Code
    parent: str = ""
    route: Annotated[tuple[str, ...], AsList] = ()


class AllowanceSpec(Entry):
    """What may be spent; above the limit it is paid by oneself, approved, or refused."""

    code: Code
    of: Annotated[str, BeforeValidator(one_of(ALLOWANCES))]
    limit: Amount
    per: Annotated[str, BeforeValidator(one_of(("visit", "case", "month", "project")))] = "visit"
    excess: Annotated[str, BeforeValidator(one_of(("self_paid", "approval", "refuse")))] = "self_paid"
    approve: Persons = ()
