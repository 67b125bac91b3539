"""The page of the clocks of one case: every bound with its own calculation."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from complaints.domain.showing.calculation import calculations_of
from complaints.views.cases import seen
from complaints.views.panels import visits


@require_safe
def case_clock(request, pk):
    """Show how each bound of a case was counted, and the visits that ask after it."""
    found = seen(request, pk)
    told = {"case": found, "clocks": calculations_of(found, now=request.now), "visits": visits(found, request)}
    return render(request, "complaints/case_clock.html", told)
