"""A complaint that a call has brought: one case of it, with the customer's own words; taken back with the call.

Where the call asked whether a case is solved and the customer says no, it is that case which is complained of again:
it goes on with these words, and there is no second one.
"""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from complaints.choices import WORKED, CaseDeedKind, CaseState, Severity, Source
from complaints.domain import offering
from complaints.domain.announcing import subject_of, url_of
from complaints.domain.forms_asked import lacking
from complaints.domain.gauging import severity_of
from complaints.domain.holding import verified_in
from complaints.domain.registering import Told, register
from complaints.domain.ruling import ruling_book
from complaints.domain.verdicts import spoken_of
from complaints.domain.writing import Line, locked, write
from complaints.models import Case
from staff.models import Department, Release
from visits.choices import FollowUpDeedKind, FollowUpKind, FollowUpState
from visits.domain.follow_up.handling import CannotHandle, close
from visits.domain.follow_up.handling import write as write_line
from visits.domain.follow_up.wishes import Grievance
from visits.domain.obliging.fulfilling import drop
from visits.models import FollowUpItem, VisitRecord


def follow_raised(*, item: int, grievance: Grievance, now: datetime) -> Case:
    """Register the case of a follow-up that a visit has opened (a hand-over); once for each."""
    found = FollowUpItem.objects.select_related(
        "record", "customer", "vehicle", "branch", "department__branch", "owner"
    ).get(pk=item)
    record = found.record
    if record is not None and (case := spoken_of(record)) is not None:
        return _say_again(locked(case.pk), found, grievance, record, now)
    concerned = Department.objects.select_related("branch").filter(pk=grievance.department).first()
    graded = grievance.severity if grievance.severity in Severity.values else severity_of(found.text, record)
    told = Told(
        summary=found.text, source=Source.CALL, demand=grievance.demand, category=grievance.category, severity=graded,
        opened_at=min(record.started_at, now) if record else now,
        customer=found.customer, vehicle=found.vehicle, record=record, follow_up=found, branch=found.branch,
        department=concerned or found.department, event=event_of(found),
    )  # fmt: skip
    return register(told, by=record.advisor if record else found.owner, now=now)


def _say_again(case: Case, item: FollowUpItem, grievance: Grievance, record: VisitRecord, now: datetime) -> Case:
    """Write all that was typed of a complaint on the case which it is about; the case settles the follow-up."""
    told: dict[str, Any] = {name: getattr(grievance, name) for name in ("demand", "severity", "category")}
    told |= {"departments": [grievance.department] if grievance.department else []}
    facts = {name: value for name, value in told.items() if value}
    line = Line(text=item.text, at=record.started_at, facts=facts, record=record)
    write(case, CaseDeedKind.REMARK, by=record.advisor, now=now, line=line)
    result = _("It stands on case %s.") % case.number
    close(item, FollowUpState.SETTLED, now=now, result=result)
    write_line(item, FollowUpDeedKind.SETTLED, by=record.advisor, now=now, text=result, record=record.pk)
    return case


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


def choices(*, branch: int | None, department: int | None, on: date) -> dict[str, offering.Choices]:
    """Return what the panel of the call form offers: severities, categories of the ruling regulation, departments.

    Categories stand in groups (the one above, those below it); one that stands alone is in a group without a name.
    """
    own = Department.objects.select_related("branch").filter(pk=department).first()
    book = ruling_book(on, department=own)
    release = Release.objects.get(pk=book.release_id) if book else None
    grouped = [
        (above, below) if isinstance(below, list) else ("", [(above, below)])
        for above, below in offering.categories(release)
    ]  # fmt: skip
    near = Department.objects.filter(branch=branch) if branch else Department.objects.all()
    return {
        "severities": list(Severity.choices), "categories": grouped,
        "departments": [(one.pk, one.name) for one in near.order_by("name")],
    }  # fmt: skip


def told_of(record: VisitRecord) -> dict[str, Any] | None:
    """Return the case that was raised in a visit: number, page, and what the regulation still wants to know of it.

    `again`: it was there before, and the visit asked whether it is solved.
    """
    raised = FollowUpItem.objects.standing().filter(record=record, kind=FollowUpKind.COMPLAINT)
    item = raised.select_related("case__release").first()
    if item is None:
        return None
    own: Case | None = getattr(item, "case", None)
    case = own or Case.objects.filter(number=verified_in(record)).first()
    if case is None or case.state == CaseState.WITHDRAWN:
        return None
    facts = {"number": case.number, "url": url_of(case), "edit": f"{url_of(case)}edit/", "lacks": lacking(case)}
    return facts | {"again": own is None}
