"""A customer's number on the card: shown on request, put right when it is wrong."""

from contextlib import suppress

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from visits.domain.assigning import reassigning
from visits.domain.calling import card as calling
from visits.domain.calling import correcting, guarding, revealing
from visits.domain.calling.frequency import TooOften
from visits.domain.calling.restricting import Unwanted
from visits.forms.numbers import NumberForm
from visits.models import Customer
from visits.views.calls import seen_task

REASON = 200


@require_POST
def number_reveal(request, pk):
    """Show the number of a task, and write down that it was shown; a task in nobody's hands comes into one's own."""
    found = in_hand(request, pk)
    number = number_for(found, request, reason=request.POST.get("reason", "")[:REASON])
    template = "visits/number_reveal.html#number" if request.htmx else "visits/number_reveal.html"
    return render(request, template, {"number": number, "task": found}, status=number.get("status", 200))


def number_for(found, request, *, reason) -> dict:
    """Return the number as the card shows it, or why it is not shown; at the limit the manager hears of it."""
    try:
        plain = revealing.reveal(found.customer, by=request.user, now=request.now, task=found, reason=reason)
    except revealing.ReasonNeeded as refusal:
        return {"refused": str(refusal), "task": found.pk}
    except revealing.LimitReached as refusal:
        guarding.sound_alarm(request.user, now=request.now)
        return {"refused": str(refusal), "status": 429}
    except (Unwanted, TooOften) as refusal:
        return {"refused": str(refusal)}
    dial = revealing.may_dial(found, request.user, now=request.now)
    return {"plain": plain, "dial": dial, "reason": reason} if plain else {"masked": ""}


def in_hand(request, pk):
    """Return the task after taking it, out of its pool where it lies in one, as far as nobody else holds it."""
    found = seen_task(request, pk)
    if found.assignee_id is None:
        with suppress(reassigning.MayNotReassign, reassigning.CannotTake):  # then it is asked for a reason
            reassigning.take_from_pool(found, request.user, now=request.now)
    calling.lease(found, request.user, now=request.now)
    return seen_task(request, pk)


@require_POST
def number_correct(request, pk):
    """Give the customer the right number; their waiting visits go back into the queue."""
    seen = Customer.objects.visible_to(request.user, on=request.today)
    customer = get_object_or_404(seen, pk=pk)
    form = NumberForm(request.POST)
    try:
        if form.is_valid():
            correcting.correct_number(customer, form.cleaned_data["number"], by=request.user, now=request.now)
            messages.success(request, _("The number was put right. Waiting visits are back in the queue."))
    except (correcting.NotANumber, correcting.NumberTaken) as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(f"/customers/{customer.pk}/")
