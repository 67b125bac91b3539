"""Agreed moments: the day's list with its figures, and agreeing or cancelling one beside the call."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from staff.domain.pages import cut
from staff.domain.wording import local, moment_words
from visits.choices import PromiseState
from visits.domain.calling import channels
from visits.domain.calling.card import context_of
from visits.domain.calling.correcting import current_number
from visits.domain.calling.terms import terms_of
from visits.domain.promising import booking, figures, listing
from visits.forms.contacting import AppointmentForm, FindPromises
from visits.models import Promise
from visits.views.calls import seen_task
from visits.views.cards import CHIP, chips
from visits.views.deeds import answered, asked
from visits.views.paging import paged


@require_safe
def promise_list(request):
    """Show what was agreed with customers, by the moment, with how much of it was kept."""
    form = FindPromises(request.GET)
    wanted = form.wanted()
    found = listing.promises(request.user, wanted, on=request.today)
    related = found.select_related("task__customer", "task__assignee", "made_by", "owner")
    page = cut(related, wanted["page"])
    shown = paged(request, form, page, [_row(promise, request.now) for promise in page])
    return render(request, "visits/promise_list.html", shown | {"figures": figures.figures(found)})


def _row(promise, now):
    return {
        "id": promise.pk,
        "task": promise.task_id,
        "customer": promise.task.customer.name,
        "kind": promise.get_kind_display(),
        "at": moment_words(promise.promised_at),
        "late": promise.state == PromiseState.WAITING and promise.promised_at < now,
        "state": promise.state,
        "words": promise.get_state_display(),
        "owner": (promise.task.assignee if promise.state == PromiseState.WAITING else promise.owner) or "",
        "by": promise.made_by,
        "with": promise.agreed_with,
        "settled": moment_words(promise.settled_at) if promise.state != PromiseState.WITHDRAWN else "",
        "may_cancel": promise.state == PromiseState.WAITING,
    }


def task_appointment(request, pk):
    """Agree a time for a task; what cannot be agreed comes back as it was typed."""
    found = seen_task(request, pk)
    if request.method != "POST":
        return asked(request, "visits/task_appointment.html", _offer(found, request, AppointmentForm()))
    form = AppointmentForm(request.POST)
    try:
        if form.is_valid():
            promise = booking.book(found, booking.Wish(**form.cleaned_data), by=request.user, now=request.now)
            words = _("Agreed for %(time)s. The bell rings five minutes before.")
            return answered(request, found, words % {"time": moment_words(promise.promised_at)})
    except booking.CannotBook as refusal:
        form.refuse(refusal.messages)
    return asked(request, "visits/task_appointment.html", _offer(found, request, form), status=422)


def _offer(task, request, form) -> dict:
    """Return what the form offers: the usual moments, the customer's own hours, their channel first (P-02)."""
    terms = terms_of(task)
    wished = booking.first_wished(task.customer, terms, now=request.now)
    liked = {"words": _("preferred: %(time)s") % {"time": moment_words(wished)}, "value": _local(wished)}
    usual = channels.default_channel(terms, task.customer, has_number=current_number(task.customer) is not None)
    return {
        "task": task,
        "customer": task.customer,
        "form": form,
        "chips": [liked, *chips(request.now)] if task.customer.preferred_time else chips(request.now),
        "channels": context_of(task, now=request.now).channels,
        "chosen_channel": form.value("channel") or usual,
    }


def _local(moment) -> str:
    return local(moment).strftime(CHIP)


@require_POST
def promise_cancel(request, pk):
    """Take an agreed time back: its task is in the queue at once."""
    seen = Promise.objects.visible_to(request.user, on=request.today).select_related("task")
    promise = get_object_or_404(seen, pk=pk)
    if booking.cancel(promise, by=request.user, now=request.now):
        messages.success(request, _("The agreed time was cancelled; the visit is in the queue again."))
    return HttpResponseRedirect(f"/tasks/{promise.task_id}/")
