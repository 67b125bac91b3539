"""My figures: what one can earn this period, how far it is, and what each figure was counted from."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.domain.dashboard.naming import may_look
from reports.domain.figures.goals import goals_of
from reports.views.figure_words import card


@require_safe
def my_figures(request):
    """Show every reward, target and penalty on figures with one's own figure of today."""
    goals = goals_of(request.user, on=request.today, now=request.now)
    cards = [card(goal) for goal in goals]
    context = {
        "looks_after": may_look(request.user, on=request.today),
        "counted": any(goal.figure.value is not None for goal in goals),
        "rewards": [one for one in cards if one["goal"].section == "reward"],
        "targets": [one for one in cards if one["goal"].section == "kpi"],
        "penalties": [one for one in cards if one["goal"].section == "penalty"],
    }
    return render(request, "reports/my_figures.html", context)
