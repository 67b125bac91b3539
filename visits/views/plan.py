"""The plan: who has how much to do on which day to come, and what stands behind each figure."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from staff.domain.access import may_open
from staff.domain.oversight import overseen_by
from staff.domain.wording import day_words
from visits.domain.assigning import reassigning
from visits.domain.finding import plan_day as behind
from visits.domain.finding.browsing import task_page
from visits.domain.finding.outlook import By, Planner
from visits.forms.planning import PlanDayForm, PlanForm
from visits.views.paging import paged
from visits.views.tasks import task_row

FORESEEN_SHOWN = 200
FARTHEST = 13 * 7


@require_safe
def plan(request):
    """Show the work to come as a heat map of people and days."""
    form = PlanForm(request.GET)
    wanted = form.wanted()
    planner = Planner(request.user, request.now, int(wanted["weeks"]) * 7, By(wanted["by"]))
    context = {"form": form, "outlook": planner.outlook(), "today": request.today, "by": wanted["by"]}
    return render(request, "visits/plan.html", context)


@require_safe
def plan_day(request):
    """Show the tasks and the visits foreseen behind one figure, and let a manager share the tasks out."""
    form = PlanDayForm(request.GET)
    form.is_valid()
    asked = {name: form.cleaned_data.get(name) for name in form.fields}
    on, who = asked["on"], asked["who"]
    planner = Planner(request.user, request.now, _days(on, request.today), By(asked["by"] or By.DUE))
    people = overseen_by(request.user, on=request.today)
    shown = set(people.values_list("pk", flat=True))
    page = task_page(behind.tasks_behind(planner, who, on, shown), "closes", asked["page"] or 1)
    coming = behind.visits_behind(planner, who, on, shown) if on else []
    context = {
        "person": people.filter(pk=who).first() if who and who > 0 else None,
        "who": who,
        "on": day_words(on),
        "coming": coming[:FORESEEN_SHOWN],
        "coming_more": max(0, len(coming) - FORESEEN_SHOWN),
    } | paged(request, PlanForm({}), page, [task_row(row, request.now) for row in page])
    if may_open("visits:task_reassign", "POST", request.user.base_roles):
        context["people"] = reassigning.candidates(request.user, now=request.now)
    return render(request, "visits/plan_day.html", context)


def _days(on, today) -> int:
    """Return how far ahead the planner must look to reach the day."""
    return min(max((on - today).days + 1, 1), FARTHEST) if on else 1
