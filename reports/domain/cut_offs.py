"""When daily reports cut off, for whoever judges what they cover (the records of visits)."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import F, Q

from reports.choices import ReportFate
from reports.models import OwedReport
from visits.domain.detecting.bounds import due_between
from visits.domain.detecting.cut_offs import CutOff


def cut_offs(
    *, due: tuple[datetime, datetime] | None = None, days: tuple[date, date] | None = None
) -> Iterable[CutOff]:
    """Return the cut-offs of reports of one day that are over in (first, last], or that cover these local days."""
    wanted = Q()
    if due is not None:
        wanted &= (due_between("due_at", *due, inclusive=True) & Q(inclusive=True)) | (
            due_between("due_at", *due, inclusive=False) & Q(inclusive=False)
        )
    if days is not None:
        wanted &= Q(covers_from__gte=days[0], covers_to__lte=days[1])
    found = OwedReport.objects.filter(wanted, record=None, covers_from=F("covers_to"), due_at__isnull=False).exclude(
        fate=ReportFate.EXCUSED
    )
    names = ("employee_id", "policy_id", "covers_from", "due_at", "inclusive")
    return [CutOff(*row) for row in found.order_by("due_at", "pk").values_list(*names)]
