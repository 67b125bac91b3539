"""Service-quality reports: the list, one of them, its two sheets of paper, its workbook, and what people do with it."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reports.choices import ServiceDeed
from reports.domain.service import deeds, listing, making, monthly, paper, sending
from reports.domain.service.content import thawed
from reports.domain.service.drawing import screen_charts
from reports.domain.service.summing import summary
from reports.domain.service.tables import THEMES, Sight, Table, tables
from reports.excel.service_report import Cover, workbook_of
from reports.forms.service import FindServiceReports, ServiceDeedForm
from reports.models import ServiceReport
from reports.views.service_words import changed_words, cover_of, deed_words, heading, step_words
from staff.domain import activity
from staff.views.paging import framed

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def service_report_list(request):
    """Show the reports that the person may see, the newest first."""
    form = FindServiceReports(request.GET, branches=listing.branches(request.user, on=request.today))
    page = listing.reports(request.user, form.wanted(), on=request.today)
    context = framed(request, form, page, list(page))
    if not context["narrowed"] and page.number == 1:
        context["months"] = monthly.months(request.user, on=request.today)
    return render(request, "reports/service_report_list.html", context)


@require_safe
def service_report(request, pk):
    """Show one report by themes, whether figures have changed since, and what can be done with it."""
    report = _seen(request, pk)
    sending.read(report, by=request.user, now=request.now)
    return _page(request, report)


def _page(request, report, *, refused="", status=200):
    content, sight = thawed(report.content), _sight(request, report)
    made = tables(content, sight)
    changed = making.changed_since(report, now=request.now) if sight.managed else []
    shown = heading(report) | {
        "report": report, "sight": sight, "refused": refused, "changed": changed_words(changed),
        "themes": [(code, name, [one for one in made if one.theme == code]) for code, name in THEMES.items()],
        "summary": summary(content, sight), "charts": screen_charts(content), "steps": step_words(report),
        "deeds": deed_words(deeds.offered(report, request.user, on=request.today)),
        "copies": report.copies.select_related("recipient") if sight.managed else [],
        "versions": _versions(request, report), "may_restate": bool(changed) and not hasattr(report, "restated_by"),
    }  # fmt: skip
    return render(request, "reports/service_report.html", shown, status=status)


def _seen(request, pk) -> ServiceReport:
    mine = ServiceReport.objects.visible_to(request.user, on=request.today)
    return get_object_or_404(mine.select_related("branch", "policy", "release", "restated_by"), pk=pk)


def _sight(request, report) -> Sight:
    on = request.today
    return Sight(deeds.manages(report, request.user, on=on), deeds.may_rank(report, request.user, on=on))


def _versions(request, report):
    """Return the other versions of the same report that the person may see."""
    mine = ServiceReport.objects.visible_to(request.user, on=request.today).exclude(pk=report.pk).defer("content")
    same = mine.filter(kind=report.kind, policy=report.policy_id, branch=report.branch_id, period=report.period)
    return list(same.order_by("number"))


@require_safe
def service_report_print(request, pk):
    """Show a report on two sheets of A4."""
    report = _seen(request, pk)
    shown = heading(report) | paper.sheets(thawed(report.content), _sight(request, report))
    rest = request.build_absolute_uri(reverse("reports:service_report", args=[report.pk]))
    context = {"report": report, "printed": request.now, "rest": rest}
    return render(request, "reports/service_report_print.html", shown | context)


@require_safe
def service_report_workbook(request, pk):
    """Hand a report out as a workbook; the deed stands in the log."""
    report = _seen(request, pk)
    cover: Cover = cover_of(report, by=request.user, now=request.now)
    made = tables(thawed(report.content), _sight(request, report))
    facts = {"dataset": "service_report", "period": report.period, "version": report.number}
    activity.log(now=request.now, actor=request.user, verb="exported", subject=report, **facts)
    return workbook_answer(cover, made, f"huifang-{report.kind}-{report.period}")


def workbook_answer(cover: Cover, made: list[Table], name: str) -> HttpResponse:
    """Return the tables as a workbook of that name."""
    answer = HttpResponse(workbook_of(cover, made), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer


@require_POST
def service_report_deed(request, pk):
    """Submit, return, review or publish a report, or state it anew; what is refused says why."""
    report, form = _seen(request, pk), ServiceDeedForm(request.POST)
    try:
        if not form.is_valid() or form.cleaned_data["deed"] not in (*deeds.DEEDS, ServiceDeed.RESTATED):
            raise deeds.CannotDo(_("Choose what is to be done."))
        if form.cleaned_data["deed"] == ServiceDeed.RESTATED:
            report = deeds.restate(report, by=request.user, now=request.now)
        else:
            note = form.cleaned_data["note"]
            deeds.do(report, form.cleaned_data["deed"], note, by=request.user, now=request.now)
    except (deeds.CannotDo, making.CannotRestate) as refusal:
        return _page(request, _seen(request, pk), refused=str(refusal), status=422)
    messages.success(request, _("Done; whom it concerns was told."))
    return HttpResponseRedirect(reverse("reports:service_report", args=[report.pk]))
