"""How a task stands in the queue, in the words of its card: whether it can be skipped, and that it was."""

from datetime import datetime

from django.utils.translation import gettext as _

from staff.domain.wording import local, near_words
from visits.choices import SkipReason, TaskStatus
from visits.domain.calling.skipping import last_skip
from visits.models import VisitTask

REASONS = dict(SkipReason.choices)


def skips_of(task: VisitTask, request) -> list[dict]:
    """Return the reasons for which this person can skip the task; none where they cannot."""
    own = task.assignee_id == request.user.pk and task.status == TaskStatus.OPEN and task.call_back_at is None
    return [{"value": value, "words": words} for value, words in SkipReason.choices] if own else []


def skipped_words(task: VisitTask, *, now: datetime) -> str:
    """Return that the task was skipped today, by whom and why; nothing where it was not."""
    if task.skipped_at is None or local(task.skipped_at).date() != local(now).date():
        return ""
    line = last_skip(task)
    when = near_words(task.skipped_at, now=now)
    if line is None or line.actor is None:  # it went along with another visit of the customer
        return _("skipped %(time)s") % {"time": when}
    told = line.data.get("note") or REASONS[line.data["reason"]]
    return _("skipped %(time)s by %(name)s: %(reason)s") % {"time": when, "name": line.actor, "reason": told}
