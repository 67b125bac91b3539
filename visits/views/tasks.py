"""The list of tasks."""

from django.shortcuts import render

from staff.domain.wording import bound_words, near_words
from visits.choices import TaskStatus
from visits.domain import browsing
from visits.forms.finding import FindTasks
from visits.views.paging import paged

STATES = dict(TaskStatus.choices)


def task_list(request):
    """Show the tasks in the person's scope, found by the filters of the address."""
    form = FindTasks(request.GET)
    page = browsing.tasks(request.user, form.wanted(), now=request.now, on=request.today)
    rows = [_row(row, request.now) for row in page]
    return render(request, "visits/task_list.html", paged(request, form, page, rows))


def _row(row, now):
    """Return a row of values as one of words."""
    late = row["closes_at"] < now or (row["closes_at"] == now and not row["closes_inclusive"])
    return row | {
        "title": row["title"] or row["rule_title"] or row["rule_code"],
        "closes": bound_words(row["closes_at"], row["closes_inclusive"]),
        "state": STATES[row["status"]],
        "late": late and row["status"] == TaskStatus.OPEN,
        "next": _next(row, now),
    }


def _next(row, now):
    moment = row["call_back_at"] or row["next_attempt_at"]
    return near_words(moment, now=now) if moment and row["status"] == TaskStatus.OPEN else ""
