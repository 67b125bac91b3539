"""How to reach whoever a case is about: masked on every page, shown whole on request (DECISIONS 31, F-06).

As with a customer's number: who handles the case needs no reason in calling hours; anybody else who sees it gives one,
within the same limits. Each time leaves its line of activity, without the number.
"""

import re
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from complaints.domain.ruling import pack_of
from complaints.models import Case
from staff.models import Employee
from visits.domain.calling.frequency import check_frequency
from visits.domain.calling.restricting import check_wanted
from visits.domain.calling.revealing import grant
from visits.domain.calling.terms import preferred_spans, work_calendar
from visits.domain.contact.masking import MOBILE_IN_TEXT
from visits.domain.timing.retrying import REFUSE, CallingHours, permission

BETWEEN: Final = "、"


def contact_of(case: Case) -> str:
    """Return what was left to be reached by: the contact as told, and numbers in the customer's own words."""
    said = MOBILE_IN_TEXT.findall(f"{case.summary}\n{case.demand}")
    told = re.sub(r"\D", "", case.contact)
    return BETWEEN.join([case.contact] * bool(case.contact) + [one for one in said if one not in told])


@transaction.atomic
def reveal(case: Case, *, by: Employee, now: datetime, reason: str = "") -> str:
    """Return the contact of a case whole. Raises `ReasonNeeded`, `LimitReached`, `Unwanted` or `TooOften`."""
    if case.customer is not None:
        check_wanted(case.customer, None)
        check_frequency(case.customer, now=now)
    grant(case, hours_verdict(case, by, now=now), by=by, now=now, reason=reason)
    return contact_of(case)


def hours_verdict(case: Case, by: Employee, *, now: datetime) -> str:
    """Say what a call about the case takes: nothing or a reason for who handles it, it is refused to others."""
    if case.handler_id != by.pk or case.is_ended:
        return REFUSE
    pack = pack_of(case.release)
    zone = ZoneInfo(pack.policy.timezone if pack else settings.TIME_ZONE)
    spans = preferred_spans(case.customer) if case.customer else ()
    hours = CallingHours.of(pack.calling_hours if pack else None)
    return permission(now, hours=hours, zone=zone, calendar=work_calendar(), customer_spans=spans)
