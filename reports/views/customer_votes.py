"""A customer's own vote: the link that staff make, and the page behind it, which asks for no account (AE-19)."""

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from config import clock
from config.clock import local_day
from reports.domain.figures import inviting
from reports.domain.figures.voting import CannotVote
from reports.views.votes import number, page

THANKS = "voted"


@require_POST
def vote_invite(request):
    """Make the link by which the customer of one visit votes, and show it for copying."""
    key, record = request.POST.get("election", ""), number(request, "record")
    try:
        token = inviting.invite(request.user, key, record, on=request.today, now=request.now)
    except CannotVote as refusal:
        return page(request, refused=str(refusal), status=422)
    path = reverse("reports:customer_vote", args=[token])
    return page(request, link=request.build_absolute_uri(path))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def customer_vote(request, token):
    """Ask a customer for their vote, once; whoever is signed in here is no customer."""
    now = clock.now()
    on = local_day(now)
    if request.user.is_authenticated:
        return _closed(request, _("You are signed in. This page is for the customer: send the link to them."))
    if request.method != "POST" and THANKS in request.GET:
        return render(request, "reports/customer_vote.html", {"thanks": True})
    try:
        if request.method == "POST":
            inviting.cast_by_customer(token, number(request, "choice"), on=on, now=now)
            return HttpResponseRedirect(f"{request.path}?{THANKS}")
        election = inviting.invitation(token, on=on).election
    except CannotVote as refusal:
        return _closed(request, str(refusal))
    return render(request, "reports/customer_vote.html", {"election": election})


def _closed(request, words):
    return render(request, "reports/customer_vote.html", {"refused": words}, status=410)
