"""Cases and work orders that the program drafts itself after a happening (`[[obligation]]`, ``deed = "draft_…"``).

Once for each rule and happening; what the regulation wants to know of them is asked from whoever takes them.
"""

from datetime import datetime
from uuid import NAMESPACE_OID, uuid5

from complaints.choices import CaseType, Source, WorkOrderKind
from complaints.domain.gauging import severity_of
from complaints.domain.orders.opening import Asked, draft_order, open_order
from complaints.domain.registering import Told, register
from complaints.domain.verdicts import spoken_of
from complaints.domain.writing import CannotDo
from complaints.models import Case, WorkOrder
from config.clock import local_day
from config.packs.duties import ObligationSpec
from staff.domain.workforce import load_workforce
from staff.models import Branch, Department, Employee
from visits.domain.obliging.about import thing_of
from visits.domain.obliging.occasions import Occasion
from visits.models import Customer


def draft_complaint(*, spec: ObligationSpec, release_id: int, occasion: Occasion, now: datetime) -> Case | None:
    """Register a complaint after a happening, with what was said there; nothing where a case speaks of it already."""
    record = occasion.record
    if occasion.customer is None or thing_of(occasion.subject)[0] == "case":
        return None
    if record is not None and (Case.objects.filter(record=record).exists() or spoken_of(record) is not None):
        return None
    return _registered(spec, release_id, occasion, now, CaseType.COMPLAINT)


def _registered(spec: ObligationSpec, release_id: int, occasion: Occasion, now: datetime, kind: CaseType) -> Case:
    record = occasion.record
    said = (record.problem or record.displeasure or record.summary) if record else ""
    summary = said or str(spec.title or spec.code)
    told = Told(
        summary=summary, source=Source.CALL if record else Source.OTHER, opened_at=min(occasion.at, now), type=kind,
        customer=Customer.objects.filter(pk=occasion.customer).first(), record=record, event=occasion.event,
        severity=severity_of(summary, record), drafted=True,
        branch=Branch.objects.filter(pk=occasion.branch).first(),
        department=Department.objects.select_related("branch").filter(pk=occasion.department).first(),
        token=uuid5(NAMESPACE_OID, f"{release_id}/{spec.code}/{occasion.subject}"),
    )  # fmt: skip
    return register(told, by=record.advisor if record else None, now=now)


def draft_work_order(*, spec: ObligationSpec, release_id: int, occasion: Occasion, now: datetime) -> WorkOrder | None:
    """Open a work order for the case of a happening, once; what cannot be drafted is left to whoever handles the case.

    After a visit it is that of the case which the visit opened again or raised; of another one a problem is registered,
    so that it is somebody's (K-17).
    """
    case = _case_of(spec, release_id, occasion, now)
    if case is None or case.work_orders.filter(opened_at__gte=occasion.at).exists():
        return None
    said = occasion.record.rectification if occasion.record else ""
    unit = case.department or case.departments.first() or _unit_of(case.handler, now)
    sheet = Asked(WorkOrderKind.CONTACT_SHEET, said or case.summary, department=unit, branch=case.branch)
    try:
        if case.type == CaseType.REPAIR:
            return draft_order(case, at=occasion.at, now=now)
        return open_order(case, sheet, by=None, now=now)
    except CannotDo:
        return None


def _case_of(spec: ObligationSpec, release_id: int, occasion: Occasion, now: datetime) -> Case | None:
    kind, key = thing_of(occasion.subject)
    if kind == "case":
        return Case.objects.get(pk=key)
    if occasion.record is None:
        return None
    found = Case.objects.filter(deeds__record=occasion.record).order_by("pk").first()
    return found or _registered(spec, release_id, occasion, now, CaseType.PROBLEM)


def _unit_of(person: Employee | None, now: datetime) -> Department | None:
    """Return the department in which somebody works: it sees to what nobody else is named for."""
    post = load_workforce().post(person.pk, on=local_day(now)) if person else None
    return Department.objects.filter(pk=post.department).first() if post else None
