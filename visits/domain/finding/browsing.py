"""What the lists show: tasks, events, customers, found, ordered and cut into pages, always inside one's scope.

Each list is one query whose rows hold plain values, so that a page costs the same for one row and for fifty.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import CharField, Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from staff.domain.calendar import day_end, day_start
from staff.domain.pages import EVERY, PAGE, Page, cut_by_key, page_of_keys
from staff.models import Employee
from visits.choices import TaskStatus
from visits.domain.finding.searching import customers_matching, events_matching, tasks_matching
from visits.models import ContactNumber, Customer, Ownership, ServiceEvent, VisitTask

TASK_ORDERS: Final = {
    "closes": ("closes_at", "id"),
    "-closes": ("-closes_at", "-id"),
    "opens": ("opens_at", "id"),
    "customer": ("customer__pinyin", "customer__name", "id"),
    "priority": ("-priority", "closes_at", "id"),
    "attempts": ("-attempts", "closes_at", "id"),
}
EVENT_ORDERS: Final = {
    "-happened": ("-happened_at", "-id"),
    "happened": ("happened_at", "id"),
    "customer": ("customer__pinyin", "customer__name", "id"),
    "css": (F("css").asc(nulls_last=True), "-happened_at", "id"),
    "-amount": (F("amount").desc(nulls_last=True), "-happened_at", "id"),
}
CUSTOMER_ORDERS: Final = {
    "name": ("pinyin", "name", "id"),
    "-registered": ("-registered_at", "-id"),
    "-last_event": (F("last_event_at").desc(nulls_last=True), "id"),
    "-open_tasks": ("-open_tasks", "pinyin", "name", "id"),
}
BY_WORK: Final = ("-last_event", "-open_tasks")  # orders of customers by what they have


def tasks(employee: Employee, wanted: Mapping[str, Any], *, now: datetime, on: date) -> Page:
    """Return a page of the tasks in the employee's scope. `wanted`: q, status, due, who, sort, page."""
    found = VisitTask.objects.visible_to(employee, on=on).filter(
        tasks_matching(wanted["q"]),
        _due(wanted["due"], now=now, on=on),
        _whose(wanted["who"], employee),
    )
    if wanted["status"] != "all":
        found = found.filter(status=wanted["status"])
    return task_page(found, wanted["sort"], wanted["page"])


def task_page(found: QuerySet[Any], sort: str, number: int) -> Page:
    """Return a page of these tasks, in one of `TASK_ORDERS`."""
    rows = VisitTask.objects.values(
        "id", "status", "urgency", "opens_at", "closes_at", "closes_inclusive", "attempts", "priority",
        "call_back_at", "next_attempt_at", "customer_id", "event_id",
        customer_name=F("customer__name"), plate=F("event__vehicle__plate"), order_no=F("event__order_no"),
        title=F("step__title"), rule_title=F("step__rule__title"), rule_code=F("step__rule__code"),
        assignee_name=F("assignee__name"),
    )  # fmt: skip
    return cut_by_key(found.order_by(*TASK_ORDERS[sort]), rows, number)


def events(employee: Employee, wanted: Mapping[str, Any], *, on: date) -> Page:
    """Return a page of the events in the employee's scope. `wanted`: q, kind, first, last, tasks, sort, page."""
    zone = ZoneInfo(settings.TIME_ZONE)
    found = ServiceEvent.objects.visible_to(employee, on=on).filter(events_matching(wanted["q"]))
    if wanted["kind"]:
        found = found.filter(kind__code=wanted["kind"])
    if wanted["first"]:
        found = found.filter(happened_at__gte=day_start(wanted["first"], zone))
    if wanted["last"]:
        found = found.filter(happened_at__lt=day_end(wanted["last"], zone))
    if wanted["tasks"]:
        found = found.filter(tasks__isnull=wanted["tasks"] == "without").distinct()
    rows = ServiceEvent.objects.values(
        "id", "order_no", "happened_at", "amount", "css", "rating", "history", "customer_id",
        kind_title=F("kind__title"), kind_code=F("kind__code"), customer_name=F("customer__name"),
        plate=F("vehicle__plate"), model=F("vehicle__model"), advisor_name=F("advisor__name"),
        task_count=_count(VisitTask.objects.filter(event=OuterRef("pk")), "event"),
    )  # fmt: skip
    return cut_by_key(found.order_by(*EVENT_ORDERS[wanted["sort"]]), rows, wanted["page"])


