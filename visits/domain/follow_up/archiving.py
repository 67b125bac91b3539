"""The archive of records: recorded, followed up, archived (S-04).

Nobody moves a record into the archive: it is there once nothing lacks and nothing that it left has to be done, since
the day on which the last of it was closed. So the state can never be wrong.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Case, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce, Greatest

from staff.domain.calendar import day_end, day_start
from staff.domain.pages import Page, cut_by_key
from staff.models import Employee
from visits.choices import ArchiveState, FollowUpKind, FollowUpState
from visits.domain.finding.searching import customers_matching, prefixed
from visits.domain.follow_up.limits import RECOMMENDED_REPAIR, RECTIFICATION, SOLUTION
from visits.models import Evidence, FollowUpItem, VisitRecord

ORDERS: Final = {"-saved": ("-id",), "saved": ("id",)}  # as they were saved: an index has that order whatever the scope


def archive(employee: Employee, wanted: Mapping[str, Any], *, on: date) -> Page:
    """Return a page of the records in the employee's scope. `wanted`: q, state, outcome, first, last, sort, page."""
    zone = ZoneInfo(settings.TIME_ZONE)
    found = VisitRecord.objects.visible_to(employee, on=on).current()
    found = found.filter(prefixed(customers_matching(wanted["q"]), "customer"))
    if wanted["outcome"]:
        found = found.filter(outcome=wanted["outcome"])
    if wanted["first"]:
        found = found.filter(started_at__gte=day_start(wanted["first"], zone))
    if wanted["last"]:
        found = found.filter(started_at__lt=day_end(wanted["last"], zone))
    if wanted["state"]:
        found = with_state(found).filter(archive_state=wanted["state"])
    rows = with_state(VisitRecord.objects.all()).values(
        "id", "started_at", "outcome", "satisfied", "problem", "need", "suggestion", "summary", "archive_state",
        "archived_at", "customer_id", customer_name=F("customer__name"), advisor_name=F("advisor__name"),
    )  # fmt: skip
    return cut_by_key(found.order_by(*ORDERS[wanted["sort"]]), rows, wanted["page"])


def with_state(records: QuerySet[VisitRecord]) -> QuerySet[Any]:
    """Return records with `archive_state`, and `archived_at` for those of the archive."""
    items = FollowUpItem.objects.standing().filter(record=OuterRef("pk")).order_by()
    closed = items.values("record").annotate(last=Max("closed_at")).values("last")
    state = Case(
        When(Exists(items.filter(closed_at=None)), then=Value(ArchiveState.FOLLOW_UP)),
        When(_complete(items), then=Value(ArchiveState.ARCHIVED)),
        default=Value(ArchiveState.RECORDED),
        output_field=TextField(),
    )
    ended = Greatest("logged_at", Coalesce(Subquery(closed), "logged_at"))
    return records.annotate(archive_state=state).annotate(
        archived_at=Case(When(archive_state=ArchiveState.ARCHIVED, then=ended), default=None)
    )


def _complete(items: QuerySet[FollowUpItem]) -> Q:
    """Return the condition that nothing lacks today: nothing lacked, or the one thing that did was mended since."""
    proof = Exists(Evidence.objects.filter(record=OuterRef("pk")))
    repair = Exists(items.filter(kind=FollowUpKind.RECOMMENDED_REPAIR))
    result = Exists(items.filter(kind=FollowUpKind.PROBLEM, state=FollowUpState.SETTLED))
    mended = Q(Q(incomplete=["evidence"]) | Q(incomplete=["signature"]), proof)
    mended |= Q(Q(incomplete=[RECOMMENDED_REPAIR]), repair)
    mended |= Q(Q(incomplete=[RECTIFICATION]) | Q(incomplete=[SOLUTION]), result)
    return Q(incomplete=[]) | mended
