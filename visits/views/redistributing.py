"""The morning redistribution with its preview, and who takes part by unit."""

from datetime import date, timedelta

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from staff.domain.calendar import add_months
from staff.domain.workforce import load_workforce
from staff.forms.leave import EARLIEST, LATEST
from visits.domain.assigning.reassigning import CannotTake, MayNotReassign
from visits.domain.staffing import participating, redistributing
from visits.forms.redistributing import WORDS, SourcesForm
from visits.models import VisitTask

AGAINST = {
    "no_room": gettext_lazy("nobody at work has room left today"),
    "excluded": gettext_lazy("who has room did the work, and may not ask about it"),
    "unqualified": gettext_lazy("who has room lacks a qualification that the visit needs"),
    "away": gettext_lazy("who has room is away when it is to be done"),
}
SHOWN = 200


def redistribution(request):
    """Show how today's work can be shared out anew; confirmed, do just that."""
    form = SourcesForm(request.POST if request.method == "POST" else request.GET)
    sources = form.sources()
    if request.method != "POST":
        return _page(request, sources, redistributing.propose(request.user, sources, now=request.now))
    token, reason = form.cleaned_data.get("token", ""), form.cleaned_data.get("reason", "")
    try:
        moved = redistributing.redistribute(request.user, sources, token, now=request.now, reason=reason)
    except redistributing.Changed as change:
        return _page(request, sources, change.proposal, changed=True)
    except (CannotTake, MayNotReassign):
        messages.error(request, _("The work stands otherwise now: look at the new proposal."))
        return HttpResponseRedirect(reverse("visits:redistribution"))
    said = ngettext("%(count)d task was given to somebody else.", "%(count)d tasks were given to others.", moved)
    messages.success(request, said % {"count": moved})
    return HttpResponseRedirect(reverse("visits:redistribution"))


@require_safe
def participation(request):
    """Show visits, workload and the time to a solution by unit, for a month."""
    first = _month(request)
    last = add_months(first, 1) - timedelta(1)
    units = participating.participation(request.user, load_workforce(), first=first, last=last, now=request.now)
    context = {"units": units, "first": first, "before": add_months(first, -1), "after": add_months(first, 1)}
    return render(request, "visits/participation.html", context)


def _page(request, sources, proposal, changed=False):
    told = _told([*proposal.moves[:SHOWN], *proposal.stuck[:SHOWN]])
    names = {line.person: line.name for line in proposal.lines}
    people = load_workforce().people
    names |= {pk: one.name for pk, one in people.items() if pk not in names}
    context = {
        "proposal": proposal,
        "sources": [{"value": value, "words": words, "ticked": value in sources} for value, words in WORDS],
        "moves": [{"move": move, **told.get(move.task, {}), "giver": names.get(move.giver, ""),
                   "taker": names.get(move.taker, "")} for move in proposal.moves[:SHOWN]],
        "more": max(0, len(proposal.moves) - SHOWN),
        "stuck": [{**told.get(one.task, {}), "task": one.task, "why": AGAINST.get(one.why, one.why)}
                  for one in proposal.stuck[:SHOWN]],
        "changed": changed,
    }  # fmt: skip
    return render(request, "visits/redistribution.html", context, status=409 if changed else 200)


def _told(rows) -> dict[int, dict]:
    """Return customer and visit of each task by its number."""
    found = VisitTask.objects.filter(pk__in=[row.task for row in rows]).values(
        "pk", "closes_at", "closes_inclusive", customer_name=F("customer__name"), visit=F("step__title"),
        rule=F("step__rule__title"), code=F("step__rule__code"),
    )  # fmt: skip
    return {row["pk"]: row | {"title": row["visit"] or row["rule"] or row["code"]} for row in found}


def _month(request) -> date:
    try:
        asked = date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return request.today.replace(day=1)
    return asked if EARLIEST < asked < LATEST.replace(day=1) else request.today.replace(day=1)
