"""The list of service-quality reports: what somebody may see, by kind, period, branch and state."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef

from reports.models import ServiceReport, ServiceReportCopy
from staff.domain.pages import Page, cut
from staff.models import Branch, Employee


def reports(employee: Employee, wanted: Mapping[str, Any], *, on: date) -> Page:
    """Return a page of the reports that the person may see, the newest first. `wanted`: kind, period, branch, state."""
    found = ServiceReport.objects.visible_to(employee, on=on)
    for name in ("kind", "state"):
        if wanted[name]:
            found = found.filter(**{name: wanted[name]})
    if wanted["period"]:
        found = found.filter(period__startswith=wanted["period"].strip())
    if wanted["branch"] == "none":
        found = found.filter(branch=None)
    elif wanted["branch"]:
        found = found.filter(branch=int(wanted["branch"]))
    unread = ServiceReportCopy.objects.filter(report=OuterRef("pk"), recipient=employee, read_at=None)
    rows = found.annotate(unread=Exists(unread)).select_related("branch", "policy", "restated_by").defer("content")
    return cut(rows.order_by("-covers_to", "kind", "branch__name", "-number"), wanted["page"])


def branches(employee: Employee, *, on: date) -> list[Branch]:
    """Return the branches about which the person may see a report."""
    seen = ServiceReport.objects.visible_to(employee, on=on).exclude(branch=None).order_by().values("branch")
    return list(Branch.objects.filter(pk__in=seen).order_by("name"))
