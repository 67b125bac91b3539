"""Deeds that are owed after events: the list, and saying that a to-do is done."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from staff.choices import MeasureState
from staff.domain.access import may_open
from staff.domain.pages import cut
from staff.domain.wording import moment_words
from visits.domain.detecting.bounds import bound_text, is_past
from visits.domain.obliging import listing
from visits.domain.obliging.about import about
from visits.domain.obliging.counting import spec_of_obligation
from visits.domain.obliging.naming import deed_words
from visits.forms.obliging import FindObligations
from visits.models import Obligation
from visits.views.paging import paged

RELATED = ("release", "customer", "employee", "done_by")


@require_safe
def obligation_list(request):
    """Show what is owed, first what is due first."""
    return _shown(request)


@require_POST
def obligation_done(request, pk):
    """Say that a to-do is done; what is refused comes back as it was typed."""
    found = get_object_or_404(Obligation.objects.visible_to(request.user, on=request.today), pk=pk)
    note = request.POST.get("note", "")
    try:
        listing.do_by_hand(found, note, by=request.user, now=request.now, on=request.today)
    except listing.CannotDo as refusal:
        return _shown(request, refused={"id": pk, "note": note, "fault": str(refusal)}, status=422)
    messages.success(request, _("Written down as done."))
    return HttpResponseRedirect(f"{reverse('visits:obligation_list')}?{request.GET.urlencode()}")


def _shown(request, *, refused=None, status=200):
    form = FindObligations(request.GET)
    wanted = form.wanted()
    found = listing.obligations(request.user, wanted, now=request.now, on=request.today)
    page = cut(found.select_related(*RELATED), wanted["page"])
    may = may_open("visits:obligation_done", "POST", request.user.base_roles)
    things = about(one.subject for one in page)
    rows = [_row(one, request.now, may=may, refused=refused) | {"thing": things.get(one.subject)} for one in page]
    shown = paged(request, form, page, rows, path=reverse("visits:obligation_list"))
    return render(request, "visits/obligation_list.html", shown, status=status)


def _row(one, now, *, may, refused):
    spec = spec_of_obligation(one)
    is_open = one.state == MeasureState.OPEN
    moment = now if is_open else one.done_at
    return {
        "id": one.pk,
        "title": (spec.title if spec else "") or one.rule,
        "deed": deed_words(one.deed),
        "due": bound_text(one.due_at, inclusive=one.inclusive) if one.due_at else "",
        "late": bool(one.due_at and not one.paused_at and is_past(moment, one.due_at, inclusive=one.inclusive)),
        "stopped": one.paused_at is not None,
        "is_open": is_open,
        "state": one.state,
        "words": one.get_state_display(),
        "since": moment_words(one.anchor_at),
        "done": moment_words(one.done_at),
        "note": one.note,
        "customer": one.customer,
        "owner": one.employee,
        "by": one.done_by,
        "may_do": may and is_open and one.deed == "todo",
        "refused": refused if refused and refused["id"] == one.pk else None,
    }
