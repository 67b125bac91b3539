"""The monthly notice for all staff, on one sheet of paper, and the statements of one person."""

from datetime import date

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from staff.domain.company import shown_company
from staff.domain.conduct import months, noticing
from staff.domain.conduct.browsing import rule_title
from staff.domain.conduct.naming import signed_words
from staff.domain.conduct.rights import Rights
from staff.domain.wording import day_words
from staff.models import MonthClose, Violation
from staff.views.months import known


@require_safe
def notice_list(request):
    """List the months whose notice was published."""
    return render(request, "staff/notice_list.html", {"notices": noticing.published()})


@require_safe
def notice(request, period):
    """Show the notice of a month on one sheet; before it is published, only to who may publish it."""
    shown = noticing.published().filter(close__period=known(period)).first()
    if shown:
        close, shows = shown.close, shown.shows
    else:
        found = (
            MonthClose.objects.all() if Rights(request.user, request.today).may_close() else MonthClose.objects.none()
        )
        close, shows = get_object_or_404(found, period=period), shown_company().notice_shows
    sheet = noticing.sheet(close, shows=shows, on=request.today)
    lines = [(line, signed_words(line.amount, line.unit)) for line in sheet.lines]
    sums = [(one, signed_words(one.net, one.unit)) for one in sheet.sums]
    context = {"sheet": sheet, "lines": lines, "sums": sums, "notice": shown, "close": close}
    return render(request, "staff/notice.html", context)


@require_safe
def statement(request, pk):
    """Show one frozen statement, line by line, to print or to compare."""
    seen = months.statements_seen_by(request.user, on=request.today).select_related("employee", "close__closed_by")
    found = get_object_or_404(seen, pk=pk)
    return render(request, "staff/statement.html", {"statement": found, "lines": statement_lines(found)})


def statement_lines(found) -> list[dict]:
    """Return the frozen lines in words; titles are those of the release that judged each."""
    ids = [line["violation"] for line in found.lines]
    known = Violation.objects.filter(pk__in=ids).select_related("release__policy")
    titles = {one.pk: rule_title(one) for one in known}
    return [
        {
            **line,
            "day": day_words(date.fromisoformat(line["occurred_on"])),
            "title": titles.get(line["violation"], line["rule"]),
            "words": signed_words(line["amount"], found.unit, line["kind"]),
        }
        for line in found.lines
    ]
