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
from config.packs.duties import ObligationSpec
from staff.models import Branch, Department
from visits.domain.obliging.occasions import Occasion
from visits.models import Customer

OF_CASE = "case:"


def draft_complaint(*, spec: ObligationSpec, release_id: int, occasion: Occasion, now: datetime) -> Case | None:
    """Register a complaint after a happening, with what was said there; nothing where a case speaks of it already."""
    record = occasion.record
    if occasion.customer is None or occasion.subject.startswith(OF_CASE):
        return None
    if record is not None and (Case.objects.filter(record=record).exists() or spoken_of(record) is not None):
        return None
    said = (record.problem or record.displeasure or record.summary) if record else ""
    summary = said or str(spec.title or spec.code)
    told = Told(
        summary=summary, source=Source.CALL if record else Source.OTHER, opened_at=min(occasion.at, now),
        customer=Customer.objects.get(pk=occasion.customer), record=record, event=occasion.event,
        severity=severity_of(summary, record), drafted=True,
        branch=Branch.objects.filter(pk=occasion.branch).first(),
        department=Department.objects.select_related("branch").filter(pk=occasion.department).first(),
        token=uuid5(NAMESPACE_OID, f"{release_id}/{spec.code}/{occasion.subject}"),
    )  # fmt: skip
    return register(told, by=record.advisor if record else None, now=now)


def draft_work_order(*, spec: ObligationSpec, release_id: int, occasion: Occasion, now: datetime) -> WorkOrder | None:
    """Open a work order for a case that has none yet; what cannot be drafted is left to whoever handles the case."""
    if not occasion.subject.startswith(OF_CASE):
        return None
    case = Case.objects.select_related("branch", "department").get(pk=occasion.subject.removeprefix(OF_CASE))
    if case.work_orders.exists():
        return None
    sheet = Asked(WorkOrderKind.CONTACT_SHEET, case.summary, department=case.department, branch=case.branch)
    try:
        if case.type == CaseType.REPAIR:
            return draft_order(case, now=now)
        return open_order(case, sheet, by=None, now=now)
    except CannotDo:
        return None
