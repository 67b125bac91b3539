"""Showing a whole number to the one who must dial it, and to few others (DECISIONS 31, RELIABILITY T23).

One's own task in hand, while calls are allowed, needs no reason; anything else needs one and is limited. Each time
leaves its line of activity in the same transaction; the line holds the number's id, never its digits.
"""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from staff.domain.activity import log
from staff.domain.calendar import day_start, local_date
from staff.models import Activity, Employee
from visits.choices import WORKABLE
from visits.domain.calling.card import holder
from visits.domain.calling.correcting import current_number
from visits.domain.calling.terms import preferred_spans, terms_of, work_calendar
from visits.domain.contact.masking import mask_in_text
from visits.domain.timing.retrying import REFUSE, permission
from visits.models import Customer, VisitTask

A_HOUR: Final = 30
A_DAY: Final = 100
SHOWN, REVEALED = "number_shown", "number_revealed"


class ReasonNeeded(ValueError):
    """The number is shown for a reason only."""


class LimitReached(Exception):
    """So many numbers were revealed that a manager should know why."""


@transaction.atomic
def reveal(customer: Customer, *, by: Employee, now: datetime, task: VisitTask | None = None, reason: str = "") -> str:
    """Return the customer's number, empty if there is none; raises `ReasonNeeded` or `LimitReached`.

    `task`: the customer's task that one is calling about. A reason given with one's own task in hand is not needed.
    """
    number = current_number(customer)
    own = task is not None and task.customer_id == customer.pk and may_dial(task, by, now=now)
    facts = {"number": number.pk if number else None, "task": task.pk if task else None}
    if own:
        log(now=now, actor=by, verb=SHOWN, subject=customer, **facts)
    else:
        _check(by, reason, now)
        log(now=now, actor=by, verb=REVEALED, subject=customer, **facts, reason=mask_in_text(reason.strip()))
    return number.number if number else ""


def may_dial(task: VisitTask, employee: Employee, *, now: datetime) -> bool:
    """Say whether this is one's own task, held in hand, at an hour at which calls are not refused."""
    if task.assignee_id != employee.pk or task.status not in WORKABLE or holder(task, now=now) != employee:
        return False
    terms = terms_of(task)
    spans = preferred_spans(task.customer)
    verdict = permission(now, hours=terms.hours, zone=terms.zone, calendar=work_calendar(), customer_spans=spans)
    return verdict != REFUSE


def _check(by: Employee, reason: str, now: datetime) -> None:
    """Refuse a reveal without a reason, and the one after the limit; two at once are counted one after the other."""
    if not reason.strip():
        raise ReasonNeeded(_("Say why you need the number."))
    Employee.objects.select_for_update().get(pk=by.pk)
    revealed = Activity.objects.filter(actor=by, verb=REVEALED)
    zone = ZoneInfo(settings.TIME_ZONE)
    today = revealed.filter(at__gte=day_start(local_date(now, zone), zone))
    if revealed.filter(at__gt=now - timedelta(hours=1)).count() >= A_HOUR or today.count() >= A_DAY:
        raise LimitReached(
            _("You have asked for %(hour)d numbers in an hour or %(day)d in a day. Ask your manager.")
            % {"hour": A_HOUR, "day": A_DAY}
        )
