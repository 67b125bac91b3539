"""How many complaints of customers are open: the field of that name in conditions (POLICY_PACK, Standard codes)."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Q

from complaints.choices import CaseType
from complaints.models import Case


def open_complaints(customers: Iterable[int], *, until: datetime) -> dict[int, int]:
    """Return how many complaints of each customer, told before `until`, were not ended by then; duplicates once.

    `visits.domain.matching.fields.OPEN_COMPLAINTS` asks the same in SQL.
    """
    told = Case.objects.counted().filter(customer__in=customers, type=CaseType.COMPLAINT, opened_at__lt=until)
    standing = told.filter(Q(closed_at=None) | Q(closed_at__gte=until)).order_by()
    return dict(standing.values_list("customer").annotate(Count("pk")))
