"""Ringing before an agreed moment, telling others when nobody keeps it, and closing the day (jobs).

Whose work it is when somebody is away is decided by `visits.domain.assigning`; the bell follows the task, so that
whoever has it now is rung for.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_noop

from staff.domain.calendar import day_start, local_date
from staff.domain.notifying import notify, withdraw
from staff.domain.quarantine import Ward, one_by_one
from staff.domain.superiors import callers_beside, superiors
from staff.domain.wording import local
from staff.models import Notification
from visits.choices import WORKABLE, FollowUpKind, PromiseKind, PromiseState
from visits.domain.promising.keeping import KEPT_WITHIN, RING_BEFORE, bell_keys
from visits.models import FollowUpItem, Promise

CHUNK = 500
ATTENDED = gettext_noop("Call %(customer)s back at %(time)s, as promised")
BOOKED = gettext_noop("Appointment with %(customer)s at %(time)s")
FREE = gettext_noop("%(customer)s was promised a call at %(time)s and nobody has the task: take it")
UNANSWERED = gettext_noop("%(customer)s was promised an answer until %(time)s; %(owner)s has not given it")
TOLD_FOR = timedelta(days=7)  # what is late for longer was told when it became so
UNKEPT = gettext_noop("%(customer)s was promised a call at %(time)s; %(owner)s has not made it")


def ring_promises(*, now: datetime) -> dict[str, int]:
    """Ring for every promise five minutes before its moment, and for one that nobody keeps; say how many of each."""
    waiting = Promise.objects.waiting().filter(promised_at__lte=now + RING_BEFORE).order_by("promised_at", "pk")
    withdrawn, ward = _let_go(now), Ward("ring_promises", "promise", now=now)
    rung = one_by_one(ward, list(waiting.values_list("pk", flat=True)), lambda pk: _told(pk, now=now))
    unanswered = _tell_of_answers(now)
    return {"withdrawn": withdrawn, "rung": rung["rung"], "unkept": rung["unkept"], "unanswered": unanswered}


def _tell_of_answers(now: datetime) -> int:
    """Tell those who answer for the owner, once, that an answer which a customer was promised has not come (K-10)."""
    late = FollowUpItem.objects.waiting().filter(kind=FollowUpKind.QUESTION, due_at__lt=now, due_at__gte=now - TOLD_FOR)
    items = {f"answer-{item.pk}": item for item in late.select_related("customer", "owner").order_by("pk")}
    told = set(Notification.objects.filter(key__in=list(items)).values_list("key", flat=True))
    return sum(
        notify(
            superiors(item.owner, now=now), kind="promise_unkept", message=UNANSWERED, key=key, now=now,
            facts={"customer": item.customer.name, "time": f"{local(item.due_at):%m-%d %H:%M}", "owner": item.owner},
            url=f"/follow-ups/{item.pk}/",
        )
        for key, item in items.items()
        if key not in told
    )  # fmt: skip


def _told(pk: int, *, now: datetime) -> Counter[str]:
    promise = Promise.objects.select_related("task__assignee", "task__customer", "owner").get(pk=pk)
    return Counter(rung=_ring(promise, now=now), unkept=_tell_superiors(promise, now=now))


def break_promises(*, now: datetime, on: date) -> int:
    """Close what was promised before the business day `on` and not kept; return how many (a daily job)."""
    today = day_start(on, ZoneInfo(settings.TIME_ZONE))
    broken = list(Promise.objects.waiting().filter(promised_at__lt=today).values_list("pk", flat=True))
    for pk in broken:
        for key in bell_keys(pk):
            withdraw(key=key, now=now)
    return Promise.objects.waiting().filter(pk__in=broken).update(state=PromiseState.BROKEN, settled_at=today)


def _let_go(now: datetime) -> int:
    """Withdraw what waits for tasks that nobody works on any more, and take it off the bell."""
    ended = list(Promise.objects.waiting().exclude(task__status__in=WORKABLE).values_list("pk", flat=True)[:CHUNK])
    for pk in ended:
        for key in bell_keys(pk):
            withdraw(key=key, now=now)
    return Promise.objects.waiting().filter(pk__in=ended).update(state=PromiseState.WITHDRAWN, settled_at=now)


def _ring(promise: Promise, *, now: datetime) -> int:
    """Tell whoever has the task, once for each person that comes to have it; a free one whoever may take it."""
    task = promise.task
    if local_date(promise.promised_at, ZoneInfo(settings.TIME_ZONE)) < local_date(now, ZoneInfo(settings.TIME_ZONE)):
        return 0
    people: Iterable = [task.assignee] if task.assignee else callers_beside(task.branch_id, role=task.role, now=now)
    if task.assignee_id and promise.owner_id != task.assignee_id and promise.promised_at > now:
        Promise.objects.filter(pk=promise.pk).update(owner=task.assignee)
    message = FREE if not task.assignee else BOOKED if promise.kind == PromiseKind.APPOINTMENT else ATTENDED
    return notify(
        people, kind="promise_due", message=message, facts=_facts(promise), url=f"/tasks/{task.pk}/",
        key=bell_keys(promise.pk)[0], urgent=True, now=now,
    )  # fmt: skip


def _tell_superiors(promise: Promise, *, now: datetime) -> int:
    """Tell those who answer for the owner when the moment has passed and nobody has the customer in hand."""
    task, owner = promise.task, promise.owner or promise.task.assignee
    in_hand = task.leased_until is not None and task.leased_until > now
    if now < promise.promised_at + KEPT_WITHIN or in_hand or owner is None:
        return 0
    return notify(
        superiors(owner, now=now), kind="promise_unkept", message=UNKEPT, facts=_facts(promise) | {"owner": owner},
        url=f"/tasks/{task.pk}/", key=bell_keys(promise.pk)[1], now=now,
    )  # fmt: skip


def _facts(promise: Promise) -> dict[str, object]:
    return {"customer": promise.task.customer.name, "time": f"{local(promise.promised_at):%H:%M}"}
