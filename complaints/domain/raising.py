"""A complaint that a call has brought: one case of it, with the customer's own words; taken back with the call."""

from datetime import datetime

from django.utils.translation import gettext as _

from complaints.choices import WORKED, CaseDeedKind, CaseState, Source
from complaints.domain.announcing import subject_of
from complaints.domain.registering import Told, register
from complaints.domain.writing import Line, locked, write
from complaints.models import Case
from visits.domain.follow_up.handling import CannotHandle
from visits.domain.obliging.fulfilling import drop
from visits.models import FollowUpItem


def follow_raised(*, item: int, now: datetime) -> Case:
    """Register the case of a follow-up that a visit has opened (a hand-over); once for each."""
    found = FollowUpItem.objects.select_related(
        "record", "customer", "vehicle", "branch", "department__branch", "owner"
    ).get(pk=item)
    record = found.record
    told = Told(
        summary=found.text, source=Source.CALL, opened_at=record.started_at if record else now,
        customer=found.customer, vehicle=found.vehicle, record=record, follow_up=found, branch=found.branch,
        department=found.department, event=event_of(found),
    )  # fmt: skip
    return register(told, by=record.advisor if record else found.owner, now=now)


def event_of(item: FollowUpItem):
    """Return the order that the visit was about."""
    link = item.record.links.select_related("task__event").order_by("pk").first() if item.record else None
    return link.task.event if link else None


def follow_withdrawn(*, item: int, now: datetime) -> None:
    """Withdraw the case of a visit that was taken back; one that is worked upon keeps the visit from being so."""
    found = Case.objects.filter(follow_up=item).exclude(state=CaseState.WITHDRAWN).first()
    if found is None:
        return
    case = locked(found.pk)
    if case.state not in WORKED or case.deeds.exclude(kind=CaseDeedKind.REGISTERED).exists():
        raise CannotHandle(_("The complaint of this call is being worked on (%s).") % case.number)
    write(case, CaseDeedKind.WITHDRAWN, by=None, now=now, line=Line(text=_("The call was taken back.")),
          state=CaseState.WITHDRAWN)  # fmt: skip
    drop(subject_of(case), now=now)
