"""Votes for a prize: what is elected now, one's own vote, a customer's vote from a call, and what came of it."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reports.domain.figures import inviting, voting


@require_safe
def vote_list(request):
    """Show the elections that are open, and those that are over."""
    return page(request)


@require_POST
def vote_cast(request):
    """Cast one's own vote; it cannot be changed."""
    key, choice = request.POST.get("election", ""), number(request, "choice")
    told = _("Your vote counts. Nobody is told whom it is for.")
    return _voted(request, lambda at: voting.cast(request.user, key, choice, **at), told)


@require_POST
def vote_enter(request):
    """Enter the vote that a customer gave in a call."""
    key, choice, record = request.POST.get("election", ""), number(request, "choice"), number(request, "record")
    told = _("The customer's vote counts.")
    return _voted(request, lambda at: voting.enter(request.user, key, record, choice, **at), told)


def _voted(request, vote, told):
    try:
        vote({"on": request.today, "now": request.now})
    except voting.CannotVote as refusal:
        return page(request, refused=str(refusal), status=422)
    messages.success(request, told)
    return HttpResponseRedirect(reverse("reports:vote_list"))


def number(request, name) -> int:
    """Return the whole number that a form names, 0 for anything else."""
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() else 0


def page(request, refused="", status=200, link=""):
    """Show the elections; `link` is that of a customer's vote which was made just now."""
    open_ones = [_shown(request, one) for one in voting.elections(request.user, on=request.today)]
    over = voting.outcomes(request.user, on=request.today)
    typed = {name: request.POST.get(name, "") for name in ("election", "choice", "record")}
    context = {"open": open_ones, "over": over, "refused": refused, "typed": typed, "link": link}
    return render(request, "reports/vote_list.html", context, status=status)


def _shown(request, election):
    if not election.of_customers:
        return {"election": election}
    calls = voting.calls_of(request.user, election)[: voting.CALLS_BACK]
    seen = inviting.invitable(request.user, election, on=request.today)[: voting.CALLS_BACK]
    return {"election": election, "calls": calls, "invitable": seen}
