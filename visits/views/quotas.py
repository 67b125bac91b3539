"""Numbers of visits that a regulation wants, and how many were made."""

from datetime import date

from django.shortcuts import render
from django.views.decorators.http import require_safe

from staff.forms.finding import EARLIEST, LATEST
from visits.domain.quotas.listing import beside, groups


@require_safe
def quota_list(request):
    """Show the goals of the periods of a day, today's unless the address says otherwise."""
    of = _day(request.GET.get("of", ""), request.today)
    before, after = beside(of)
    found = groups(request.user, of=of, on=request.today)
    context = {"groups": found, "of": of, "before": before, "after": after, "is_now": of == request.today}
    return render(request, "visits/quota_list.html", context)


def _day(text: str, today: date) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return today
    return found if EARLIEST < found < LATEST else today
