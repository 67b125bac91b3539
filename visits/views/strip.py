"""The line above the workbench: how the day stands, what was promised next, what waits to be given to somebody."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from staff.domain.access import may_open
from staff.domain.wording import day_words, local, near_words
from visits.choices import TaskStatus
from visits.domain.finding import today
from visits.models import VisitTask

AHEAD_DAYS = 7


def strip_of(request) -> dict:
    """Return what the line shows, with the counts, by one query; by two for those who give tasks to others."""
    day = today.day_of(request.user, now=request.now)
    counts = day.counts
    return {
        "counts": counts,
        "settled": day.settled,
        "whole": day.settled + counts.overdue + counts.today,
        "calls": day.calls,
        "overdue": counts.overdue,
        "promise": _promise(day, request.now),
        "unassigned": _unassigned(request),
    }


def waiting_lines(employee, *, now: datetime) -> list[str]:
    """Return what happens next for somebody without a call: the next promise, the next attempt, the next openings."""
    mine = VisitTask.objects.filter(assignee=employee)
    lines = []
    promised = mine.filter(status=TaskStatus.OPEN, call_back_at__gt=now).order_by("call_back_at").first()
    if promised:
        at = near_words(promised.call_back_at, now=now)
        lines.append(_("The next promised call-back is %(time)s.") % {"time": at})
    again = mine.filter(status=TaskStatus.OPEN, next_attempt_at__gt=now, call_back_at=None).order_by("next_attempt_at")
    if found := again.first():
        lines.append(_("The next one can be called %(time)s.") % {"time": near_words(found.next_attempt_at, now=now)})
    planned = mine.filter(status=TaskStatus.PLANNED).order_by("opens_at")
    if opens_at := planned.values_list("opens_at", flat=True).first():
        count = planned.filter(opens_at=opens_at).count()
        words = ngettext("%(count)d visit opens on %(day)s.", "%(count)d visits open on %(day)s.", count)
        lines.append(words % {"count": count, "day": day_words(local(opens_at).date())})
    return lines


def _promise(day: today.Day, now: datetime) -> dict | None:
    if day.promise_at is None:
        return None
    minutes = int((day.promise_at - now).total_seconds() // 60)
    return {
        "task": day.promise_task,
        "name": day.promise_name,
        "at": near_words(day.promise_at, now=now),
        "due": minutes < 0,
        "soon": 0 <= minutes <= 5,
        "left": _distance(minutes),
    }


def _distance(minutes: int) -> str:
    """Return how far off a promise is, where that is less than an hour; nothing for what is further away."""
    if minutes < 0:
        late = -minutes
        return ngettext("%(count)d minute late", "%(count)d minutes late", late) % {"count": late} if late < 60 else ""
    return ngettext("in %(count)d minute", "in %(count)d minutes", minutes) % {"count": minutes} if minutes < 60 else ""


def _unassigned(request) -> int:
    """Return how many open tasks wait until somebody names a person for them; 0 for those who may not."""
    if not may_open("visits:task_reassign", "POST", request.user.base_roles):
        return 0
    seen = VisitTask.objects.visible_to(request.user, on=request.today)
    return seen.filter(assignee=None, role="", status=TaskStatus.OPEN).count()
