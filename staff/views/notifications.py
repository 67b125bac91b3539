"""The bell: what the person should hear of, read when it was opened."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from staff.domain import notifying
from staff.models import Notification

SHOWN = 100
LIST = "/staff/notifications/"


@require_safe
def notification_list(request):
    """Show what was told to this person, newest first."""
    rows = Notification.objects.visible_to(request.user, on=request.today)[:SHOWN]
    return render(request, "staff/notification_list.html", {"rows": [notifying.told(row) for row in rows]})


@require_safe
def bell(request):
    """Show how many are unread and which are urgent; the page asks every half minute, which keeps no session alive."""
    return render(request, "staff/bell.html")


@require_POST
def notification_read(request, pk):
    """Mark one as read, and go to what it is about where that was asked for."""
    seen = Notification.objects.visible_to(request.user, on=request.today)
    found = get_object_or_404(seen, pk=pk)
    notifying.mark_read(request.user, now=request.now, ids=[found.pk])
    if request.htmx:
        return render(request, "staff/bell.html")
    target = found.url if request.POST.get("open") else request.POST.get("next", LIST)
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(target if target and safe else LIST)


@require_POST
def notification_read_all(request):
    """Mark everything as read."""
    notifying.mark_read(request.user, now=request.now)
    return HttpResponseRedirect(LIST)


@require_POST
def session_stay(request):
    """Keep the sign-in: that somebody asked for this is the deed that begins the half hour anew."""
    return HttpResponse(status=204)
