"""The end of promised days: which cars have come, which have not (A-14, DECISIONS 28)."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, OuterRef, Subquery

from config.clock import local_day
from staff.domain.activity import log_many
from staff.domain.quarantine import Ward, one_by_one
from visits.choices import FollowUpDeedKind, FollowUpKind, FollowUpState
from visits.domain.follow_up.handling import Changed, arrive
from visits.models import FollowUpDeed, FollowUpItem, ServiceEvent

# Kinds of events that a car need not be there for: lists, wishes, what the program itself tells.
NO_ARRIVAL: Final = (
    "list_received", "customer", "customer_request", "assigned", "visit_recorded", "survey_answered",
    "complaint_registered", "complaint_resolved", "work_order_opened", "violation_found", "kpi_missed",
    "project_started", "released",
)  # fmt: skip
LOOKED_BACK: Final = timedelta(days=35)  # how late the export of a promised day may come and still mend it
AT_ONCE: Final = 500


def watch_returns(*, now: datetime) -> dict[str, int]:
    """Note the cars that have come, by their next event; then end the promised days without one (a job of each tick).

    An export that comes late mends a missed appointment if the event in it lies within the promised day.
    """
    come = dict(_come(now))
    ward = Ward("watch_returns", "followupitem", now=now)
    found = one_by_one(ward, come, lambda item: Counter(arrived=_arrive(item, come[item], now)))
    return {"arrived": found["arrived"], "missed": miss_ended(now=now)}


def _come(now: datetime) -> list[tuple[int, int]]:
    """Return the awaited appointments whose car has an event since, each with the first such event."""
    seen = ServiceEvent.objects.filter(vehicle=OuterRef("vehicle"), happened_at__gt=OuterRef("opened_at"))
    seen = seen.filter(happened_at__lte=now, kind__many=False).exclude(kind__code__in=NO_ARRIVAL)
    first = seen.order_by("happened_at", "id").values("pk")[:1]
    awaited = FollowUpItem.objects.filter(
        kind=FollowUpKind.RETURN_APPOINTMENT, arrived_at=None, due_at__gt=now - LOOKED_BACK, vehicle__isnull=False,
        state__in=(FollowUpState.BOOKED, FollowUpState.MISSED),
    )  # fmt: skip
    found = awaited.annotate(seen_by=Subquery(first)).filter(seen_by__isnull=False)
    return list(found.order_by("pk").values_list("pk", "seen_by"))


def _arrive(item: int, seen_by: int, now: datetime) -> int:
    event = ServiceEvent.objects.get(pk=seen_by)
    try:
        with transaction.atomic():
            arrive(
                FollowUpItem.objects.get(pk=item),
                at=event.happened_at,
                on=event.happened_on,
                now=now,
                by=None,
                event=event.pk,
            )
    except Changed:  # somebody at the reception was quicker
        return 0
    return 1


def miss_ended(*, now: datetime) -> int:
    """Close the appointments whose promised day has ended without an arrival; return how many."""
    ended = FollowUpItem.objects.filter(
        kind=FollowUpKind.RETURN_APPOINTMENT, state=FollowUpState.BOOKED, due_at__lte=now, arrived_at=None
    )
    missed = 0
    while ids := list(ended.order_by("due_at", "pk").values_list("pk", flat=True)[:AT_ONCE]):
        missed += _miss(ids, now)
    return missed


@transaction.atomic
def _miss(ids: list[int], now: datetime) -> int:
    """Close these as of the end of their day: a tick that comes late changes nothing about when it was."""
    booked = FollowUpItem.objects.select_for_update().filter(pk__in=ids, state=FollowUpState.BOOKED, arrived_at=None)
    found = list(booked.order_by("pk"))
    changed = FollowUpItem.objects.filter(pk__in=[item.pk for item in found], state=FollowUpState.BOOKED)
    changed.update(state=FollowUpState.MISSED, closed_at=F("due_at"))
    FollowUpDeed.objects.bulk_create(
        FollowUpDeed(item=item, kind=FollowUpDeedKind.MISSED, at=now, by=None) for item in found
    )
    deeds = [("follow_up_missed", item.pk, {"owner": item.owner_id, "on": str(local_day(now))}) for item in found]
    log_many(now=now, actor=None, model=FollowUpItem, deeds=deeds)
    return len(found)
