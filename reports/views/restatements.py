"""What has become known of closed months after their closing."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.domain.facts import telling
from reports.domain.figures.measured import shown, sides
from reports.forms.restating import FindRestated
from staff.views.paging import framed


@require_safe
def restatement_list(request):
    """Show whose figures of closed months are another now than they were closed with; the closed ones stand."""
    form = FindRestated(request.GET, months=telling.months_of(request.user, on=request.today))
    page = telling.page_of(request.user, form.wanted(), on=request.today, now=request.now)
    rows = [
        row | {name: {"value": shown(row[name].value, row["metric"]), "sides": sides(row[name], row["metric"])}
               for name in ("was", "is_now")}
        for row in page
    ]  # fmt: skip
    return render(request, "reports/restatement_list.html", framed(request, form, page, rows))
