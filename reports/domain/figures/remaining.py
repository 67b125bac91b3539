"""What still keeps a figure over problems and cases from a hundred per cent: the list behind K-13."""

from typing import Any, Final

from django.db.models import Q

from reports.domain.figures import cases, contacts
from reports.domain.figures.behind import MOST, Behind
from reports.domain.figures.cases import CASE
from reports.domain.figures.query import Query
from staff.domain.calendar import local_date

LISTED: Final = frozenset({"resolution_rate", "reply_rate"})


def still_open(asked: Query, people: Any, free: Q) -> list[Behind]:
    """Return what is not settled, or not answered, of these people; `free`: which of what nobody has, by its branch.

    Each row names who answers for it in `value`; the oldest come first.
    """
    if asked.kpi.metric not in LISTED:
        return []
    settling = asked.kpi.metric == "resolution_rate"
    found = cases.issues(asked) if settling else cases.cases(asked)
    done = cases.is_settled(asked) if settling else Q(replied_at__lt=asked.until)
    mine = Q(handler__in=people) | (Q(handler=None) & free)
    left = found.filter(mine).exclude(pk__in=found.filter(done).values("pk"))
    columns = ("pk", "number", "opened_at", "handler__name")
    rows = [
        Behind(local_date(at, asked.zone), number, False, who or "", CASE, pk)
        for pk, number, at, who in left.order_by("opened_at").values_list(*columns)[:MOST]
    ]
    if settling:
        problems = contacts.problems(asked)
        open_ones = problems.filter(owner__in=people).exclude(
            pk__in=problems.filter(contacts.settled(asked)).values("pk")
        )
        told = open_ones.order_by("opened_at").values_list("pk", "opened_at", "owner__name")[:MOST]
        rows += [
            Behind(local_date(at, asked.zone), f"#{pk}", False, who, "visits:follow_up", pk) for pk, at, who in told
        ]
    return sorted(rows, key=lambda one: one.on)[:MOST]
