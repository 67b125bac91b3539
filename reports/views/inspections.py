"""Inspections: the list with the draw by hand, one inspection with its results, its publication, records in doubt."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from reports.domain.inspecting import listing
from reports.domain.inspecting.opening import NothingToDraw, begin_assessment, choose, draw_more
from reports.domain.inspecting.publishing import CannotPublish, publish
from reports.forms.inspecting import DrawForm, FindDoubts, source_name
from reports.models import Inspection
from reports.views.inspection_words import doubt_told, inspection_told, row_told
from staff.domain.access import MANAGERS, may_open
from staff.views.paging import framed
from visits.models import VisitRecord


@require_safe
def inspection_list(request):
    """Show the inspections that one sees; to who is inspected, their own results."""
    return _list(request)


@require_POST
def inspection_draw(request):
    """Draw records of a period by hand, until there are as many as was asked for."""
    form = _draw_form(request, request.POST)
    if form is None or not form.is_valid():
        return _list(request, form=form, status=422)
    card, period = form.chosen()
    try:
        made = draw_more(card, period, form.cleaned_data["count"], now=request.now, actor=request.user)
    except NothingToDraw:
        form.add_error("source", _("There is no visit in this period that could be inspected."))
        return _list(request, form=form, status=422)
    count = made.items.filter(second_of=None).count()
    words = ngettext("%(count)d visit is to be inspected.", "%(count)d visits are to be inspected.", count)
    messages.success(request, words % {"count": count})
    return HttpResponseRedirect(reverse("reports:inspection", args=[made.pk]))


@require_POST
def inspection_begin(request):
    """Begin the assessment of a period that still runs."""
    offered = {source_name(*one): one for one in listing.assessable(request.user, on=request.today)}
    chosen = offered.get(request.POST.get("source", ""))
    if chosen is None:
        messages.error(request, _("This assessment has begun already, or is not yours to begin."))
        return HttpResponseRedirect(reverse("reports:inspection_list"))
    made = begin_assessment(*chosen, now=request.now, actor=request.user)
    return HttpResponseRedirect(reverse("reports:inspection", args=[made.pk]))


@require_safe
def inspection(request, pk):
    """Show one inspection: what was drawn from what, how everybody came off, how far two scorers agree."""
    return _page(request, seen_inspection(request, pk))


@require_POST
def inspection_publish(request, pk):
    """Make the results final and tell everybody."""
    found = seen_inspection(request, pk)
    try:
        publish(found, actor=request.user, now=request.now)
    except CannotPublish as refusal:
        return _page(request, found, refused=str(refusal), status=422)
    messages.success(request, _("The results are final; everybody was told theirs."))
    return HttpResponseRedirect(reverse("reports:inspection", args=[pk]))


@require_safe
def doubt_list(request):
    """Show the visits that are hard to believe, the heaviest doubts first."""
    form = FindDoubts(request.GET, people=listing.doubted_people(request.user, on=request.today))
    page = listing.doubtful(request.user, form.wanted(), on=request.today)
    rows = [row | {"doubts": [doubt_told(one) for one in row["doubts"]]} for row in page]
    return render(request, "reports/doubt_list.html", framed(request, form, page, rows))


@require_POST
def record_inspect(request, pk):
    """Put one visit among what is inspected, and open it."""
    records = VisitRecord.objects.visible_to(request.user, on=request.today).current()
    record = get_object_or_404(records, pk=pk)
    card = listing.card_for(record, request.user, on=request.today)
    if card is None or record.advisor_id == request.user.pk:
        messages.error(request, _("You inspect by no scorecard that this visit falls under."))
        return HttpResponseRedirect(reverse("reports:doubt_list"))
    item = choose(card, record, now=request.now, actor=request.user)
    return HttpResponseRedirect(reverse("reports:inspection_item", args=[item.pk]))


def seen_inspection(request, pk) -> Inspection:
    """Return the inspection if it is this person's to see."""
    seen = Inspection.objects.visible_to(request.user, on=request.today)
    return get_object_or_404(seen.select_related("release", "policy"), pk=pk)


def _draw_form(request, data=None):
    """Return the form for a draw by hand; None for who draws nothing."""
    if not may_open("reports:inspection_draw", "POST", request.user.base_roles):
        return None
    sources = listing.drawable_periods(request.user, on=request.today)
    return DrawForm(data, sources=sources) if sources else None


def _list(request, *, form=None, status=200):
    manages = bool(request.user.base_roles & MANAGERS)
    assessable = listing.assessable(request.user, on=request.today)
    context = {
        "rows": listing.inspections(request.user, on=request.today),
        "own": [row_told(item) for item in listing.own_items(request.user)],
        "form": form or _draw_form(request),
        "assessable": [{"source": source_name(*one), "card": one[0].name, "period": one[1].key} for one in assessable],
        "manages": manages,
    }
    return render(request, "reports/inspection_list.html", context, status=status)


def _page(request, found, *, refused="", status=200):
    context = {"inspection": found, "refused": refused} | inspection_told(found, request)
    return render(request, "reports/inspection.html", context, status=status)
