"""Improvement actions that the regulation itself asks for (`[[obligation]]` with the deed improvement_action; A-04)."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_noop

from config.clock import local_day
from reports.choices import ActionDeed
from reports.models import ImprovementAction, ImprovementStep
from staff.domain.activity import log
from staff.domain.notifying import notify
from staff.models import Employee, Posting

USUAL: Final = timedelta(days=7)  # where the regulation sets no bound
OWED: Final = gettext_noop("The regulation asks for an improvement: “%(title)s” until %(day)s")


@transaction.atomic
def begin_owed(
    *, subject: str, title: str, owner_id: int | None, due_at: datetime | None, violation_id: int | None, now: datetime
) -> None:
    """Enter the action that an obligation asks for, once for each happening; without anybody who owes it, none."""
    owner = Employee.objects.filter(pk=owner_id, is_active=True).first() if owner_id else None
    if owner is None or ImprovementAction.objects.filter(subject=subject).exists():
        return
    on = local_day(now)
    due_on = max(local_day(due_at - timedelta(microseconds=1)), on) if due_at else on + USUAL
    post = Posting.objects.on(on).filter(employee=owner).select_related("department").order_by("-from_on").first()
    action = ImprovementAction.objects.create(
        title=title[:120], measure="", owner=owner, made_by=owner, made_at=now,  # who owes it plans it
        due_on=due_on, subject=subject, violation_id=violation_id, department_id=post and post.department_id,
        branch_id=post and (post.branch_id or (post.department and post.department.branch_id)),
    )  # fmt: skip
    ImprovementStep.objects.create(action=action, deed=ActionDeed.BEGUN, at=now, by=owner, due_on=due_on)
    log(now=now, actor=None, verb="improvement.owed", subject=action, about=subject)
    facts = {"title": action.title, "day": str(due_on)}
    url, key = f"/improvements/{action.pk}/", f"improvement-owed-{action.pk}"
    notify([owner], kind="improvement", message=OWED, facts=facts, url=url, key=key, now=now)
