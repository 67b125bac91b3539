"""Giving tasks to people, and taking one out of a pool."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from staff.models import Employee
from visits.domain.assigning import reassigning
from visits.domain.assigning.choosing import PassedOver
from visits.forms.sharing import ReassignForm
from visits.models import VisitTask

LISTS = ("/tasks/", "/plan/")  # from which tasks are given


@require_POST
def task_reassign(request):
    """Give the chosen tasks to a person, or back into their pools; all of them or none."""
    form = ReassignForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(fault) for faults in form.errors.values() for fault in faults))
        return back(request)
    tasks = seen(request, form.ids)
    to = form.cleaned_data["to"] and get_object_or_404(Employee, pk=form.cleaned_data["to"])
    try:
        moved = reassigning.reassign(tasks, to, actor=request.user, now=request.now, reason=form.cleaned_data["reason"])
    except reassigning.CannotTake as refusal:
        messages.error(request, refusal_words(refusal))
        return back(request)
    given = ngettext("%(count)d task given to %(name)s.", "%(count)d tasks given to %(name)s.", len(moved))
    messages.success(request, given % {"count": len(moved), "name": to or _("the pool")})
    return back(request)


@require_POST
def task_take(request):
    """Take a task out of its pool and open it; say so where somebody was quicker."""
    [found] = seen(request, [text for text in request.POST.getlist("task")[:1] if text.isascii() and text.isdigit()])
    try:
        won = reassigning.take_from_pool(found, request.user, now=request.now)
    except reassigning.CannotTake as refusal:
        messages.error(request, refusal_words(refusal))
        return back(request)
    if not won:
        messages.error(request, _("Somebody was quicker: the task has an assignee now."))
        return back(request)
    return HttpResponseRedirect(f"/tasks/{found.pk}/")


def seen(request, ids) -> list[VisitTask]:
    """Return these tasks; one that is not this person's to see looks as if none were there."""
    found = list(VisitTask.objects.visible_to(request.user, on=request.today).filter(pk__in=ids).distinct())
    if not ids or len(found) != len({int(pk) for pk in ids}):
        raise Http404
    return found


def refusal_words(refusal: reassigning.CannotTake) -> str:
    """Say why the person cannot have the task."""
    reasons = {
        PassedOver.LEFT: _("%(name)s has left."),
        PassedOver.AWAY: _("%(name)s is on leave when the task is to be done."),
        PassedOver.EXCLUDED: _("%(name)s did the work, and the regulation wants somebody else to make this visit."),
        PassedOver.UNQUALIFIED: _("%(name)s lacks a qualification that the regulation asks for."),
        PassedOver.NO_HOLDER: _("%(name)s has no role that makes visits."),
    }
    return reasons[refusal.why] % {"name": refusal.employee}


def back(request) -> HttpResponseRedirect:
    """Return to the list from which the person came."""
    address = request.POST.get("back", "")
    known = url_has_allowed_host_and_scheme(address, allowed_hosts=None) and address.startswith(LISTS)
    return HttpResponseRedirect(address if known else "/tasks/")
