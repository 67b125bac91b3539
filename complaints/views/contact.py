"""Showing how to reach whoever a case is about."""

from django.shortcuts import render
from django.views.decorators.http import require_POST

from complaints.domain import revealing
from complaints.views.cases import seen
from visits.domain.calling.frequency import TooOften
from visits.domain.calling.guarding import sound_alarm
from visits.domain.calling.restricting import Unwanted
from visits.domain.calling.revealing import LimitReached, ReasonNeeded

REASON = 200


@require_POST
def case_contact(request, pk):
    """Show the contact of a case whole, and write down that it was shown; at the limit the manager hears of it."""
    found = seen(request, pk)
    told, status = contact_for(found, request, reason=request.POST.get("reason", "")[:REASON])
    template = "complaints/case_contact.html#contact" if request.htmx else "complaints/case_contact.html"
    return render(request, template, {"case": found, "contact": told}, status=status)


def contact_for(found, request, *, reason):
    """Return the contact, or why it is not shown, with the status of the answer."""
    try:
        return {"plain": revealing.reveal(found, by=request.user, now=request.now, reason=reason)}, 200
    except ReasonNeeded as refusal:
        return {"refused": str(refusal), "ask": True}, 200
    except LimitReached as refusal:
        sound_alarm(request.user, now=request.now)
        return {"refused": str(refusal)}, 429
    except (Unwanted, TooOften) as refusal:
        return {"refused": str(refusal)}, 200
