"""Finding people by what is at hand: a name, its pinyin, a plate, the last four digits, a whole number.

What is found still has to pass `visible_to`: a search never reaches beyond one's scope (DECISIONS 31).
"""

import re
import unicodedata
from typing import Any

from django.db.models import Q
from django.db.models.functions import Right

from visits.domain.contact.numbers import normalise
from visits.models import ContactNumber, Ownership, ServiceEvent, Vehicle

PLATE_OR_VIN = re.compile(r"[一-龥]?[A-Z0-9·]{3,17}")


def customers_matching(text: str) -> Q:
    """Return the condition on customers that `text` stands for; the empty text stands for all."""
    wanted = unicodedata.normalize("NFKC", text).strip()
    if not wanted:
        return Q()
    if re.fullmatch(r"\d{4}", wanted):
        return _by_last_four(wanted)
    if numbers := normalise(wanted):
        return _by_number(number__in=numbers)
    by_name = Q(name__icontains=wanted) | Q(pinyin__icontains=wanted.replace(" ", ""))
    plate = wanted.upper().replace(" ", "").replace("-", "")
    return by_name | _by_plate(plate) if PLATE_OR_VIN.fullmatch(plate) else by_name


def events_matching(text: str) -> Q:
    """Return the condition on events: by order number, else by the customer."""
    wanted = unicodedata.normalize("NFKC", text).strip()
    if not wanted:
        return Q()
    return Q(order_no__istartswith=wanted) | prefixed(customers_matching(wanted), "customer")


def tasks_matching(text: str) -> Q:
    """Return the condition on tasks: by the order number of their event, else by the customer."""
    wanted = unicodedata.normalize("NFKC", text).strip()
    if not wanted:
        return Q()
    return Q(event__order_no__istartswith=wanted) | prefixed(customers_matching(wanted), "customer")


def prefixed(condition: Q, relation: str) -> Q:
    """Return a condition on customers as one on rows that have a customer."""
    return Q(
        *(
            prefixed(child, relation) if isinstance(child, Q) else _renamed(child, relation)
            for child in condition.children
        ),
        _connector=condition.connector,
        _negated=condition.negated,
    )


def _renamed(pair: Any, relation: str) -> tuple[str, Any]:
    name, value = pair
    return f"{relation}__{name}", value


def _by_number(**condition: object) -> Q:
    numbers = ContactNumber.objects.filter(valid_until=None, **condition)
    return Q(pk__in=numbers.order_by().values("customer"))


def _by_last_four(digits: str) -> Q:
    """Return the condition of a number, a plate or a VIN that ends so.

    Each end has an index. One set of ids and not three conditions with "or": those would be asked of each customer.
    """
    ends = Vehicle.objects.annotate(plate_end=Right("plate", 4), vin_end=Right("vin", 4)).order_by()
    vehicles = ends.filter(plate_end=digits).values("pk").union(ends.filter(vin_end=digits).values("pk"))
    numbers = ContactNumber.objects.filter(valid_until=None, last_four=digits).order_by().values("customer")
    owned = Ownership.objects.filter(vehicle__in=vehicles, until_at=None).order_by().values("customer")
    driven = ServiceEvent.objects.filter(vehicle__in=vehicles).order_by().values("customer")
    return Q(pk__in=numbers.union(owned, driven))


def _by_plate(plate: str) -> Q:
    same = Q(vehicle__plate__icontains=plate) | Q(vehicle__vin__iendswith=plate)
    owned = Ownership.objects.filter(same, until_at=None).order_by().values("customer")
    driven = ServiceEvent.objects.filter(same).order_by().values("customer")
    return Q(pk__in=owned) | Q(pk__in=driven)
