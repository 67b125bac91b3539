"""The bell of improvement actions: due tomorrow, overdue from the day after, effect to be checked (A-04)."""

from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_noop

from reports.choices import ActionState
from reports.domain.improving.deeds import check_key, due_key, overdue_key
from reports.models import ImprovementAction
from staff.domain.notifying import notify


def remind(*, now: datetime, on: date) -> int:
    """Tell owners and makers what is due or overdue as of the local day `on`; return how many words were new.

    A daily job. Each day of each action is told once, however often and however late it runs.
    """
    told = 0
    waiting = Q(state=ActionState.OPEN, due_on__lte=on + timedelta(1)) | Q(state=ActionState.DONE, check_on__lte=on)
    for action in ImprovementAction.objects.filter(waiting).select_related("owner", "made_by"):
        if action.state == ActionState.DONE:
            message, people, key = gettext_noop("Check today whether “%(title)s” helped"), [action.made_by], check_key
        elif action.due_on < on:
            message, key = gettext_noop("“%(title)s” is overdue: it was due on %(day)s"), overdue_key
            people = [action.owner, action.made_by]
        else:
            message, people, key = gettext_noop("“%(title)s” is due on %(day)s"), [action.owner], due_key
        facts = {"title": action.title, "day": str(action.due_on)}
        told += notify(
            people, kind="improvement_due", message=message, facts=facts, url=f"/improvements/{action.pk}/",
            key=key(action), urgent=key is overdue_key, now=now,
        )  # fmt: skip
    return told
