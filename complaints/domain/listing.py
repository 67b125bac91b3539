"""The list of cases: found by the filters of the address, the most pressing first, always inside one's scope."""

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Case as Either
from django.db.models import F, Q, QuerySet, Value, When

from complaints.choices import ENDED, SETTLED, WORKED, Grade
from complaints.domain.clocks import about_rounds
from complaints.models import Case
from complaints.models.case import POINTS
from staff.domain.calendar import day_end, day_start
from staff.domain.pages import Page, cut_by_key
from staff.models import Employee
from visits.domain.finding.searching import customers_matching, prefixed
from visits.domain.obliging.about import thing_of
from visits.domain.planning.rulebook import load_rulebook
from visits.models import Obligation

OPEN: Final = "open"
STATES: Final = {OPEN: (*WORKED, *SETTLED), "worked": WORKED, "settled": SETTLED, "ended": ENDED}
ORDERS: Final = {
    "priority": ("-weight", "opened_at", "id"),
    "-opened": ("-opened_at", "-id"),
    "opened": ("opened_at", "id"),
    "changed": ("-changed_at", "-id"),
}


def cases(employee: Employee, wanted: Mapping[str, Any], *, on: date) -> Page:
    """Return a page of the cases in the employee's scope, with the nearest bound of each.

    `wanted`: q, type, state, source, level, category (with what stands below it), who, first, last, sort, page.
    """
    found = Case.objects.visible_to(employee, on=on).filter(words(wanted["q"]), whose(wanted["who"], employee))
    for name in ("type", "source", "level"):
        if wanted[name]:
            found = found.filter(**{name: wanted[name]})
    if wanted["category"]:
        found = found.filter(category__in=family_of(wanted["category"]))
    state = wanted["state"]
    if state != "all":
        found = found.filter(state__in=STATES.get(state, (state,)))
    return page_of(_opened(found, wanted["first"], wanted["last"]), wanted["sort"], wanted["page"])


def family_of(category: str) -> list[str]:
    """Return a category with those that stand below it in any regulation in force."""
    packs = [book.pack for book in load_rulebook().in_force()]
    return [category, *(one.code for pack in packs for one in pack.category if one.parent == category)]


def words(text: str) -> Q:
    """Return the condition that `text` stands for: a number, a name told or on file, a plate, the last four digits."""
    wanted = unicodedata.normalize("NFKC", text).strip()
    if not wanted or "\0" in wanted:  # which no text of the database can hold
        return Q()
    told = Q(name__icontains=wanted)
    if wanted.isdecimal() and len(wanted) >= len("1234"):
        told |= Q(contact__endswith=wanted)
    numbered = Q(number__istartswith=wanted) | Q(reference__iexact=wanted)
    return numbered | told | prefixed(customers_matching(wanted), "customer")


def whose(who: str, employee: Employee) -> Q:
    """Return the condition that a case is one's own, nobody's yet, or a named person's."""
    match who:
        case "mine":
            return Q(handler=employee) | Q(tracker=employee) | Q(coordinator=employee)
        case "registered":
            return Q(registered_by=employee)
        case "pool":
            return Q(handler=None)
    return Q(handler=int(who)) if who.isdecimal() else Q()


def _opened(found: QuerySet[Case], first: date | None, last: date | None) -> QuerySet[Case]:
    zone = ZoneInfo(settings.TIME_ZONE)
    if first:
        found = found.filter(opened_at__gte=day_start(first, zone))
    return found.filter(opened_at__lt=day_end(last, zone)) if last else found


def weight() -> Any:
    """Return importance × urgency as SQL: 9 is P1 (`Case.priority`)."""
    graded = [
        Either(*(When(**{name: grade}, then=Value(POINTS[grade])) for grade in Grade), default=Value(POINTS[""]))
        for name in ("importance", "urgency")
    ]
    return models.ExpressionWrapper(graded[0] * graded[1], output_field=models.IntegerField())


def page_of(found: QuerySet[Case], sort: str, number: int) -> Page:
    """Return a page of these cases as plain values, a constant number of queries for any of its length."""
    rows = Case.objects.annotate(weight=weight()).values(
        "id", "number", "type", "state", "level", "category", "severity", "importance", "urgency", "source", "name",
        "contact", "summary", "opened_at", "closed_at", "round", "escalations", "role", "release_id", "weight",
        customer_name=F("customer__name"), plate=F("vehicle__plate"), handler_name=F("handler__name"),
        branch_name=F("branch__name"), department_name=F("department__name"),
    )  # fmt: skip
    ordered = found.annotate(weight=weight()).order_by(*ORDERS[sort])
    return cut_by_key(ordered, rows, number, told=_with_bounds)


def _with_bounds(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    due = bounds_of({row["id"]: row["round"] for row in rows})
    for row in rows:
        row["due_at"], row["inclusive"] = due.get(row["id"], (None, True))
    return rows


def bounds_of(cases: Mapping[int, int]) -> dict[int, tuple[datetime, bool]]:
    """Return the nearest running bound of each of these cases (id and round); one that stands still has none."""
    running = Obligation.objects.open().filter(about_rounds(cases), paused_at=None, due_at__isnull=False)
    nearest: dict[int, tuple[datetime, bool]] = {}
    rows = running.order_by().values_list("subject", "due_at", "inclusive")
    for subject, due_at, inclusive in sorted(rows, key=lambda row: (row[1], row[2])):
        nearest.setdefault(int(thing_of(subject)[1]), (due_at, inclusive))
    return nearest
