"""Follow-ups of people who left or are away go to whoever stands in for them (DECISIONS 6)."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from config.clock import local_day
from staff.domain.activity import log_many
from staff.domain.workforce import Workforce, load_workforce
from staff.models import Employee
from visits.choices import FollowUpDeedKind, FollowUpKind
from visits.models import FollowUpDeed, FollowUpItem


def move_follow_ups(employee: Employee, *, now: datetime, actor: Employee | None = None) -> int:
    """Give the waiting follow-ups of somebody who has left or is away today to their substitute; return how many.

    Of somebody on leave only what falls due meanwhile moves. Without anybody to stand in they stay where they are,
    seen by the managers: a promise needs a name.
    """
    return _move(employee.pk, load_workforce(), on=local_day(now), now=now, actor=actor)


def cover_absent(*, now: datetime, on: date) -> int:
    """Move the follow-ups of everybody who is away on the business day `on`; return how many (a daily job)."""
    workforce = load_workforce()
    owners = FollowUpItem.objects.waiting().order_by().values_list("owner", flat=True).distinct()
    away = workforce.away(on=on).intersection(owners)
    return sum(_move(owner, workforce, on=on, now=now, actor=None) for owner in sorted(away))


@transaction.atomic
def _move(owner: int, workforce: Workforce, *, on: date, now: datetime, actor: Employee | None) -> int:
    heir = next(iter(workforce.in_place_of(owner, on=on)), None)
    if heir is None or heir == owner:
        return 0
    found = FollowUpItem.objects.waiting().filter(_due_meanwhile(owner, workforce, on), owner=owner)
    ids = list(found.select_for_update().order_by("pk").values_list("pk", flat=True))
    FollowUpItem.objects.filter(pk__in=ids).update(owner=heir)
    FollowUpDeed.objects.bulk_create(
        FollowUpDeed(item_id=pk, kind=FollowUpDeedKind.TRANSFERRED, at=now, by=actor, to_id=heir) for pk in ids
    )
    deeds = [("follow_up_transferred", pk, {"from": owner, "to": heir}) for pk in ids]
    log_many(now=now, actor=actor, model=FollowUpItem, deeds=deeds)
    return len(ids)


def _due_meanwhile(owner: int, workforce: Workforce, on: date) -> Q:
    """Return what cannot wait for the person: all of somebody who has left, else what falls due during the leave."""
    leave = None if workforce.is_gone(owner, on=on) else workforce.leave_of(owner, on=on)
    if leave is None or leave.span.until_on is None:
        return Q()
    return Q(due_on__lte=leave.span.until_on) | Q(due_on=None, kind=FollowUpKind.QUESTION)
