"""Reports that are owed: the list, the page of one, handing it in, what was handed in, passing it on."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reports.domain.daily import browsing, showing, telling, wording
from reports.domain.daily.composing import compose
from reports.domain.daily.submitting import CannotSubmit, give_reasons, is_whole, submit
from reports.forms.daily import FindReports, HandInForm
from reports.models import OwedReport, ReportVersion
from staff.domain.access import MANAGERS, may_open
from staff.views.paging import framed


@require_safe
def daily_list(request):
    """Show reports: what is to be handed in first, then one's own, those sent to one, or all that one sees."""
    people = browsing.owners(request.user, on=request.today)
    start = _start(request)
    form = FindReports(request.GET, people=people, start=start)
    page = browsing.page_of(request.user, form.wanted(), on=request.today)
    rows = [_row(row["report"], request.now) | {"unread": row["report"].unread} for row in page]
    waiting = [_row(report, request.now) for report in browsing.to_hand_in(request.user)]
    shown = framed(request, form, page, rows) | {"waiting": waiting, "whose": form.wanted()["whose"]}
    return render(request, "reports/daily_list.html", shown | {"unread": browsing.unread_count(request.user)})


def _start(request) -> str:
    """Return on whose reports the list opens: one's own, else those that were sent, else all."""
    if browsing.owes_any(request.user):
        return "mine"
    return "sent" if browsing.unread_count(request.user) else "all"


def _row(report, now):
    _spec, title = showing.spec_title(report)
    return {
        "id": report.pk,
        "report": report,
        "title": title,
        "policy": report.policy.title,
        "period": wording.period_words(report),
        "due": wording.due_words(report),
        "left": wording.left_words(report, now=now) if report.first_submitted_at is None else "",
        "state": wording.state_words(report),
        "late": report.fate in ("late", "missing"),
        "over": report.first_submitted_at is None and report.due_at is not None and report.due_at < now,
    }


@require_safe
def daily_report(request, pk):
    """Show one report: to its owner as it stands, to others as it was handed in last."""
    report = _seen(request, pk)
    telling.read(report, by=request.user, now=request.now)
    return _page(request, report)


def _seen(request, pk) -> OwedReport:
    mine = OwedReport.objects.visible_to(request.user, on=request.today)
    return get_object_or_404(mine.select_related("employee", "release", "policy", "branch", "department"), pk=pk)


def _page(request, report, *, remark=None, fault="", status=200):
    last = report.versions.select_related("submitted_by").order_by("-number").first()
    writes = showing.writes(report, request.user)
    told = showing.draft_told(report, last, now=request.now) if writes else last and _frozen(request, last)
    spec, title = showing.spec_title(report)
    context = {
        **_row(report, request.now), "title": title, "spec": spec, "told": told, "writes": writes, "last": last,
        "versions": list(report.versions.order_by("-number").prefetch_related("copies__recipient")),
        "returned": showing.returned_with(last) if report.state == "returned" else None,
        "lateness": showing.lateness(report), "fault": fault, "seconds_left": _seconds_left(report, request.now),
        "remark": remark if remark is not None else last.remark if last else "",
        "reviews": may_open("reports:report_review", "GET", request.user.base_roles),
        "people": _colleagues(request, report) if last else [],
    }  # fmt: skip
    return render(request, "reports/daily_report.html", context, status=status)


def _frozen(request, version):
    return showing.version_told(version, by=request.user, on=request.today)


def _seconds_left(report, now) -> int:
    """Return how many seconds there are until the cut-off; 0 once it is over, or where there is none."""
    return max(0, int((report.due_at - now).total_seconds())) if report.due_at else 0


def _colleagues(request, report):
    """Return whom a manager may pass the report on to: everybody else who may read reports."""
    if not request.user.base_roles & MANAGERS or report.employee_id == request.user.pk:
        return []
    others = telling.readers(on=request.today).exclude(pk__in=[request.user.pk, report.employee_id])
    return others.order_by("pinyin", "username")


@require_POST
def daily_submit(request, pk):
    """Hand a report in with the reasons and the remark that were typed; what is refused says which lines and why."""
    report, form = _seen(request, pk), HandInForm(request.POST)
    try:
        owing = [line.task.pk for line in compose(report, now=request.now).lines if line.owes_reason and line.task]
        give_reasons(report, form.reasons(owing), by=request.user, now=request.now)
        if "keep" in request.POST:
            messages.success(request, _("The reasons are kept; the report is not handed in yet."))
            return HttpResponseRedirect(reverse("reports:daily_report", args=[pk]))
        version = submit(report, by=request.user, now=request.now, remark=request.POST.get("remark", ""))
    except CannotSubmit as refusal:
        remark = request.POST.get("remark", "")
        return _page(request, _seen(request, pk), remark=remark, fault=str(refusal), status=422)
    words = _("Handed in at %(moment)s, version %(number)d.")
    messages.success(request, words % {"moment": wording.second_words(request.now), "number": version.number})
    return HttpResponseRedirect(reverse("reports:daily_report", args=[pk]))


@require_safe
def daily_version(request, pk):
    """Show a version as it was handed in, as a sheet for paper, with its hash and whether it still agrees."""
    version = get_object_or_404(ReportVersion.objects.select_related("submitted_by", "release"), pk=pk)
    report = _seen(request, version.report_id)
    telling.read(report, by=request.user, now=request.now)
    _spec, title = showing.spec_title(report)
    context = {
        "report": report, "version": version, "told": _frozen(request, version), "title": title,
        "period": wording.period_words(report), "whole": is_whole(version), "state": wording.state_words(report),
        "due": wording.due_words(report), "handed_in": wording.second_words(version.submitted_at),
        "steps": version.steps.select_related("by", "line"),
    }  # fmt: skip
    return render(request, "reports/daily_version.html", context)


@require_POST
def daily_pass_on(request, pk):
    """Pass the version that was handed in last on to people of other units."""
    report = _seen(request, pk)
    version = get_object_or_404(ReportVersion.objects.filter(report=report).order_by("-number")[:1])
    allowed = {str(one.pk): one.pk for one in _colleagues(request, report)}
    chosen = [allowed[one] for one in request.POST.getlist("people") if one in allowed]
    try:
        count = telling.pass_on(version, chosen, by=request.user, now=request.now)
        messages.success(request, _("Passed on; told: %(count)d.") % {"count": count})
    except telling.CannotPassOn as refusal:
        return _page(request, report, fault=str(refusal), status=422)
    return HttpResponseRedirect(reverse("reports:daily_report", args=[pk]))
