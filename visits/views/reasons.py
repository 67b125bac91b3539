"""Why not: what every rule made of an event or a customer, sorted for the page."""

from collections.abc import Sequence

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from visits.domain.explaining.answering import Try, Verdict, why_not
from visits.models import Customer, ServiceEvent


@require_safe
def customer_why_not(request, pk):
    """Show what the rules made of a customer and of the latest of their events."""
    seen = Customer.objects.visible_to(request.user, on=request.today)
    customer = get_object_or_404(seen, pk=pk)
    context = {"customer": customer, "heard": by_event(why_not(customer, now=request.now).tries)}
    template = "visits/customer_why_not.html"
    return render(request, f"{template}#tries" if request.htmx else template, context)


def heard(tries: Sequence[Try]) -> dict:
    """Return the tries that say something, and apart from them those of rules for other kinds of events."""
    return {
        "tries": [tried for tried in tries if tried.verdict != Verdict.OTHER_KIND],
        "passed_over": [tried for tried in tries if tried.verdict == Verdict.OTHER_KIND],
    }


def by_event(tries: Sequence[Try]) -> list[dict]:
    """Return the tries event by event, in their order."""
    ids = list(dict.fromkeys(tried.event for tried in tries))
    events = ServiceEvent.objects.select_related("kind").in_bulk([pk for pk in ids if pk])
    return [{"event": events.get(pk), **heard([tried for tried in tries if tried.event == pk])} for pk in ids]
