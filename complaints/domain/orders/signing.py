"""The customer signs for the repair: on the technician's screen, or on paper that is photographed (V-04)."""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from complaints.choices import Confirmed, WorkOrderState
from complaints.domain import announcing
from complaints.domain.orders.changing import check_open
from complaints.domain.orders.ending import confirm
from complaints.domain.writing import CannotDo
from complaints.models import WorkOrder
from staff.models import Employee
from visits.choices import EvidenceKind
from visits.domain.proof.taking import DiskFull, TooMuch, Unfit, Upload, take
from visits.models import Evidence


def sign(order: WorkOrder, *, path: Path, by: Employee, now: datetime, text: str = "") -> WorkOrder:
    """Keep the signature with the case and end the order by it; a file that is no picture is refused."""
    check_open(order, WorkOrderState.REPORTED)
    try:
        with transaction.atomic():
            upload = Upload(path, EvidenceKind.SIGNATURE)
            made = take(upload, by=by, now=now, subject=announcing.subject_of(order.case))
            if made.kind != EvidenceKind.SIGNATURE:
                raise Unfit("")
            return confirm(order, Confirmed.SIGNATURE, by=by, now=now, text=text.strip(), signature=made.file)
    except (Unfit, TooMuch, DiskFull) as refusal:
        raise CannotDo(str(refusal), field="path") from refusal


def signature_of(order: WorkOrder) -> Evidence | None:
    """Return the file of the customer's signature, where there is one that is still kept."""
    return Evidence.objects.filter(file=order.signature, purged_at=None).first() if order.signature else None
