"""Whose entries one sees in the ledger: what one's units open, and the policies that one settles (DECISIONS 10).

Who settles, say personnel, pays out for people of other units too; the regulation names them, so it opens their ledger.
"""

from datetime import date

from django.db.models import Q, QuerySet

from staff.domain.access import MANAGERS, scope_of
from staff.domain.conduct.rights import Rights
from staff.domain.conduct.rules import in_force
from staff.domain.seeing import of_people
from staff.models import Employee, LedgerEntry, Measure, Violation


def of_ledger(actor: Employee, *, on: date, units: str = "", policy: str = "policy") -> Q:
    """Return the condition on rows of the ledger; `units` is the prefix of their units, `policy` that of the policy."""
    seen = of_people(scope_of(actor, on=on), units=units)
    settled = settled_policies(actor, on=on)
    return seen | Q(**{f"{policy}__in": settled}) if settled else seen  # an empty condition is everything


def violations(actor: Employee, *, on: date) -> QuerySet[Violation]:
    """Return the violations and rewards that the actor may see on that day."""
    return Violation.objects.filter(of_ledger(actor, on=on))


def entries(actor: Employee, *, on: date) -> QuerySet[LedgerEntry]:
    """Return the postings that the actor may see on that day."""
    return LedgerEntry.objects.filter(of_ledger(actor, on=on, units="violation__"))


def measures(actor: Employee, *, on: date) -> QuerySet[Measure]:
    """Return the consequences without a figure that the actor may see on that day."""
    return Measure.objects.filter(of_ledger(actor, on=on, units="violation__", policy="violation__policy"))


def settled_policies(actor: Employee, *, on: date) -> list[int]:
    """Return the policies that the actor settles because their regulation names one of the actor's roles."""
    if scope_of(actor, on=on).everything:
        return []
    rights = Rights(actor, on)
    return [release.policy_id for release in in_force(on=on) if rights.settles(release)]


def looks_further(actor: Employee, *, on: date) -> bool:
    """Say whether the ledger shows the actor more than their own: of whom they look after, or settle."""
    return bool(Rights(actor, on).standing.base_roles & MANAGERS) or bool(settled_policies(actor, on=on))
