"""What a detector finds: one broken clause of one person, before any penalty is looked up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One violation of the catalogue, as the app that owns the data found it.

    `subject` is ``<kind>:<id>``; the same thing is always named alike, so that it is proposed once. `employee` is who
    answered for it at that moment; nobody (the pool) means no breach: leave it out. `on` is the local day it counts
    on, `at` the moment of truth. `release` is the one it is judged by; without one, every policy in force is asked.
    `of` holds the codes that a penalty's `of` may name (``daily``, a rule, an item …), `fields` the values that its
    `when` may ask about. `facts` are what its explanation is made of, plain JSON without a customer's name or number.
    ``facts["visit"]`` names the visit or complaint (``task:7``) whose penalties stack with this one, where that is not
    the subject itself. `fields` also hold who is named in the case (``coordinator``: an employee's id) and what an
    amount ``field:<name>`` stands in. `exempt` says why nobody answers for it (``outage``, ``leave``, ``customer``,
    ``hours``): it is proposed as waived, visibly. `again`: what was taken back because its cause was gone is proposed
    anew where the cause has come back (a verdict that was withdrawn and given once more).
    """

    violation: str
    subject: str
    employee: int
    on: date
    at: datetime | None = None
    release: int | None = None
    of: frozenset[str] = frozenset()
    fields: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[Mapping[str, Any], ...] = ()
    branch: int | None = None
    department: int | None = None
    exempt: str = ""
    again: bool = False
