"""Consequences without a figure: retraining, coaching, proposals of dismissal; who carries them out, and until when."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from staff.choices import MeasureState
from staff.domain.conduct import browsing, carrying_out, scope
from staff.domain.conduct.naming import measure_words
from staff.domain.conduct.refusing import Refused
from staff.domain.conduct.rights import Rights
from staff.forms.ledger import MeasureForm

RELATED = ("employee", "violation__policy", "violation__release__policy", "training", "closed_by")
LATEST = 30
DEEDS = {"done": True, "drop": False}


@require_safe
def measure_list(request):
    """Show what is still to be carried out, the next due first, and what was closed last."""
    return _page(request)


@require_POST
def measure_deed(request, pk, deed):
    """Say that a measure was carried out, or drop it with a reason."""
    if deed not in DEEDS:
        raise Http404
    seen = scope.measures(request.user, on=request.today).select_related(*RELATED)
    measure, form = get_object_or_404(seen, pk=pk), MeasureForm(request.POST)
    told = form.cleaned_data if form.is_valid() else {}
    text = told.get("note", "")
    last_day = told.get("last_day")
    try:
        carrying_out.close(measure, actor=request.user, now=request.now, text=text, done=DEEDS[deed], last_day=last_day)
        messages.success(request, _("Noted."))
    except Refused as refusal:
        return _page(request, refused={"pk": pk, "fault": refusal.words, "note": text}, status=422)
    return HttpResponseRedirect(reverse("staff:measure_list"))


def _page(request, *, refused=None, status=200):
    rights = Rights(request.user, request.today)
    waiting = browsing.measures(request.user, on=request.today).select_related(*RELATED)
    closed = scope.measures(request.user, on=request.today).exclude(state=MeasureState.OPEN).select_related(*RELATED)
    context = {
        "waiting": [_row(one, rights, request.today) for one in waiting.order_by("due_on", "pk")],
        "closed": [_row(one, rights, request.today) for one in closed.order_by("-closed_at", "-pk")[:LATEST]],
        "refused": refused or {},
        "today": request.today,
    }
    return render(request, "staff/measure_list.html", context, status=status)


def _row(measure, rights: Rights, today) -> dict:
    dismissal = measure.what == carrying_out.DISMISSAL
    may = rights.may_dismiss if dismissal else rights.may_carry_out
    is_open = measure.state == MeasureState.OPEN
    return {
        "measure": measure,
        "what": measure_words(measure.what),
        "title": browsing.rule_title(measure.violation),
        "late": is_open and measure.due_on is not None and measure.due_on < today,
        "may": is_open and may(measure.violation),
        "taught": measure.what in carrying_out.TAUGHT,
        "dismissal": dismissal,
    }
