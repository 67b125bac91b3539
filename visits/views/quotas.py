"""Numbers of visits that a regulation wants, and how many were made."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from staff.forms.finding import day_named
from visits.domain.quotas.listing import beside, groups


@require_safe
def quota_list(request):
    """Show the goals of the periods of a day, today's unless the address says otherwise."""
    of = day_named(request.GET.get("of", ""), today=request.today)
    before, after = beside(of)
    found = groups(request.user, of=of, on=request.today)
    context = {"groups": found, "of": of, "before": before, "after": after, "is_now": of == request.today}
    return render(request, "visits/quota_list.html", context)