def customers(employee: Employee, wanted: Mapping[str, Any], *, on: date) -> Page:
    """Return a page of the customers in the employee's scope. `wanted`: q, segment, sort, page."""
    found = Customer.objects.visible_to(employee, on=on).filter(customers_matching(wanted["q"]), merged_into=None)
    if wanted["segment"]:
        found = found.filter(memberships__segment__code=wanted["segment"])
    numbers = ContactNumber.objects.filter(customer=OuterRef("pk"), is_primary=True, valid_until=None)
    owned = Ownership.objects.filter(customer=OuterRef("pk"), until_at=None).order_by("-from_at", "-id")
    rows = _with_work(Customer.objects.all()).annotate(
        number=Subquery(numbers.values("number")[:1]),
        plate=Subquery(owned.values("vehicle__plate")[:1], output_field=CharField()),
        model=Subquery(owned.values("vehicle__model")[:1]),
    )
    shown = rows.values("id", "name", "left_at", "number", "plate", "model", "last_event_at", "open_tasks")
    if wanted["sort"] not in BY_WORK:
        return cut_by_key(found.order_by(*CUSTOMER_ORDERS[wanted["sort"]]), shown, wanted["page"])
    if wanted["q"] or wanted["segment"] or wanted["page"] == EVERY:  # few, whose work is soon counted, or all of them
        return cut_by_key(_with_work(found).order_by(*CUSTOMER_ORDERS[wanted["sort"]]), shown, wanted["page"])
    return page_of_keys(list(_by_work(found, wanted["sort"], wanted["page"])), shown, wanted["page"])


def _with_work(customers: QuerySet[Customer]) -> QuerySet[Any, Any]:
    """Annotate customers with their last event and the number of their open tasks."""
    events_of = ServiceEvent.objects.filter(customer=OuterRef("pk")).order_by().values("customer")
    return customers.annotate(
        last_event_at=Subquery(events_of.annotate(last=Max("happened_at")).values("last")),
        open_tasks=_count(VisitTask.objects.filter(customer=OuterRef("pk"), status=TaskStatus.OPEN), "customer"),
    )


def _by_work(found: QuerySet[Customer], sort: str, number: int) -> Iterator[int]:
    """Yield the ids of a page of customers, and of one more, in the order of `_with_work`, those without any last.

    Read from the events, or from the open tasks, which end after a page: what each customer of a company has last
    would have to be looked up of all of them first.
    """
    seen = found.order_by().values("pk")
    having: QuerySet[Any]
    rest: QuerySet[Any]
    if sort == "-last_event":
        later = ServiceEvent.objects.filter(customer=OuterRef("customer")).filter(
            Q(happened_at__gt=OuterRef("happened_at")) | Q(happened_at=OuterRef("happened_at"), pk__gt=OuterRef("pk"))
        )
        rows = ServiceEvent.objects.filter(~Exists(later), Exists(found.filter(pk=OuterRef("customer"))))
        having, rest = rows.order_by("-happened_at", "customer"), ServiceEvent.objects.all()
    else:
        rest = VisitTask.objects.filter(status=TaskStatus.OPEN)
        grouped = rest.filter(customer__in=seen).order_by().values("customer").annotate(count=Count("pk"))
        having = grouped.order_by("-count", "customer__pinyin", "customer__name", "customer")
    first, last = (number - 1) * PAGE, number * PAGE + 1
    page = list(having.values_list("customer", flat=True)[first:last])
    yield from page
    if len(page) < PAGE + 1:
        before = first + len(page) if page else having.count()
        order = ("id",) if sort == "-last_event" else ("pinyin", "name", "id")
        others = found.filter(~Exists(rest.filter(customer=OuterRef("pk")))).order_by(*order)
        yield from others.values_list("pk", flat=True)[max(first - before, 0) : last - before]


def _count(rows: QuerySet[Any], group: str) -> Coalesce:
    counted = rows.order_by().values(group).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)


def _due(due: str, *, now: datetime, on: date) -> Q:
    zone = ZoneInfo(settings.TIME_ZONE)
    tonight = day_end(on, zone)
    match due:
        case "overdue":
            return past(now)
        case "today":
            return ~past(now) & past(tonight)
        case "later":
            return ~past(tonight)
        case "call_back":
            return Q(call_back_at__isnull=False)
    return Q()


def past(moment: datetime) -> Q:
    """Return the condition of a window that is over at `moment`; an inclusive bound is not over at itself."""
    return Q(closes_at__lt=moment) | Q(closes_at=moment, closes_inclusive=False)


def _whose(who: str, employee: Employee) -> Q:
    match who:
        case "mine":
            return Q(assignee=employee)
        case "pool":
            return Q(assignee=None)
        case "named":
            return Q(assignee=None, role="")
    return Q(assignee=int(who)) if who.isdecimal() else Q()
