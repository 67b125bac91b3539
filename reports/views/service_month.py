"""The month of the whole company: a page with a chapter for each regulation, two sheets of A4, a workbook."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from reports.domain.service import joining, monthly, paper
from reports.domain.service.drawing import trends
from reports.views.service import workbook_answer
from reports.views.service_words import month_cover
from staff.domain import activity
from staff.domain.wording import moment_words, span_words

DRAWN = 3  # small charts of a chapter
DRAWN_ON_PAPER = 6  # one of each of the first regulations


@require_safe
def service_report_month(request):
    """Show what the month's reports of all regulations say first; without a month the newest that there is."""
    months, wanted, found = _asked(request)
    context = {
        "month": wanted, "months": months, "side": joining.side_by_side(found),
        "chapters": [{"told": one, "charts": trends(one.content)[:DRAWN]} for one in found],
    }  # fmt: skip
    return render(request, "reports/service_report_month.html", context, status=200 if found or not months else 404)


def _asked(request):
    """Return the months that there are, the one that is asked for, and its chapters."""
    months = monthly.months(request.user, on=request.today)
    wanted = request.GET.get("period") or next(iter(months), "")
    return months, wanted, monthly.chapters(request.user, wanted, on=request.today)


def _found(request):
    """Return the month and its chapters; one without any is missing."""
    _months, wanted, found = _asked(request)
    if not found:
        raise Http404
    return wanted, found


@require_safe
def service_report_month_print(request):
    """Show the month of the company on two sheets of A4."""
    month, found = _found(request)
    first = found[0].report
    charts = [(one.report.policy, chart) for one in found for chart in trends(one.content)[:1]]
    rest = request.build_absolute_uri(f"{reverse('reports:service_report_month_workbook')}?period={month}")
    context = paper.sheets_of_month(joining.joined(found)) | {
        "month": month, "days": span_words(first.covers_from, first.covers_to), "printed": request.now,
        "as_of": moment_words(min(one.report.as_of for one in found)), "rest": rest, "chapters": found,
        "charts": charts[:DRAWN_ON_PAPER],
    }  # fmt: skip
    return render(request, "reports/service_report_month_print.html", context)


@require_safe
def service_report_month_workbook(request):
    """Hand the month of the company out as a workbook; the deed stands in the log."""
    month, found = _found(request)
    facts = {"dataset": "service_report_month", "period": month}
    activity.log(now=request.now, actor=request.user, verb="exported", subject=request.user, **facts)
    cover = month_cover(month, [one.report for one in found], by=request.user, now=request.now)
    return workbook_answer(cover, joining.joined(found), f"huifang-month-{month}")
