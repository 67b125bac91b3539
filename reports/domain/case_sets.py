"""What goes out of the book of complaints: each case with its fate; a duplicate names the case it was merged into."""

from collections.abc import Iterator
from typing import Final

from complaints.models import Case
from reports.domain.period import Dataset, Period, Row, in_zone, snapshot, zone

ROWS_AT_ONCE: Final = 2_000

CASE_FIELDS: Final = (
    "no", "customer", "level", "category", "channel", "state", "opened_at", "replied_at", "resolved_at", "verified_at",
    "handler", "escalations", "duplicates_of", "type", "branch", "department", "exemption", "closed_at",
    "follow_up",
)  # fmt: skip
CASE_COLUMNS: Final = (
    "number", "customer_id", "level", "category", "source", "state", "opened_at", "replied_at", "resolved_at",
    "verified_at", "handler__username", "escalations", "merged_into__number", "type", "branch__name",
    "department__name", "exemption", "closed_at", "follow_up_id",
)  # fmt: skip
MOMENTS: Final = ("opened_at", "replied_at", "resolved_at", "verified_at", "closed_at")


def complaints(period: Period) -> Iterator[Row]:
    """Yield the cases that were told of in the period, in the order in which they were registered."""
    found = Case.objects.filter(period.of_moments("opened_at")).order_by("id").values_list(*CASE_COLUMNS)
    here = zone()
    with snapshot():
        for row in found.iterator(chunk_size=ROWS_AT_ONCE):
            facts = dict(zip(CASE_FIELDS, row, strict=True))
            facts |= {name: in_zone(facts[name], here) for name in MOMENTS}
            facts |= {name: facts[name] or None for name in ("level", "category", "exemption")}
            yield tuple(facts.values())


CASES: Final = (Dataset("complaints", CASE_FIELDS, complaints),)
