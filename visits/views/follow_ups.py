"""Follow-ups: the list with who answers for what, the page of one, and what people do about it."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from staff.domain.access import may_open
from visits.domain.follow_up import adding, finding, handling, rescheduling, wording
from visits.domain.follow_up.making import person
from visits.forms.finding_follow_ups import FindFollowUps
from visits.forms.follow_up import DeedForm
from visits.models import FollowUpItem
from visits.views.paging import paged

RELATED = ("customer", "vehicle", "owner", "record__advisor", "problem", "replaces", "arrival", "branch")


@require_safe
def follow_up_list(request):
    """Show the follow-ups in the person's scope, found by the filters of the address, and who answers for how many."""
    people = finding.burdens(request.user, now=request.now, on=request.today)
    form = FindFollowUps(request.GET, people=[(str(one.id), one.name) for one in people])
    wanted = form.wanted()
    page = finding.follow_ups(request.user, wanted, now=request.now, on=request.today)
    rows = [wording.row(row, now=request.now) for row in page]
    shown = paged(request, form, page, rows) | {"people": people, "whose": wanted["whose"]}
    return render(request, "visits/follow_up_list.html", shown)


@require_safe
def follow_up(request, pk):
    """Show one follow-up: what, who, until when, its history, and what can be done about it."""
    return _page(request, seen(request, pk))


@require_POST
def follow_up_deed(request, pk, deed):
    """Do one thing about a follow-up; what is refused comes back as it was typed."""
    found = seen(request, pk)
    form = DeedForm(request.POST)
    if deed not in DEEDS:
        raise Http404
    try:
        if not form.is_valid():
            raise handling.CannotHandle(" ".join(form.faults()))
        message = DEEDS[deed](found, form.cleaned_data, by=request.user, now=request.now)
    except handling.CannotHandle as refusal:
        refused = {"deed": deed, "fault": str(refusal), "typed": form.typed()}
        return _page(request, seen(request, pk), refused=refused, status=422)
    messages.success(request, message)
    return HttpResponseRedirect(f"/follow-ups/{pk}/")


def seen(request, pk) -> FollowUpItem:
    """Return the follow-up if it is this person's to see; what is not looks as if it were not there."""
    mine = FollowUpItem.objects.visible_to(request.user, on=request.today).select_related(*RELATED)
    return get_object_or_404(mine, pk=pk)


def _page(request, item: FollowUpItem, *, refused=None, status=200):
    may = may_open("visits:follow_up_deed", "POST", request.user.base_roles)
    context = {
        "item": item,
        "told": wording.page(item, now=request.now),
        "deeds": wording.deeds_open(item, by=request.user, now=request.now, on=request.today) if may else [],
        "people": finding.colleagues(item.branch_id, on=request.today) if may else [],
        "refused": refused or {"typed": {}},
    }
    return render(request, "visits/follow_up.html", context, status=status)


def _progress(item, typed, *, by, now):
    handling.note_progress(item, typed["text"], told_customer=typed["told_customer"], by=by, now=now)
    return _("Written down.")


def _settle(item, typed, *, by, now):
    handling.settle(item, typed["text"], by=by, now=now)
    return _("Closed with its result.")


def _transfer(item, typed, *, by, now):
    to = person(typed["to"])
    if to is None:
        raise handling.CannotHandle(_("Choose to whom."))
    handling.transfer(item, to, reason=typed["text"], by=by, now=now)
    return _("%(name)s answers for this now.") % {"name": to}


def _reopen(item, typed, *, by, now):
    handling.reopen(item, typed["text"], by=by, now=now)
    return _("Open again.")


def _reschedule(item, typed, *, by, now):
    if typed["on"] is None:
        raise handling.CannotHandle(_("Choose another day, today or later."))
    rescheduling.reschedule(item, typed["on"], reason=typed["text"], by=by, now=now)
    return _("The new day is agreed.")


def _arrive(item, typed, *, by, now):
    handling.note_arrival(item, arrived_on=typed["on"], by=by, now=now)
    return _("The arrival is noted.")


def _withdraw(item, typed, *, by, now):
    handling.withdraw(item, typed["text"], by=by, now=now)
    return _("Taken back.")


def _book(item, typed, *, by, now):
    adding.book_return(item, typed["on"], solution=typed["text"], by=by, now=now)
    return _("The appointment is booked.")


def _recommend(item, typed, *, by, now):
    made = adding.recommend_repair(item, typed["text"], on=typed["on"], by=by, now=now)
    return _("Entered as recommended repair %(number)s.") % {"number": wording.repair_number(made)}


DEEDS = {
    "progress": _progress, "settle": _settle, "transfer": _transfer, "reopen": _reopen, "reschedule": _reschedule,
    "arrive": _arrive, "withdraw": _withdraw, "book": _book, "recommend": _recommend,
}  # fmt: skip
