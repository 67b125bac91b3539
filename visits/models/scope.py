"""Which rows a scope opens: one condition per model, used by every `visible_to` (DECISIONS 1)."""

from django.apps import apps
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from staff.domain.access import Scope

NOTHING = Q(pk__in=[])


def of_tasks(scope: Scope) -> Q:
    """Return the tasks that the scope opens: one's own, one's pools, one's units, or all."""
    if scope.everything:
        return Q()
    seen = NOTHING | Q(branch__in=scope.branches) | Q(department__in=scope.departments)
    if scope.own is not None:
        seen |= Q(assignee=scope.own)
        seen |= Q(assignee=None, role__in=scope.pools) & (Q(branch=None) | Q(branch__in=scope.home_branches))
    return seen


def of_events(scope: Scope) -> Q:
    """Return the events that the scope opens: those one advised or has a task of, one's units', or all."""
    if scope.everything:
        return Q()
    seen = NOTHING | Q(branch__in=scope.branches) | Q(department__in=scope.departments)
    if scope.own is not None:
        seen |= Q(advisor=scope.own) | Q(_has_task(scope, "event"))
    return seen


def of_series(scope: Scope) -> Q:
    """Return the series that the scope opens: of events one advised or customers one owns, of one's units, or all."""
    if scope.everything:
        return Q()
    seen = NOTHING | Q(event__branch__in=scope.branches) | Q(event__department__in=scope.departments)
    if scope.own is not None:
        seen |= Q(event__advisor=scope.own) | Q(customer__owner=scope.own)
    return seen


def of_records(scope: Scope) -> Q:
    """Return the records that the scope opens: those of customers one has work with, one's units', or all."""
    if scope.everything:
        return Q()
    seen = NOTHING | Q(branch__in=scope.branches) | Q(_has_task(scope, "customer", outer="customer"))
    if scope.own is not None:
        seen |= Q(advisor=scope.own)
    return seen


def of_customers(scope: Scope) -> Q:
    """Return the customers of the events and tasks that the scope opens."""
    if scope.everything:
        return Q()
    from_events = _rows("ServiceEvent").filter(of_events(scope), **one_by_one("customer", "pk"))
    return Q(_has_task(scope, "customer")) | Q(Exists(from_events))


def of_evidence(scope: Scope) -> Q:
    """Return the evidence of tasks and records that are one's own or one's units', or all (RELIABILITY T06).

    A record may be read by whoever works with its customer; its recordings are for those who answer for the task.
    """
    if scope.everything:
        return Q()
    tasks = _rows("VisitTask").filter(of_tasks(scope))
    links = _rows("RecordTask").filter(record=OuterRef("record"), task__in=tasks)
    seen = NOTHING | Q(Exists(tasks.filter(pk=OuterRef("task")))) | Q(Exists(links))
    seen |= Q(record__branch__in=scope.branches)
    if scope.own is not None:
        seen |= Q(uploaded_by=scope.own) | Q(record__advisor=scope.own)
    return seen


def of_follow_ups(scope: Scope) -> Q:
    """Return the follow-ups that the scope opens: one's own, those of customers one has work with, one's units'."""
    if scope.everything:
        return Q()
    seen = NOTHING | Q(branch__in=scope.branches) | Q(department__in=scope.departments)
    if scope.own is not None:
        seen |= Q(owner=scope.own) | Q(record__advisor=scope.own)
    return seen | Q(_has_task(scope, "customer", outer="customer"))


def of_vehicles(scope: Scope) -> Q:
    """Return the vehicles of the events, follow-ups and customers that the scope opens."""
    if scope.everything:
        return Q()
    from_events = _rows("ServiceEvent").filter(of_events(scope), vehicle=OuterRef("pk"))
    from_follow_ups = _rows("FollowUpItem").filter(of_follow_ups(scope), vehicle=OuterRef("pk"))
    customers = _rows("Customer").filter(of_customers(scope))
    owned = _rows("Ownership").filter(customer__in=customers, vehicle=OuterRef("pk"))
    return Q(Exists(from_events)) | Q(Exists(from_follow_ups)) | Q(Exists(owned))


def of_changes(scope: Scope) -> Q:
    """Return the changes of the files of customers whom the scope opens."""
    if scope.everything:
        return Q()
    seen = _rows("Customer").filter(of_customers(scope)).values("pk")
    return Q(customer__in=seen)


def _has_task(scope: Scope, field: str, outer: str = "pk") -> Exists:
    return Exists(_rows("VisitTask").filter(of_tasks(scope), **one_by_one(field, outer)))


def one_by_one(field: str, outer: str) -> dict[str, OuterRef]:
    """Return the condition that a row belongs to the outer one, said twice so that each is looked up by its index.

    Said once, PostgreSQL gathers all tasks of the scope from the whole table first: it takes it that every outer row
    will be asked about, where a page ends after fifty. What is not a plain equality it cannot gather.
    """
    return {field: OuterRef(outer), f"{field}__gte": OuterRef(outer)}


def _rows(model: str) -> QuerySet[Model]:
    return apps.get_model("visits", model)._base_manager.all()  # by name: models import this module
