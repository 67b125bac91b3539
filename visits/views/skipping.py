"""Putting a call to the back of the queue and going on with the next one."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from visits.domain.calling import skipping
from visits.views.calls import onward, seen_task


@require_POST
def task_skip(request, pk):
    """Skip the call for the reason that was chosen; what cannot be skipped stays open, with what was typed."""
    found = seen_task(request, pk)
    reason, note = request.POST.get("skip", ""), request.POST.get("skip_note", "")
    try:
        told = skipping.skip(found, request.user, reason=reason, note=note, now=request.now)
    except skipping.CannotSkip as refusal:
        return refused(request, pk, str(refusal))
    count = {"count": told.count, "limit": told.limit}
    words = _("Put to the back of the queue: skip %(count)d of %(limit)d today.") % count
    return onward(request, done={"message": words, "seconds": 8})


def refused(request, pk, words: str):
    """Say why the call was not skipped, and leave its card alone."""
    if not request.htmx:
        messages.error(request, words)
        return HttpResponseRedirect(f"/tasks/{pk}/")
    response = render(request, "visits/task_skip.html", {"done": {"message": words, "seconds": 10, "tags": "error"}})
    response["HX-Reswap"] = "none"
    return response
