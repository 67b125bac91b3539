"""How far the set-up of this installation has come, what is left, and where to begin."""

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from staff import doorstep
from staff.domain import setting_up
from staff.domain.access import may_open
from staff.views.steps import OVERVIEW, framed


@require_safe
def overview(request):
    """List the steps with what is settled; tell a stranger where the link is that begins them."""
    if request.user.is_authenticated:
        imports = may_open("visits:import_new", "GET", request.user.base_roles)
        return render(request, "setup/overview.html", framed(request) | {"imports": imports})
    if request.session.get(doorstep.GUEST):
        return HttpResponseRedirect(reverse(f"setup:{setting_up.next_step() or setting_up.COMPANY}"))
    return render(request, "setup/closed.html")


@require_POST
def finish(request):
    """End the set-up; what is left is done later from the same pages."""
    setting_up.finish(actor=request.user, now=request.now)
    return HttpResponseRedirect(reverse(OVERVIEW))
