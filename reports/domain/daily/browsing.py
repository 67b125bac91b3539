"""The list of reports: one's own, those that were sent to one, those of whom one looks after."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from reports.choices import ReportFate, ReportState
from reports.models import OwedReport, ReportCopy
from staff.domain.pages import Page, cut
from staff.models import Employee

ORDERS: Final = {"-day": ("-covers_to", "-pk"), "day": ("covers_to", "pk")}
STATES: Final = {
    "due": Q(state=ReportState.DUE) & ~Q(fate=ReportFate.EXCUSED),
    "submitted": Q(state=ReportState.SUBMITTED),
    "returned": Q(state=ReportState.RETURNED),
    "approved": Q(state=ReportState.APPROVED),
    "late": Q(fate=ReportFate.LATE),
    "missing": Q(fate=ReportFate.MISSING),
}


def reports(employee: Employee, wanted: Mapping[str, Any], *, on: date) -> QuerySet[OwedReport]:
    """Return the reports that are asked for; `wanted`: whose (mine, sent, all), state, first, last, who, sort, page."""
    found = OwedReport.objects.visible_to(employee, on=on)
    unread = ReportCopy.objects.filter(version__report=OuterRef("pk"), recipient=employee, read_at=None)
    if wanted["whose"] == "mine":
        found = found.filter(employee=employee)
    elif wanted["whose"] == "sent":
        found = found.filter(Exists(ReportCopy.objects.filter(version__report=OuterRef("pk"), recipient=employee)))
    if wanted["state"] in STATES:
        found = found.filter(STATES[wanted["state"]])
    if wanted["first"]:
        found = found.filter(covers_to__gte=wanted["first"])
    if wanted["last"]:
        found = found.filter(covers_from__lte=wanted["last"])
    if wanted["who"]:
        found = found.filter(employee__username=wanted["who"])
    related = found.select_related("employee", "release", "branch", "policy")
    return related.annotate(unread=Exists(unread)).order_by(*ORDERS[wanted["sort"]])


def page_of(employee: Employee, wanted: Mapping[str, Any], *, on: date) -> Page:
    """Return one page of the list, each row as ``{"report": …}``."""
    return cut(reports(employee, wanted, on=on), wanted["page"], told=lambda rows: [{"report": row} for row in rows])


def to_hand_in(employee: Employee) -> list[OwedReport]:
    """Return what the person still has to hand in, what is due first."""
    open_ones = OwedReport.objects.filter(employee=employee, state__in=(ReportState.DUE, ReportState.RETURNED))
    waiting = open_ones.exclude(fate=ReportFate.EXCUSED).select_related("release", "policy").order_by("due_at", "pk")
    return list(waiting)


def unread_count(employee: Employee) -> int:
    """Return how many reports that were sent to the person are unread."""
    unread = ReportCopy.objects.filter(recipient=employee, read_at=None)
    return unread.values("version__report").distinct().count()


def owes_any(employee: Employee) -> bool:
    """Say whether the person has ever owed a report."""
    return OwedReport.objects.filter(employee=employee).exists()


def owners(employee: Employee, *, on: date) -> list[tuple[str, str]]:
    """Return whose reports the person sees: user name and name."""
    seen = OwedReport.objects.visible_to(employee, on=on).order_by().values("employee")
    return [(one.username, one.name) for one in Employee.objects.filter(pk__in=seen).order_by("name")]
