"""The months of the ledger: what each comes to, its close and statements, settlement, the file for personnel."""

import re

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from staff.domain import activity
from staff.domain.company import shown_company
from staff.domain.conduct import closing, months, noticing, scope
from staff.domain.conduct.refusing import Refused
from staff.domain.conduct.rights import Rights
from staff.excel.personnel import personnel_workbook
from staff.forms.ledger import NoticeStyleForm
from staff.models import MonthClose, MonthNotice

MONTH = re.compile(r"[12][0-9]{3}-(0[1-9]|1[0-2])")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def month_list(request):
    """List the months with their sums, what waits, whether each is closed and published."""
    return render(request, "staff/month_list.html", _listed(request))


@require_safe
def month(request, period):
    """Show what a month brings each person, and what can be done about it."""
    return _page(request, known(period))


@require_POST
def month_close(request, period):
    """Close a month: freeze its statements; what becomes known later is posted to the open month."""
    said = _("The month is closed. Its statements stay as they are.")
    return _do(request, known(period), lambda: closing.close_month(period, actor=request.user, now=request.now), said)


@require_POST
def month_settle(request, period):
    """Note that personnel has paid or taken what the month brings."""

    def settle():
        counts = closing.settle(period, actor=request.user, now=request.now)
        left = sum(counts.values()) - counts["settled"]
        if left:
            messages.warning(
                request, _("%(count)d were left: one's own, appealed, or settled by somebody else.") % {"count": left}
            )

    return _do(request, known(period), settle, _("Noted as settled."))


@require_POST
def notice_publish(request, period):
    """Publish the notice of a closed month to all staff."""
    close = get_object_or_404(MonthClose, period=known(period))
    may_close(request)
    noticing.publish(close, actor=request.user, now=request.now)
    messages.success(request, _("Published. All staff can read it now."))
    return HttpResponseRedirect(reverse("staff:month", args=[period]))


@require_POST
def notice_withdraw(request, period):
    """Take the notice of a month back."""
    notice = get_object_or_404(MonthNotice, close__period=known(period), withdrawn_at=None)
    may_close(request)
    noticing.withdraw(notice, actor=request.user, now=request.now)
    messages.success(request, _("The notice is no longer shown."))
    return HttpResponseRedirect(reverse("staff:month", args=[period]))


@require_POST
def notice_style(request):
    """Choose how much of a person the notices show."""
    may_close(request)
    form = NoticeStyleForm(request.POST)
    if not form.is_valid():
        return render(request, "staff/month_list.html", _listed(request) | {"form": form}, status=422)
    noticing.show_as(form.cleaned_data["shows"], actor=request.user, now=request.now)
    messages.success(request, _("Saved. It holds for what is published from now on."))
    return HttpResponseRedirect(reverse("staff:month_list"))


@require_safe
def month_personnel(request, period):
    """Hand out the month as a workbook for personnel; it says that the program pays nothing."""
    found = months.month(known(period), actor=request.user, on=request.today)
    shares = months.shares(period, actor=request.user, on=request.today)
    entries = scope.entries(request.user, on=request.today).filter(period=period).select_related(*ENTRY_RELATED)
    made = personnel_workbook(found, shares, entries.order_by("employee__pinyin", "employee__username", "pk"))
    activity.log(
        now=request.now, actor=request.user, verb="exported", dataset="personnel", period=period, rows=len(shares)
    )
    answer = HttpResponse(made, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="huifang-{period}.xlsx"'
    return answer


ENTRY_RELATED = ("employee", "policy", "violation__release__policy", "reverses")


def known(period: str) -> str:
    """Return the month if it is one; anything else is not there."""
    if not MONTH.fullmatch(period):
        raise Http404
    return period


def may_close(request) -> None:
    """Let nobody on who may not close a month: for them there is nothing here."""
    if not Rights(request.user, request.today).may_close():
        raise Http404


def _do(request, period, deed, said):
    try:
        deed()
        messages.success(request, said)
    except Refused as refusal:
        return _page(request, period, fault=refusal.words, status=422)
    return HttpResponseRedirect(reverse("staff:month", args=[period]))


def _page(request, period, *, fault="", status=200):
    found = months.month(period, actor=request.user, on=request.today)
    context = {
        "month": found,
        "shares": months.shares(period, actor=request.user, on=request.today),
        "to_settle": months.to_settle(period, actor=request.user, on=request.today),
        "is_over": f"{request.today:%Y-%m}" > period,
        "publishes": bool(noticing.publishing_policies(on=request.today)),
        "looks_further": scope.looks_further(request.user, on=request.today),
        "fault": fault,
    }
    return render(request, "staff/month.html", context | _may(request), status=status)


def _may(request) -> dict:
    return {"may_close": Rights(request.user, request.today).may_close()}


def _listed(request) -> dict:
    found = months.months(request.user, on=request.today)
    return {"months": found, "form": NoticeStyleForm(initial={"shows": shown_company().notice_shows})} | _may(request)
