"""Important information that was passed on: write it beside the call, read it, handle it (T-08)."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from visits.domain.calling import passing
from visits.forms.contacting import WordForm
from visits.models import Customer, ImportantWord
from visits.views.calls import seen_task
from visits.views.deeds import answered, asked

SHOWN = 100


def task_pass_on(request, pk):
    """Pass something on to colleagues and departments; what says nothing or reaches nobody comes back as typed."""
    found = seen_task(request, pk)
    units = passing.units(on=request.today)
    form = WordForm(request.POST or None, units=units)
    if request.method == "POST" and form.is_valid():
        try:
            word = passing.pass_on(found, **form.cleaned_data, by=request.user, now=request.now, on=request.today)
            count = word.recipients.count()
            return answered(request, found, _("Passed on; told: %(count)d.") % {"count": count})
        except passing.CannotPassOn as refusal:
            form.refuse(refusal.messages)
    context = {"form": form, "units": units, "people": form.chosen("people"), "chosen": form.chosen("departments")}
    context |= {"task": found, "customer": found.customer}
    return asked(request, "visits/task_pass_on.html", context, status=422 if form.errors else 200)


@require_safe
def word_list(request):
    """Show what was passed on to this person and by them, what is not handled first."""
    mine = ImportantWord.objects.filter(Q(recipients__employee=request.user) | Q(raised_by=request.user)).distinct()
    rows = mine.select_related("customer", "raised_by").prefetch_related("recipients")[:SHOWN]
    return render(request, "visits/word_list.html", {"rows": [_told(word, request.user) for word in rows]})


@require_safe
def word(request, pk):
    """Show one piece of information: who passed it on, who has read and handled it."""
    found = seen_word(request, pk)
    sees = Customer.objects.visible_to(request.user, on=request.today).filter(pk=found.customer_id).exists()
    context = {"word": found, "told": _told(found, request.user), "sees_customer": sees}
    return render(request, "visits/word.html", context)


@require_POST
def word_read(request, pk):
    """Note that the page was opened by one of those who were told."""
    passing.read(seen_word(request, pk), by=request.user, now=request.now)
    return HttpResponse(status=204)


@require_POST
def word_handle(request, pk):
    """Note what was done about it."""
    found = seen_word(request, pk)
    if passing.handle(found, request.POST.get("outcome", ""), by=request.user, now=request.now):
        messages.success(request, _("Handled. Whoever passed it on was told."))
    return HttpResponseRedirect(f"/words/{found.pk}/")


def seen_word(request, pk) -> ImportantWord:
    """Return the information if it is this person's to see; what is not looks as if it were not there."""
    seen = ImportantWord.objects.visible_to(request.user, on=request.today)
    return get_object_or_404(seen.select_related("customer", "raised_by", "task"), pk=pk)


def _told(word, user) -> dict:
    told = list(word.recipients.select_related("employee"))
    own = next((one for one in told if one.employee_id == user.pk), None)
    return {
        "word": word,
        "recipients": told,
        "total": len(told),
        "handled": sum(one.handled_at is not None for one in told),
        "own": own,
        "open": own is not None and own.handled_at is None,
    }
