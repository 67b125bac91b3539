"""What the walk needs of the book of complaints: a case of the shop with its work order and what makes it good."""

from typing import Any

from complaints.choices import CaseDeedKind, CaseState, CaseType, Source, SpendingKind, WorkOrderKind
from complaints.models import Case, CaseDeed, Compensation, WorkOrder
from staff.models import Employee
from tests.company import morning
from visits.models import VisitRecord, VisitTask


def cased(record: VisitRecord, task: VisitTask, by: Employee) -> dict[str, Any]:
    """Return a case that the shop's advisor handles after the visit, with a work order and a compensation."""
    at, unit = morning(), {"branch": task.branch, "department": task.department}
    case = Case.objects.create(
        number=f"TS20260302-{record.pk:05d}", type=CaseType.COMPLAINT, source=Source.CALL, customer=record.customer,
        name=record.customer.name, record=record, state=CaseState.ASSIGNED, handler=by, summary="空调不凉",
        opened_at=at, registered_at=at, registered_by=by, changed_at=at, **unit,
    )  # fmt: skip
    CaseDeed.objects.create(
        case=case, kind=CaseDeedKind.REGISTERED, at=at, logged_at=at, by=by, to=by, text=case.summary
    )  # fmt: skip
    order = WorkOrder.objects.create(
        case=case, number=f"GD20260302-{record.pk:05d}", kind=WorkOrderKind.REPAIR, instruction="检修空调",
        assignee=by, opened_by=by, opened_at=at, **unit,
    )  # fmt: skip
    compensation = Compensation.objects.create(
        case=case, kind=SpendingKind.COUPON, amount=100_00, text="保养券", proposed_by=by, proposed_at=at
    )  # fmt: skip
    return {"case": case, "order": order, "compensation": compensation}
