"""The complaints of a month by branch, for the screen and for paper (AE-13)."""

from django.shortcuts import render
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe

from complaints.domain import branch_figures as figures
from complaints.forms.branches import FindMonth
from config.wiring import REPORTS_DELIVERED
from staff.domain.calendar import day_end, day_start
from visits.domain.detecting.bounds import house


@require_safe
def branch_report(request):
    """Show the complaints of a month by branch, category and department."""
    form = FindMonth(request.GET, today=request.today)
    month = form.period()
    span = day_start(month.first, house()), day_end(month.last, house())
    rows = figures.by_branch(request.user, *span, at=request.now, on=request.today)
    told = {
        "form": form, "month": month.key, "rows": rows, "total": figures.total_of(rows),
        "categories": figures.by_category(request.user, *span, on=request.today),
        "departments": figures.by_department(request.user, *span, at=request.now, on=request.today),
        "ways": figures.by_word(request.user, *span, on=request.today),
        "delivered": import_string(REPORTS_DELIVERED)("complaints_by_branch", first=month.first, last=month.last),
    }  # fmt: skip
    return render(request, "complaints/branch_report.html", told)
