"""What is known of events, field by field, as conditions see it: the twin in Python of what `matching` asks in SQL.

A constant number of queries, however many events. A field that is lacking is not in the facts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Max, Min, QuerySet, Sum
from django.utils.module_loading import import_string

from config.packs import codes
from config.wiring import OPEN_COMPLAINTS
from staff.domain.calendar import day_end, local_date
from visits.choices import Outcome
from visits.domain.matching.fields import HEADERS, NO_ORDERS, SERVICES, field_of
from visits.models import Customer, CustomerSegment, ServiceEvent, Vehicle, VisitRecord

Facts = dict[str, Any]

RELATED: Final = ("kind", "branch", "department", "advisor", "customer__owner", "vehicle")


@dataclass(frozen=True)
class Figures:
    """What is computed over all that a customer did, per customer, as of one day."""

    on: date
    zone: ZoneInfo
    segments: Mapping[int, list[str]]
    orders: Mapping[int, Mapping[str, Any]]
    services: Mapping[int, Mapping[str, Any]]
    last_visit: Mapping[int, datetime]
    complaints: Mapping[int, int]


def facts_of(events: Iterable[ServiceEvent], *, on: date) -> dict[int, Facts]:
    """Return the facts of each event, by its id, as of the local day `on`."""
    ids = [event.pk for event in events]
    found = list(ServiceEvent.objects.filter(pk__in=ids).select_related(*RELATED))
    figures = figures_of({event.customer_id for event in found}, on=on)
    return {event.pk: event_facts(event, figures) for event in found}


def facts_of_customers(customers: Iterable[Customer], *, on: date) -> dict[int, Facts]:
    """Return the facts of each customer, by id, as of the local day `on`: as of an event, but without one."""
    ids = [customer.pk for customer in customers]
    found = list(Customer.objects.filter(pk__in=ids).select_related("owner"))
    figures = figures_of(set(ids), on=on)
    return {customer.pk: customer_facts(customer, figures) for customer in found}


def event_facts(event: ServiceEvent, figures: Figures) -> Facts:
    """Return the facts of one event: its own, its customer's, its vehicle's, and its further columns."""
    own = {
        **of_customer(event.customer, figures),
        **of_vehicle(event.vehicle, figures.on),
        **of_order(event, figures.zone),
    }
    if event.kind.code == codes.CUSTOMER:
        own["source"] = event.customer.source
    return joined(own, {**texts(event.customer.attributes), **texts(event.attributes)})


def customer_facts(customer: Customer, figures: Figures) -> Facts:
    """Return the facts of a customer without an event."""
    own = {**of_customer(customer, figures), "source": customer.source}
    return joined(own, texts(customer.attributes))


def joined(own: Facts, further: Mapping[str, str]) -> Facts:
    """Put the further columns among the standard fields, each as its field says, and drop what is empty."""
    facts = {name: value for name, value in own.items() if value not in (None, "", [])}
    facts |= {header: facts[name] for header, name in HEADERS.items() if name in facts}
    for name, text in further.items():
        field = field_of(name)
        if field is None or field.attribute == "before" or (field.attribute and name not in facts):
            facts[name] = text
    return facts


def texts(attributes: Mapping[str, Any]) -> dict[str, str]:
    """Return the further columns as the text that they are kept as; truth values as JSON spells them."""
    return {name: as_kept(value) for name, value in attributes.items() if value not in (None, "")}


def as_kept(value: Any) -> str:
    """Return one value of JSON as text."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def of_order(event: ServiceEvent, zone: ZoneInfo) -> Facts:
    """Return the fields of the event itself; moments in local time."""
    return {
        "order_no": event.order_no,
        "kind": [word for word in (event.kind.code, event.kind.title) if word],
        "at": event.happened_at.astimezone(zone),
        "due": event.due_at and event.due_at.astimezone(zone),
        "department": event.department and event.department.name,
        "branch": event.branch and event.branch.name,
        "advisor": names(event.advisor),
        "amount": event.amount,
        "css": event.css,
        "rating": event.rating,
        "source": event.source,
        "product": event.product,
        "备注": event.remark,
    }


