"""When the program stood still, so that nobody is held to a time that fell into it (RELIABILITY F58, BEYOND A4).

The worker leaves a sign of life with every ring. A gap between two of them longer than five minutes is an outage; a
backup that was put back makes another. Spans are half open: an outage is over at its end.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import DurationField, ExpressionWrapper, F
from django.db.models.functions import Now

from staff.choices import OutageCause
from staff.domain.activity import log
from staff.models import Heartbeat, Outage

SCHEDULER: Final = "scheduler"
GAP: Final = timedelta(minutes=5)


@dataclass(frozen=True)
class Overlap:
    """What of a span the program stood still: for how long altogether, and the outages that it was."""

    length: timedelta
    outages: tuple[Outage, ...] = ()


def beat(*, now: datetime) -> Outage | None:
    """Leave the scheduler's sign of life; return the outage that ended with it, if there was one.

    A clock that went ahead and was put back leaves an outage in the future behind: it never was, and is taken away.
    """
    with transaction.atomic():
        before = Heartbeat.objects.filter(part=SCHEDULER).values_list("at", flat=True).first()
        _leave(now)
        if before is None:
            return None
        if before > now:
            Outage.objects.filter(cause=OutageCause.STOPPED, to_at__gt=now).delete()
        return stood_still(before, now, cause=OutageCause.STOPPED, now=now) if now - before > GAP else None


def _leave(now: datetime) -> None:
    stamp = {"at": now, "heard_at": Now()}
    if not Heartbeat.objects.filter(part=SCHEDULER).update(**stamp):
        Heartbeat.objects.update_or_create(part=SCHEDULER, defaults=stamp)


def stood_still(from_at: datetime, to_at: datetime, *, cause: str, now: datetime) -> Outage:
    """Write an outage down, once however often it is found; ValueError where it ends before it begins."""
    if to_at <= from_at:
        raise ValueError(f"An outage from {from_at.isoformat()} cannot end at {to_at.isoformat()}.")
    with transaction.atomic():
        found, made = Outage.objects.get_or_create(
            from_at=from_at, cause=cause, defaults={"to_at": to_at, "found_at": now}
        )
        if made:
            minutes = round((to_at - from_at).total_seconds() / 60)
            log(now=now, actor=None, verb="outage_found", subject=found, cause=cause, minutes=minutes)
    return found


def outages_in(from_at: datetime, to_at: datetime) -> list[Outage]:
    """Return the outages that touch the span, oldest first."""
    return list(Outage.objects.filter(from_at__lt=to_at, to_at__gt=from_at).order_by("from_at", "id"))


def overlap(from_at: datetime, to_at: datetime, *, among: Iterable[Outage] | None = None) -> Overlap:
    """Return how much of the span the program stood still; what two outages share counts once.

    `among` are outages read before, for who asks about many spans.
    """
    told = outages_in(from_at, to_at) if among is None else among
    touching = sorted((one for one in told if one.from_at < to_at and one.to_at > from_at), key=lambda one: one.from_at)
    length, reached = timedelta(), from_at
    for one in touching:
        begin, end = max(one.from_at, reached), min(one.to_at, to_at)
        length += max(end - begin, timedelta())
        reached = max(reached, end)
    return Overlap(length, tuple(touching))


def was_undone(moment: datetime) -> bool:
    """Say whether what was done at that moment is gone, since a backup from before it was put back after it."""
    undone = Outage.objects.filter(cause=OutageCause.RESTORED, from_at__lt=moment, to_at__gte=moment)
    return undone.exists()


def silent_for() -> timedelta | None:
    """Return how long the scheduler has given no sign of life, by the clock of the database; None if it never did."""
    age = ExpressionWrapper(Now() - F("heard_at"), output_field=DurationField())
    rows = Heartbeat.objects.filter(part=SCHEDULER).annotate(age=age).values_list("age", flat=True)
    found: timedelta | None = rows.first()
    return found
