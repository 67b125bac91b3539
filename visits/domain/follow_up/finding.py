"""Which follow-ups there are: lists, what is due, who keeps customers waiting (P-04, Q-05, S-06)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.conf import settings
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When

from staff.domain.access import CALLERS
from staff.domain.pages import Page, cut_by_key
from staff.models import Employee, Posting, RoleAssignment
from visits.choices import FollowUpKind, FollowUpState
from visits.domain.finding.searching import customers_matching, prefixed
from visits.models import FollowUpItem

ORDERS: Final = {
    "due": (F("due_at").asc(nulls_last=True), "waiting_since", "id"),
    "waiting": ("waiting_since", "id"),
    "-opened": ("-opened_at", "-id"),
    "owner": ("owner__name", F("due_at").asc(nulls_last=True), "id"),
}
CLOCKED: Final = (FollowUpKind.PROBLEM, FollowUpKind.COMPLAINT, FollowUpKind.QUESTION)  # the customer waits for a word


@dataclass(frozen=True, slots=True)
class Burden:
    """What one person answers for: how much waits, how much of it is overdue or keeps a customer waiting too long."""

    id: int
    name: str
    waiting: int
    overdue: int
    silent: int


def colleagues(branch: int | None, *, on: date) -> list[tuple[int, str]]:
    """Return who works with customers, those of the branch first, by name."""
    calls = RoleAssignment.objects.on(on).filter(employee=OuterRef("pk"), role__like__in=CALLERS)
    near = Posting.objects.on(on).filter(Q(branch=branch) | Q(department__branch=branch), employee=OuterRef("pk"))
    people = Employee.objects.filter(Exists(calls), is_active=True).annotate(is_near=Exists(near))
    found = people.order_by("-is_near", "name", "username").values_list("pk", "name", "username")
    return [(pk, name or username) for pk, name, username in found]


def follow_ups(employee: Employee, wanted: Mapping[str, Any], *, now: datetime, on: date) -> Page:
    """Return a page of the follow-ups in the employee's scope. `wanted`: q, kind, state, due, whose, sort, page."""
    found = FollowUpItem.objects.visible_to(employee, on=on).filter(
        _words(wanted["q"]), _due(wanted["due"], now=now, on=on), _whose(wanted["whose"], employee)
    )
    if wanted["kind"]:
        found = found.filter(kind=wanted["kind"])
    found = found.waiting() if wanted["state"] == "waiting" else _in_state(found, wanted["state"])
    rows = FollowUpItem.objects.values(
        "id", "kind", "state", "text", "result", "number", "due_on", "due_at", "opened_at", "waiting_since",
        "closed_at", "arrived_at", "reopened", "customer_id", "owner_id", "vehicle_id",
        customer_name=F("customer__name"), plate=F("vehicle__plate"), vin=F("vehicle__vin"),
        owner_name=F("owner__name"),
    )  # fmt: skip
    return cut_by_key(found.order_by(*ORDERS[wanted["sort"]]), rows, wanted["page"])


def burdens(employee: Employee, *, now: datetime, on: date) -> list[Burden]:
    """Return the people whose follow-ups one may see, the most overdue first (Q-05)."""
    seen = FollowUpItem.objects.visible_to(employee, on=on).waiting().order_by()
    counted = seen.values("owner", "owner__name", "owner__username").annotate(
        all=Count("pk"), overdue=_count(Q(due_at__lte=now)), silent=_count(_silent(now))
    )
    found = [
        Burden(row["owner"], row["owner__name"] or row["owner__username"], row["all"], row["overdue"], row["silent"])
        for row in counted
    ]
    return sorted(found, key=lambda one: (-one.overdue, -one.silent, -one.waiting, one.name))


def keeps_waiting(waiting_since: datetime, *, now: datetime) -> bool:
    """Say whether the customer has had no word for too long; at the limit itself they have (S-06)."""
    return now >= waiting_since + settings.PROGRESS_AFTER


def of_customer(customer: int, *, waiting: bool = False) -> QuerySet[FollowUpItem]:
    """Return the follow-ups of a customer, what waits first, then the latest."""
    found = FollowUpItem.objects.standing().filter(customer=customer)
    found = found.waiting() if waiting else found
    first = Case(When(closed_at=None, then=Value(0)), default=Value(1), output_field=IntegerField())
    return found.select_related("owner", "vehicle").order_by(first, "due_at", "-opened_at", "-pk")


def _count(condition: Q) -> Count:
    return Count("pk", filter=condition)


def _silent(now: datetime) -> Q:
    return Q(kind__in=CLOCKED, waiting_since__lte=now - settings.PROGRESS_AFTER)


def _words(text: str) -> Q:
    return prefixed(customers_matching(text), "customer")


def _in_state(found: QuerySet[FollowUpItem], state: str) -> QuerySet[FollowUpItem]:
    return found if state == "all" else found.filter(state=FollowUpState(state))


def _due(due: str, *, now: datetime, on: date) -> Q:
    """Return the condition of one filter by time."""
    match due:
        case "overdue":
            return Q(due_at__lte=now)
        case "today":
            return Q(due_on__lte=on)
        case "silent":
            return _silent(now)
    return Q()


def _whose(whose: str, employee: Employee) -> Q:
    if whose == "mine":
        return Q(owner=employee)
    return Q(owner=int(whose)) if whose.isdecimal() and len(whose) < 19 else Q()
