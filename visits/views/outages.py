"""When the program stood still, and which visits came up late by it."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from staff.domain.access import MANAGERS
from staff.domain.job_ledger import title_of
from staff.domain.wording import length_words
from staff.models import Outage
from visits.domain.explaining.delaying import days_caught_up, delayed_by, delays
from visits.domain.explaining.telling import step_words
from visits.models import VisitTask

OUTAGES_SHOWN = 100
A_PAGE = 50


@require_safe
def outage_list(request):
    """Show the outages, the latest first."""
    found = [(outage, length_words(outage.to_at - outage.from_at)) for outage in Outage.objects.all()[:OUTAGES_SHOWN]]
    return render(request, "visits/outage_list.html", {"outages": found})


@require_safe
def outage(request, pk):
    """Show one outage: the visits that came up late, and the work of days that was made up.

    Managers see those of their scope; an administrator sees all, by order number.
    """
    found = get_object_or_404(Outage, pk=pk)
    reads = bool(request.user.base_roles & MANAGERS)
    tasks = VisitTask.objects.visible_to(request.user, on=request.today) if reads else VisitTask.objects.all()
    late = delayed_by(found, tasks).select_related("event", "step__rule", "assignee")
    page = Paginator(late, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "outage": found,
        "length": length_words(found.to_at - found.from_at),
        "page": page,
        "rows": [(one, step_words(one.task.step)) for one in delays(found, page.object_list)],
        "days": [(title_of(run.job), run) for run in days_caught_up(found)],
        "reads": reads,
    }
    return render(request, "visits/outage.html", context)
