"""What customers are given to make good: what waits for approval, and what each month came to (H-03)."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from complaints.domain import spending, spent
from complaints.domain.writing import CannotDo
from staff.domain.periods import period_named, period_of

AT_ONCE = 50  # of what waits; the rest moves up as these are decided
MONTHS = 12
DEEDS = {
    "approve": (spending.approve, gettext_lazy("Approved.")),
    "refuse": (spending.refuse, gettext_lazy("Refused.")),
}


@require_safe
def compensation_list(request):
    """Show what waits, and what was decided in a month, with its sums by branch."""
    return _page(request)


@require_POST
def compensation_deed(request, pk, deed):
    """Approve or refuse a compensation; what is refused shows why, with what was typed."""
    if deed not in DEEDS:
        raise Http404
    one = get_object_or_404(spent.compensations(request.user, on=request.today), pk=pk)
    do, said = DEEDS[deed]
    try:
        do(one, by=request.user, now=request.now, reason=request.POST.get("reason", ""))
    except CannotDo as refusal:
        fault = {"pk": pk, "text": str(refusal), "reason": request.POST.get("reason", "")}
        return _page(request, fault=fault, status=422)
    messages.success(request, said)
    return HttpResponseRedirect(_back(request))


def _back(request) -> str:
    """Return the page that the deed came from: the case, or the list."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and safe else reverse("complaints:compensation_list")


def _page(request, *, fault=None, status=200):
    user, on = request.user, request.today
    month = _month(request)
    waiting = list(spent.waiting(user, on=on)[:AT_ONCE])
    decided = spent.decided(user, month, on=on)
    by_branch = spent.sums(decided)
    context = {
        "waiting": [_row(one, user, on) for one in waiting],
        "decided": list(decided),
        "by_branch": by_branch,
        "cases": sum(one.cases for one in by_branch),
        "amount": sum(one.amount for one in by_branch),
        "month": month,
        "months": _months(on),
        "fault": fault or {},
    }
    return render(request, "complaints/compensation_list.html", context, status=status)


def _row(one, user, on) -> dict:
    hindrance = spending.hindrance(one, user, on=on)
    return {"one": one, "may": not hindrance, "own": one.proposed_by_id == user.pk, "hindrance": hindrance}


def _months(on) -> list:
    found = [period_of("month", on)]
    while len(found) < MONTHS:
        found.append(found[-1].before())
    return found


def _month(request):
    """Return the month that the address names; the present one where it names none."""
    try:
        found = period_named(request.GET.get("month", ""))
    except ValueError:
        found = None
    return found if found and found.per == "month" else period_of("month", request.today)
