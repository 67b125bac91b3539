"""Showing a whole number to the one who must dial it, and to few others (DECISIONS 31, RELIABILITY T23, T32).

One's own task in hand, while calls are allowed, needs no reason; within the customer's or the policy's quiet hours it
takes one (U-05). Anything else needs one and is limited, until a manager says why more is in order. Nobody sees the
number of a customer who refused the contact or was called too often. Each time leaves its line of activity in the same
transaction; the line holds the number's id, never its digits.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Model
from django.utils.translation import gettext as _

from staff.domain.activity import log
from staff.domain.calendar import day_start, local_date
from staff.models import Activity, Employee
from visits.choices import WORKABLE
from visits.domain.calling.card import holder
from visits.domain.calling.correcting import current_number
from visits.domain.calling.frequency import check_frequency
from visits.domain.calling.restricting import check_wanted
from visits.domain.calling.terms import preferred_spans, terms_of, work_calendar
from visits.domain.contact.masking import mask_in_text
from visits.domain.timing.retrying import INSIDE, REFUSE, permission
from visits.models import Customer, VisitTask

A_HOUR: Final = 30
A_DAY: Final = 100
SHOWN, REVEALED, UNLOCKED = "number_shown", "number_revealed", "reveals_unlocked"


class ReasonNeeded(ValueError):
    """The number is shown for a reason only."""


class LimitReached(Exception):
    """So many numbers were revealed that a manager should know why."""


@transaction.atomic
def reveal(customer: Customer, *, by: Employee, now: datetime, task: VisitTask | None = None, reason: str = "") -> str:
    """Return the customer's number, empty if there is none.

    `task`: the customer's task that one is calling about. A reason given with one's own task in hand is not needed in
    calling hours. Raises `ReasonNeeded`, `LimitReached`, `Unwanted` or `TooOften`.
    """
    about = task if task is not None and task.customer_id == customer.pk else None
    check_wanted(customer, terms_of(about).step.purpose if about else None)
    check_frequency(customer, now=now)
    number = current_number(customer)
    verdict = hours_verdict(about, now=now) if about and is_in_hand(about, by, now=now) else REFUSE
    facts = {"number": number.pk if number else None, "task": task.pk if task else None}
    grant(customer, verdict, by=by, now=now, reason=reason, **facts)
    return number.number if number else ""


def grant(subject: Model, verdict: str, *, by: Employee, now: datetime, reason: str, **facts: int | None) -> None:
    """Write down that somebody is shown how to reach whom, as the verdict on the hour and the caller lets them.

    Raises `ReasonNeeded` or `LimitReached`, and writes nothing then.
    """
    if verdict == REFUSE:
        _check(by, reason, now)
    elif verdict != INSIDE and not reason.strip():
        raise ReasonNeeded(_("The customer should be left in peace at this hour. Say why you call now."))
    said = {"reason": mask_in_text(reason.strip())} if verdict != INSIDE else {}
    log(now=now, actor=by, verb=REVEALED if verdict == REFUSE else SHOWN, subject=subject, **facts, **said)


def may_dial(task: VisitTask, employee: Employee, *, now: datetime) -> bool:
    """Say whether this is one's own task, held in hand, at an hour at which calls are not refused."""
    return is_in_hand(task, employee, now=now) and hours_verdict(task, now=now) != REFUSE


def is_in_hand(task: VisitTask, employee: Employee, *, now: datetime) -> bool:
    """Say whether this is one's own task that one holds at this moment."""
    return task.assignee_id == employee.pk and task.status in WORKABLE and holder(task, now=now) == employee


def hours_verdict(task: VisitTask, *, now: datetime) -> str:
    """Say what a call about the task takes at this hour: nothing, a reason, or it is refused."""
    terms, spans = terms_of(task), preferred_spans(task.customer)
    return permission(now, hours=terms.hours, zone=terms.zone, calendar=work_calendar(), customer_spans=spans)


def _check(by: Employee, reason: str, now: datetime) -> None:
    """Refuse a reveal without a reason, and the one after the limit; two at once are counted one after the other."""
    if not reason.strip():
        raise ReasonNeeded(_("Say why you need the number."))
    Employee.objects.select_for_update(no_key=True).get(pk=by.pk)
    an_hour, a_day = revealed(by, now=now)
    if an_hour >= A_HOUR or a_day >= A_DAY:
        raise LimitReached(
            _("You have asked for %(hour)d numbers in an hour or %(day)d in a day. Your manager was told and decides.")
            % {"hour": A_HOUR, "day": A_DAY}
        )


def revealed(by: Employee, *, now: datetime) -> tuple[int, int]:
    """Return how many numbers count against the person's limits: of the last hour, and of today, since an unlocking."""
    return revealed_by([by.pk], now=now)[by.pk]


def revealed_by(people: Collection[int], *, now: datetime) -> dict[int, tuple[int, int]]:
    """Return the same for several people by their ids, in two queries however many they are."""
    zone = ZoneInfo(settings.TIME_ZONE)
    today, hour = day_start(local_date(now, zone), zone), now - timedelta(hours=1)
    opened = dict(
        Activity.objects.filter(verb=UNLOCKED, subject_type="employee", subject_id__in=people)
        .order_by()
        .values_list("subject_id")
        .annotate(Max("pk"))
    )
    asked = Activity.objects.filter(actor__in=people, verb=REVEALED, at__gte=min(today, hour))
    counted: dict[int, list[datetime]] = {person: [] for person in people}
    for actor, pk, at in asked.values_list("actor_id", "pk", "at"):
        if actor is not None and pk > opened.get(actor, 0):
            counted[actor].append(at)
    return {who: (sum(at > hour for at in times), sum(at >= today for at in times)) for who, times in counted.items()}
