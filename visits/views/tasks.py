"""The list of tasks."""

from django.shortcuts import render

from staff.domain.access import may_open
from staff.domain.wording import bound_words, near_words
from visits.choices import WORKABLE, TaskStatus
from visits.domain.assigning import reassigning
from visits.domain.finding import browsing
from visits.forms.finding import FindTasks
from visits.views.paging import paged

STATES = dict(TaskStatus.choices)


def task_list(request):
    """Show the tasks in the person's scope, found by the filters of the address."""
    rights = request.user.base_roles
    gives = may_open("visits:task_reassign", "POST", rights)
    people = reassigning.candidates(request.user, now=request.now) if gives else []
    form = FindTasks(request.GET, people=people)
    page = browsing.tasks(request.user, form.wanted(), now=request.now, on=request.today)
    rows = [task_row(row, request.now) for row in page]
    shown = paged(request, form, page, rows) | {"may_take": may_open("visits:task_take", "POST", rights)}
    shown["people"] = people
    return render(request, "visits/task_list.html", shown)


def task_row(row, now):
    """Return a row of values as one of words."""
    late = row["closes_at"] < now or (row["closes_at"] == now and not row["closes_inclusive"])
    return row | {
        "title": row["title"] or row["rule_title"] or row["rule_code"],
        "closes": bound_words(row["closes_at"], row["closes_inclusive"]),
        "state": STATES[row["status"]],
        "movable": row["status"] in WORKABLE,
        "late": late and row["status"] == TaskStatus.OPEN,
        "next": _next(row, now),
    }


def _next(row, now):
    moment = row["call_back_at"] or row["next_attempt_at"]
    return near_words(moment, now=now) if moment and row["status"] == TaskStatus.OPEN else ""
