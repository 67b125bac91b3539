"""The month of the whole company on one page: a chapter for each regulation."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.domain.service import deeds, monthly
from reports.domain.service.content import thawed
from reports.domain.service.drawing import trends
from reports.domain.service.summing import summary
from reports.domain.service.tables import Sight

DRAWN = 3  # small charts of a chapter


@require_safe
def service_report_month(request):
    """Show what the month's reports of all regulations say first; without a month the newest that there is."""
    months = monthly.months(request.user, on=request.today)
    wanted = request.GET.get("period") or next(iter(months), "")
    found = [_chapter(request, one) for one in monthly.chapters(request.user, wanted, on=request.today)]
    found.sort(key=lambda one: not one["summary"].aimed)  # what somebody steers by first
    context = {"month": wanted, "months": months, "chapters": found}
    return render(request, "reports/service_report_month.html", context, status=200 if found or not months else 404)


def _chapter(request, chapter) -> dict:
    report, on = chapter.report, request.today
    content = thawed(report.content)
    told = summary(content, Sight(deeds.manages(report, request.user, on=on)))
    return {"report": report, "beside": chapter.beside, "summary": told, "charts": trends(content)[:DRAWN]}
