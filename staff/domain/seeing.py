"""Whose conduct one sees: one's own, that of one's units, or everybody's (DECISIONS 1)."""

from datetime import date

from django.db.models import Q, QuerySet

from staff.domain.access import Scope, scope_of
from staff.models import Employee, Violation

NOTHING = Q(pk__in=[])


def of_people(scope: Scope, person: str = "employee", *, units: str = "") -> Q:
    """Return the rows of the person in the field `person` that the scope opens.

    A row carries the units of its day; `units` is the prefix under which they are found (``violation__``).
    """
    if scope.everything:
        return Q()
    seen = NOTHING | Q(**{f"{units}branch__in": scope.branches}) | Q(**{f"{units}department__in": scope.departments})
    if scope.own is not None:
        seen |= Q(**{person: scope.own})
    return seen


def violations_seen_by(actor: Employee, *, on: date) -> QuerySet[Violation]:
    """Return one's own violations and those of whom one looks after on that day."""
    return Violation.objects.filter(of_people(scope_of(actor, on=on)))
