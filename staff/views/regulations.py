"""The regulations for everybody to read, and the approval of a new release by whom it waits for."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from staff.domain import policies, regulations
from staff.models import Policy, Release

DECISIONS = {"approve": policies.approve, "reject": policies.reject}


def policy_list(request):
    """Show every regulation with the release that is in force."""
    return render(request, "staff/policy_list.html", {"rows": regulations.policies_told()})


def policy(request, pk):
    """Show one regulation, clause by clause, with what carries each out."""
    found = get_object_or_404(Policy, pk=pk)
    release = policies.latest_release(found)
    awaiting = found.releases.filter(state="awaiting").order_by("-number").first()
    context = {
        "policy": found,
        "release": release,
        "clauses": regulations.clauses_told(release) if release else [],
        "awaiting": awaiting,
        "changes": policies.difference(release.content if release else "", awaiting.content) if awaiting else [],
        "decides": regulations.awaited_by(awaiting, request.user, on=request.today),
    }
    return render(request, "staff/policy.html", context)


@require_POST
def release_decide(request, pk):
    """Approve or reject a release that waits for this person."""
    release = get_object_or_404(Release, pk=pk)
    decide = DECISIONS.get(request.POST.get("decision", ""))
    try:
        if decide:
            decide(release, now=request.now, on=request.today, actor=request.user)
            messages.success(request, _("Done."))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return HttpResponseRedirect(reverse("staff:policy", args=[release.policy_id]))
