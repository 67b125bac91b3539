"""The list of events, and one event with the visits that it caused or did not cause."""

from django.shortcuts import get_object_or_404, render

from staff.domain.wording import figure_words, moment_words, money_words
from visits.domain.explaining import telling
from visits.domain.explaining.answering import why_not
from visits.domain.finding import browsing
from visits.forms.finding import FindEvents
from visits.models import EventKind, ServiceEvent, VisitRecord, VisitTask
from visits.views.paging import paged
from visits.views.reasons import heard


def event_list(request):
    """Show the events in the person's scope, found by the filters of the address."""
    kinds = [(kind.code, str(kind)) for kind in EventKind.objects.all()]
    form = FindEvents(request.GET, kinds=kinds)
    page = browsing.events(request.user, form.wanted(), on=request.today)
    rows = [_row(row) for row in page]
    return render(request, "visits/event_list.html", paged(request, form, page, rows))


def event(request, pk):
    """Show one event, its visits, and what every rule made of it."""
    found = get_object_or_404(
        ServiceEvent.objects.visible_to(request.user, on=request.today).select_related(
            "kind", "customer", "vehicle", "advisor", "branch", "department"
        ),
        pk=pk,
    )
    context = {
        "event": found,
        "facts": telling.facts_of(found),
        "tasks": telling.tasks_told(VisitTask.objects.filter(event=found), now=request.now),
        **heard(why_not(found, now=request.now).tries),
        "records": telling.records_told(VisitRecord.objects.filter(links__task__event=found).distinct()),
    }
    return render(request, "visits/event.html", context)


def _row(row):
    return row | {
        "kind": row["kind_title"] or row["kind_code"],
        "happened": moment_words(row["happened_at"]),
        "amount": money_words(row["amount"]),
        "css": figure_words(row["css"]),
    }
