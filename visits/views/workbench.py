"""The workbench: the queue on the left, the open task beside it."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from visits.domain.finding import queueing
from visits.domain.finding.reasons import Pile
from visits.views.paging import addresses
from visits.views.piles import tabs, waiting_words


@require_safe
def workbench(request):
    """Show the queue; the task that comes next opens by a request of its own, so that the page stands at once."""
    shown = queue_shown(request)
    return render(request, "visits/workbench.html", shown | {"opens": shown["queue"][0].id if shown["queue"] else None})


def queue_shown(request, open_task: int | None = None) -> dict:
    """Return the queue of this person with its counted piles; one pile only where the address names it."""
    pile = request.GET.get("pile", "")
    pile = Pile(pile) if pile in {*Pile} else None
    counts = queueing.counts(request.user, now=request.now)
    rows = queueing.queue(request.user, now=request.now, pile=pile)
    return {
        "at": addresses(),
        "queue": rows,
        "counts": counts,
        "tabs": tabs(counts, pile),
        "pile": pile or "",
        "open_task": open_task,
        "waiting": "" if rows else waiting_words(request.user, now=request.now),
    }