def of_customer(customer: Customer, figures: Figures) -> Facts:
    """Return the fields of the customer, those computed over all orders and visits included."""
    plain = ("name", "contact", "lifecycle", "type", "company", "region", "area", "influence")
    orders, services = (by.get(customer.pk, {}) for by in (figures.orders, figures.services))
    last_visit = figures.last_visit.get(customer.pk)
    return {
        **{name: getattr(customer, name) for name in plain},
        "客户来源": customer.source,
        "owner": names(customer.owner),
        "segment": figures.segments.get(customer.pk, []),
        "first_service_days": days_since(services.get("first"), figures.on),
        "last_order_days": days_since(orders.get("last"), figures.on),
        "last_visit_days": days_since(last_visit and local_date(last_visit, figures.zone), figures.on),
        "order_interval_days": interval(orders),
        "order_count": orders.get("count", 0),
        "order_total": orders.get("total") or Decimal(0),
        "service_count": services.get("count", 0),
        "open_complaints": figures.complaints.get(customer.pk, 0),
    }


def of_vehicle(vehicle: Vehicle | None, on: date) -> Facts:
    """Return the fields of the vehicle; none where the event has none."""
    if vehicle is None:
        return {}
    warranty = vehicle.warranty_until
    return {
        "VIN": vehicle.vin,
        "model": vehicle.model,
        "plate": vehicle.plate,
        "mileage": vehicle.mileage,
        "age_days": days_since(vehicle.first_registered_on, on),
        "warranty_left_days": (warranty - on).days if warranty else None,
        "high_tech": vehicle.high_tech,
    }


def names(person: Any) -> list[str]:
    """Return what a person is known by in a condition: the user name and the name."""
    return [person.username, person.name] if person else []


def days_since(day: date | None, on: date) -> int | None:
    """Return how many days ago `day` was; None where there is none."""
    return (on - day).days if day else None


def interval(orders: Mapping[str, Any]) -> int | None:
    """Return the whole days between orders on average; None below two orders."""
    if orders.get("count", 0) < 2:
        return None
    return int((orders["last"] - orders["first"]).days // (orders["count"] - 1))


def figures_of(customers: set[int], *, on: date) -> Figures:
    """Compute the figures of these customers, by id, as of the local day `on`."""
    zone = ZoneInfo(settings.TIME_ZONE)
    segments: dict[int, list[str]] = {}
    memberships = CustomerSegment.objects.filter(customer__in=customers)
    named = memberships.order_by("segment__code").values_list("customer_id", "segment__code", "segment__title")
    for customer, *words in named:
        segments.setdefault(customer, []).extend(word for word in words if word)
    return Figures(
        on,
        zone,
        segments,
        orders_of(customers, NO_ORDERS, on=on),
        orders_of(customers, SERVICES, on=on),
        last_visits(customers, until=day_end(on, zone)),
        import_string(OPEN_COMPLAINTS)(customers, until=day_end(on, zone)),
    )


def orders_of(customers: set[int], without: tuple[str, ...], *, on: date) -> dict[int, dict[str, Any]]:
    """Return number, sum, first and last day of each customer's orders up to `on`, kinds in `without` left out."""
    orders: QuerySet[ServiceEvent] = ServiceEvent.objects.filter(
        customer__in=customers, happened_on__lte=on, kind__many=False
    ).exclude(kind__code__in=without)
    grouped = (
        orders.order_by()
        .values("customer")
        .annotate(count=Count("id"), total=Sum("amount"), first=Min("happened_on"), last=Max("happened_on"))
    )
    return {row["customer"]: dict(row) for row in grouped}


def last_visits(customers: set[int], *, until: datetime) -> dict[int, datetime]:
    """Return when each customer was last reached before `until`, by records that still stand."""
    reached = VisitRecord.objects.current().filter(
        customer__in=customers, outcome=Outcome.REACHED, started_at__lt=until
    )
    return dict(reached.order_by().values_list("customer").annotate(Max("started_at")))
