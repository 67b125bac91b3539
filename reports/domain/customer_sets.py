"""What conditions ask of customers: what they are and in which segments, without name, contact and number.

Rows as they stand today, as conditions read them; what is counted over orders and visits follows from those data sets.
"""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Final

from reports.domain.period import ROWS_AT_ONCE, Dataset, Period, Row, snapshot
from visits.domain.contact.masking import mask_in_text
from visits.models import Customer, CustomerSegment

FIELDS: Final = (
    "customer", "lifecycle", "type", "region", "area", "influence", "source", "owner", "segments", "attributes",
)  # fmt: skip
COLUMNS: Final = (
    "pk", "lifecycle", "type", "region", "area", "influence", "source", "owner__username", "attributes",
)  # fmt: skip
NO_MORE: Final = 2**63  # behind every id


def customers(period: Period) -> Iterator[Row]:
    """Yield the customers who were registered by the end of the period."""
    found = Customer.objects.filter(Period(last=period.last).of_moments("registered_at")).order_by("pk")
    with snapshot():
        segments = Segments()
        for pk, *plain, attributes in found.values_list(*COLUMNS).iterator(chunk_size=ROWS_AT_ONCE):
            words = {name: mask_in_text(str(text)) for name, text in attributes.items()}
            yield (pk, *(one or None for one in plain), segments.of(pk), words)


class Segments:
    """The segments of each customer, read beside the customers in the same order: one query for all of them."""

    def __init__(self) -> None:
        found = CustomerSegment.objects.order_by("customer", "segment__code").values_list("customer", "segment__code")
        self._groups = groupby(found.iterator(chunk_size=ROWS_AT_ONCE), key=itemgetter(0))
        self._customer = 0
        self._codes: list[str] = []

    def of(self, customer: int) -> list[str]:
        """Return the codes of a customer's segments; customers are asked for in the order of their ids."""
        while self._customer < customer:
            self._customer, group = next(self._groups, (NO_MORE, iter(())))
            self._codes = [code for _customer, code in group]
        return self._codes if self._customer == customer else []


CUSTOMERS: Final = (Dataset("customers", FIELDS, customers),)
