"""The regulations for everybody to read, and the approval of a new release by whom it waits for."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from staff.domain import policies, regulations
from staff.domain.conduct import browsing, scope
from staff.domain.pages import cut
from staff.models import Policy, Release
from staff.views.ledger_words import row_words

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


@require_safe
def clause(request, pk, ref):
    """Show one clause: its text, what carries it out, and what it has brought whom, as far as one may see."""
    found = get_object_or_404(Policy, pk=pk)
    release = policies.latest_release(found)
    told = next((one for one in regulations.clauses_told(release) if one.ref == ref), None) if release else None
    if told is None:
        raise Http404
    seen = scope.violations(request.user, on=request.today).filter(policy=found, clause=ref)
    page = cut(seen.select_related(*browsing.RELATED).order_by("-occurred_on", "-pk"), 1)
    context = {
        "policy": found,
        "release": release,
        "clause": told,
        "rows": [row_words(row) for row in page],
        "more": page.more,
        "standing": seen.standing().count(),
        "waiting": seen.waiting().count(),
    }
    return render(request, "staff/clause.html", context)


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
