"""Asking people about what stands in the piles: to hand a report in, to say why visits are overdue (A-04)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from config.clock import local_day
from reports.domain.reviewing.piles import NOT_HANDED_IN
from reports.models import OwedReport
from staff.domain.activity import log
from staff.domain.notifying import notify
from staff.models import Employee


@transaction.atomic
def remind(reports: Iterable[OwedReport], *, by: Employee, now: datetime) -> int:
    """Remind who owes these reports, at most once a day for each; return how many heard it."""
    heard, on = 0, local_day(now)
    for report in reports:
        if report.state not in NOT_HANDED_IN or report.employee_id == by.pk:
            continue
        told = notify(
            [report.employee], kind="report_reminder", urgent=True, url=f"/daily-reports/{report.pk}/", now=now,
            message=gettext_noop("%(name)s asks for your report %(key)s"),
            facts={"name": str(by), "key": report.key}, key=f"report-{report.pk}-asked-{on}",
        )  # fmt: skip
        heard += told
        if told:
            log(now=now, actor=by, verb="report.asked_for", subject=report)
    return heard


@transaction.atomic
def ask_why(people: Iterable[Employee], *, by: Employee, now: datetime) -> int:
    """Ask people to write into their report why their overdue visits are not made, at most once a day."""
    asked = [one for one in people if one.pk != by.pk]
    heard = notify(
        asked, kind="overdue_asked", url="/daily-reports/", now=now,
        message=gettext_noop("%(name)s asks why visits of yours are overdue: write the reason into your report"),
        facts={"name": str(by)}, key=f"overdue-asked-{local_day(now)}",
    )  # fmt: skip
    log(now=now, actor=by, verb="overdue.asked", people=[one.pk for one in asked])
    return heard
