"""What becomes of the reports and improvement actions of somebody who has left (hand-overs of the staff)."""

from datetime import datetime

from django.utils.translation import gettext_noop

from reports.choices import ActionState, ReportFate, ReportState
from reports.models import ImprovementAction, OwedReport
from staff.domain.activity import log
from staff.domain.calendar import day_end
from staff.domain.notifying import notify
from staff.models import Employee
from visits.domain.detecting.bounds import house
from visits.domain.obliging.handing_on import heir_of


def lift_reports(employee: Employee, *, now: datetime, actor: Employee | None = None) -> int:
    """Lift the reports that fall due when the account is closed: nobody can hand them in; return how many."""
    del actor
    if employee.is_active or employee.left_on is None:
        return 0
    closed = min(now, day_end(employee.left_on, house()))
    owed = OwedReport.objects.filter(employee=employee, fate="", state=ReportState.DUE, due_at__gt=closed)
    return owed.update(fate=ReportFate.EXCUSED)


def move_improvements(employee: Employee, *, now: datetime, actor: Employee | None = None) -> int:
    """Give the open improvement actions to whoever takes over; without anybody they stay, seen by the managers."""
    if employee.is_active or employee.left_on is None:
        return 0
    waiting = ImprovementAction.objects.filter(owner=employee, state=ActionState.OPEN).order_by("pk")
    heir = heir_of(employee, now=now) if waiting.exists() else None
    if heir is None:
        return 0
    for action in waiting:
        ImprovementAction.objects.filter(pk=action.pk, state=ActionState.OPEN, owner=employee).update(owner=heir)
        log(now=now, actor=actor, verb="improvement.handed_on", subject=action, of=employee.pk, to=heir.pk)
        message = gettext_noop("You answer for the improvement “%(title)s” until %(day)s")
        facts = {"title": action.title, "day": str(action.due_on)}
        url = f"/improvements/{action.pk}/"
        notify([heir], kind="improvement", message=message, facts=facts, url=url, now=now)
    return len(waiting)
