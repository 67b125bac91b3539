"""What figures of people and units are made of besides their work: where they belong, what they hold, their shifts.

Rows as they stand; whoever has them can tell whose a row of another file is, on any day.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from django.db.models import Count, Q, QuerySet

from complaints.models import WorkOrder
from reports.domain.period import Dataset, Period, Row, plain_rows, snapshot, zone
from staff.domain.periods import period_named
from staff.models import Absence, Ballot, Posting, QualificationHeld, RoleAssignment, Shift

PEOPLE_FIELDS: Final = (
    "employee", "fact", "from_on", "until_on", "branch", "department", "line_manager", "role", "qualification",
    "substitute", "is_active", "left_on",
)  # fmt: skip
SHIFT_FIELDS: Final = (
    "policy", "roster", "branch", "employee", "starts_at", "ends_at", "in_place_of", "withdrawn_at",
)  # fmt: skip
ORDER_FIELDS: Final = ("order", "no", "assignee", "branch", "opened_at", "state")
VOTE_FIELDS: Final = ("policy", "rule", "period", "employee", "votes")
OF_PERSON: Final = ("employee__is_active", "employee__left_on")
NOTHING: Final = (None,)


def people(period: Period) -> Iterator[Row]:
    """Yield the dated facts of everybody that hold on a day of the period: posting, role, qualification, leave.

    A department is named by its branch and itself, as in the figures. Why somebody is on leave does not go out.
    """
    with snapshot():
        for who, first, last, branch, at, name, manager, active, left in _dated(
            Posting, period, "branch__name", "department__branch__name", "department__name", "line_manager__username"
        ):
            unit = "/".join(filter(None, (at, name))) or None
            where = branch or at
            yield (who, "posting", first, last, where, unit, manager, None, None, None, active, left)
        for who, first, last, code, active, left in _dated(RoleAssignment, period, "role__code"):
            yield (who, "role", first, last, *NOTHING * 3, code, None, None, active, left)
        for who, first, last, code, active, left in _dated(QualificationHeld, period, "code"):
            yield (who, "qualification", first, last, *NOTHING * 4, code, None, active, left)
        for who, first, last, deputy, active, left in _dated(Absence, period, "substitute__username"):
            yield (who, "leave", first, last, *NOTHING * 5, deputy, active, left)


def _dated(model: Any, period: Period, *columns: str) -> Iterator[tuple[Any, ...]]:
    found: QuerySet[Any] = model.objects.all()
    if period.last:
        found = found.filter(from_on__lte=period.last)
    if period.first:
        found = found.filter(Q(until_on=None) | Q(until_on__gte=period.first))
    yield from found.order_by("pk").values_list("employee__username", "from_on", "until_on", *columns, *OF_PERSON)


def shifts(period: Period) -> Iterator[Row]:
    """Yield the shifts of the duty roster that begin in the period, taken back ones with the moment."""
    found = Shift.objects.filter(period.of_moments("starts_at"))
    yield from plain_rows(
        found, "policy__slug", "roster", "branch__name", "employee__username", "starts_at", "ends_at",
        "in_place_of__username", "withdrawn_at",
    )  # fmt: skip


def work_orders(period: Period) -> Iterator[Row]:
    """Yield the work orders that were opened in the period; `no` is their case."""
    found = WorkOrder.objects.filter(period.of_moments("opened_at"))
    yield from plain_rows(
        found, "number", "case__number", "assignee__username", "case__branch__name", "opened_at", "state"
    )


def votes(period: Period) -> Iterator[Row]:
    """Yield how many votes everybody got in the elections that ended in the period; who gave them is not told.

    An election is secret while it lasts.
    """
    ended = {
        key for key in Ballot.objects.order_by().values_list("period", flat=True).distinct()
        if _is_told(period_named(key).last, period)
    }  # fmt: skip
    found = Ballot.objects.filter(period__in=ended).order_by("policy__slug", "rule", "period", "choice__username")
    counted = found.values_list("policy__slug", "rule", "period", "choice__username").annotate(count=Count("pk"))
    yield from counted


def _is_told(last: date, period: Period) -> bool:
    today = period.as_of().astimezone(zone()).date()
    within = (period.first is None or last >= period.first) and (period.last is None or last <= period.last)
    return last < today and within


PEOPLE_SETS: Final = (
    Dataset("people", PEOPLE_FIELDS, people),
    Dataset("shifts", SHIFT_FIELDS, shifts),
    Dataset("work_orders", ORDER_FIELDS, work_orders),
    Dataset("votes", VOTE_FIELDS, votes),
)
