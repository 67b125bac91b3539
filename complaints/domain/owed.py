"""Complaints that a regulation wants written down after a visit or an event: done once the case is there (U-12).

The deed counts as of the moment of the registering, not of the job: a case that was raised in the very call that calls
for it is there before the obligation is noted, and is found by the job of the next tick.
"""

from datetime import datetime
from typing import Final

from django.db.models import Q

from complaints.choices import CaseDeedKind
from complaints.models import Case, CaseDeed
from staff.choices import MeasureState
from visits.domain.obliging.watching import close, taken_back
from visits.models import Obligation

DEED: Final = "complaint"
AT_ONCE: Final = 500


def settle_owed(case: Case, *, now: datetime) -> int:
    """Close what was owed as this case: after its visit, its order, or after anything of its customer before it."""
    about = Q()
    if case.record_id:
        about |= Q(record=case.record_id)
    if case.event_id:
        about |= Q(event=case.event_id)
    if case.customer_id:
        about |= Q(customer=case.customer_id, anchor_at__lte=case.registered_at)
    if not about:
        return 0
    owed = Obligation.objects.open().filter(about, deed=DEED).order_by("pk")
    return sum(_close(one, case, now=now) for one in owed)


def settle_all(*, now: datetime) -> int:
    """Close what is owed as a complaint where one is registered (a job of every tick); return how many.

    What was owed after a visit that is taken back is owed no more.
    """
    closed, last = 0, 0
    while found := list(Obligation.objects.open().filter(deed=DEED, pk__gt=last).order_by("pk")[:AT_ONCE]):
        cases = _cases_by_customer(found)
        again, gone = _reopened_by(found), taken_back(found)
        for one in found:
            if one.record_id in gone:
                closed += close(one, MeasureState.DROPPED, at=now, by=None, now=now)
                continue
            if deed := again.get(one.record_id or 0):
                closed += close(one, MeasureState.DONE, at=deed.logged_at, by=deed.by_id, now=now, note=str(deed.case))
                continue
            fitting = [case for case in cases.get(one.customer_id, ()) if _fits(case, one)]
            closed += _close(one, fitting[0], now=now) if fitting else 0
        last = found[-1].pk
    return closed


def _reopened_by(found: list[Obligation]) -> dict[int, CaseDeed]:
    """Return by what a visit has opened a case again: that case is the complaint which is owed after the visit."""
    records = [one.record_id for one in found if one.record_id]
    deeds = CaseDeed.objects.filter(kind=CaseDeedKind.REOPENED, record__in=records).select_related("case")
    return {deed.record_id: deed for deed in deeds if deed.record_id}


def _cases_by_customer(found: list[Obligation]) -> dict[int | None, list[Case]]:
    customers = {one.customer_id for one in found if one.customer_id}
    since = min(one.anchor_at for one in found)
    by: dict[int | None, list[Case]] = {}
    registered = Case.objects.counted().filter(customer__in=customers)
    for case in registered.filter(Q(registered_at__gte=since) | Q(record__isnull=False)).order_by("registered_at"):
        by.setdefault(case.customer_id, []).append(case)
    return by


def _fits(case: Case, one: Obligation) -> bool:
    same_visit = one.record_id is not None and case.record_id == one.record_id
    return same_visit or case.registered_at >= one.anchor_at


def _close(one: Obligation, case: Case, *, now: datetime) -> int:
    return close(one, MeasureState.DONE, at=case.registered_at, by=case.registered_by_id, now=now, note=case.number)
