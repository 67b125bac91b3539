"""The workbench: the line of the day above, the queue on the left, the open task beside it."""

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from visits.domain.finding import queueing
from visits.domain.finding.news import newcomers
from visits.domain.finding.reasons import Pile
from visits.domain.finding.seeking import seek
from visits.views.paging import addresses
from visits.views.piles import DONE, called_today, tabs
from visits.views.strip import strip_of, waiting_lines

ROWS = 50
LONGEST_SEARCH = 60


@require_safe
def workbench(request):
    """Show the queue; the task that comes next opens by a request of its own, so that the page stands at once."""
    if request.htmx and request.htmx.target == "queue-rows":
        return render(request, "visits/workbench.html#rows", rows_shown(request))
    shown = queue_shown(request)
    narrowed = shown["pile"] or shown["sought"]
    first = next(iter(shown["queue"]), None) or (
        queueing.next_task(request.user, now=request.now) if narrowed else None
    )
    return render(request, "visits/workbench.html", shown | {"opens": first.id if first else None})


@require_safe
def queue_news(request):
    """Tell the page how the day stands now and how many calls have joined the queue; the rows stay where they are."""
    if not request.htmx:
        return HttpResponseRedirect("/")
    strip = strip_of(request)
    shown = [int(text) for text in request.GET.get("shown", "").split(",") if text.isascii() and text.isdigit()]
    rows = queueing.queue(request.user, now=request.now, limit=ROWS) if "shown" in request.GET else []
    news = len(newcomers(rows, set(shown[:ROWS]), limit=ROWS))
    context = {"strip": strip, "tabs": tabs(strip["counts"], request.GET.get("pile", "")), "news": news}
    return render(request, "visits/queue_news.html", context)


def queue_shown(request, open_task: int | None = None, *, rows: list[queueing.QueueRow] | None = None) -> dict:
    """Return the whole workbench but its card: the line of the day, the counted piles, the rows.

    `rows`: those of the whole queue, where somebody has asked for them already.
    """
    strip = strip_of(request)
    shown = rows_shown(request, open_task, rows=rows) | {"counts": strip["counts"], "strip": strip}
    idle = not shown["queue"] and not shown["pile"] and not shown["sought"]
    waiting = waiting_lines(request.user, now=request.now) if idle else []
    return shown | {"tabs": tabs(shown["counts"], shown["pile"]), "waiting": waiting}


def rows_shown(request, open_task: int | None = None, *, rows: list[queueing.QueueRow] | None = None) -> dict:
    """Return the rows: what was searched for, what was called today, one pile only, or the queue."""
    sought, pile = request.GET.get("q", "").strip()[:LONGEST_SEARCH], request.GET.get("pile", "")
    pile = pile if pile in {*Pile, DONE} and not sought else ""
    shown = {"at": addresses(), "sought": sought, "pile": pile, "open_task": open_task, "queue": [], "called": []}
    if sought:
        return shown | {"queue": seek(request.user, sought, now=request.now)}
    if pile == DONE:
        return shown | {"called": called_today(request)}
    if pile or rows is None:
        rows = queueing.queue(request.user, now=request.now, limit=ROWS, pile=pile or None)
    return shown | {"queue": rows}
