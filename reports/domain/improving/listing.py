"""The register of improvement actions: found by state and person, counted, each with its history (A-04)."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet

from reports.choices import ActionState
from reports.models import ImprovementAction
from staff.domain.pages import Page, cut
from staff.models import Employee

ORDERS: Final = {"due": ("due_on", "id"), "-made": ("-made_at", "-id"), "owner": ("owner__name", "due_on", "id")}


def actions(employee: Employee, wanted: Mapping[str, Any], *, on: date) -> Page:
    """Return a page of the actions in the employee's scope. `wanted`: state, whose, sort, page."""
    found = _in_state(ImprovementAction.objects.visible_to(employee, on=on), wanted["state"], on=on)
    if wanted["whose"] == "mine":
        found = found.filter(owner=employee)
    elif wanted["whose"].isdecimal() and len(wanted["whose"]) < 19:
        found = found.filter(owner=int(wanted["whose"]))
    rows = found.order_by(*ORDERS[wanted["sort"]]).values(
        "id", "title", "measure", "state", "due_on", "check_on", "owner_id", owner_name=F("owner__name"),
        maker=F("made_by__name"), unit=F("branch__name"), part=F("department__name"),
    )  # fmt: skip
    return cut(rows, wanted["page"])


def counts(employee: Employee, *, on: date) -> dict[str, int]:
    """Return how many actions the person may see are open, overdue, or wait for the check of their effect."""
    return ImprovementAction.objects.visible_to(employee, on=on).aggregate(
        open=Count("pk", filter=Q(state=ActionState.OPEN)),
        overdue=Count("pk", filter=Q(state=ActionState.OPEN, due_on__lt=on)),
        check=Count("pk", filter=Q(state=ActionState.DONE)),
    )


def owners(employee: Employee, *, on: date) -> list[tuple[str, str]]:
    """Return who answers for actions that the person may see."""
    seen = ImprovementAction.objects.visible_to(employee, on=on).order_by().values("owner")
    people = Employee.objects.filter(pk__in=seen).order_by("pinyin", "username")
    return [(str(one.pk), str(one)) for one in people]


def _in_state(found: QuerySet, state: str, *, on: date) -> QuerySet:
    match state:
        case "open":
            return found.filter(state=ActionState.OPEN)
        case "overdue":
            return found.filter(state=ActionState.OPEN, due_on__lt=on)
        case "waiting":
            return found.filter(state__in=(ActionState.OPEN, ActionState.DONE))
        case "check":
            return found.filter(state=ActionState.DONE)
        case "ended":
            return found.exclude(state__in=(ActionState.OPEN, ActionState.DONE))
    return found
