"""The monthly notice for all staff, on one sheet of paper, and the statements of one person."""

from datetime import date

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from staff.domain.company import shown_company
from staff.domain.conduct import months, noticing, scope, subjects
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
    behind = _behind(request, close)
    lines = [(line, signed_words(line.amount, line.unit), behind(line)) for line in sheet.lines]
    sums = [(one, signed_words(one.net, one.unit)) for one in sheet.sums]
    context = {"sheet": sheet, "lines": lines, "sums": sums, "notice": shown, "close": close}
    return render(request, "staff/notice.html", context)


def _behind(request, close):
    """Return what gives the address of a line's ground: its only violation, else the statement it stands in.

    Nothing for a line of which this person may not see what is behind it.
    """
    seen = scope.entries(request.user, on=request.today).filter(period=close.period)
    mine = frozenset(seen.values_list("violation", flat=True))
    frozen = months.statements_seen_by(request.user, on=request.today).filter(close=close)
    statements = {(person, unit): pk for pk, person, unit in frozen.values_list("pk", "employee", "unit")}

    def address(line) -> str:
        if not line.violations <= mine:
            return ""
        if len(line.violations) == 1:
            return reverse("staff:violation", args=line.violations)
        key = statements.get((line.employee, line.unit))
        return reverse("staff:statement", args=[key]) if key else ""

    return address


@require_safe
def statement(request, pk):
    """Show one frozen statement, line by line, to print or to compare."""
    seen = months.statements_seen_by(request.user, on=request.today).select_related("employee", "close__closed_by")
    found = get_object_or_404(seen, pk=pk)
    lines = statement_lines(found, actor=request.user, on=request.today)
    return render(request, "staff/statement.html", {"statement": found, "lines": lines})


def statement_lines(found, *, actor, on) -> list[dict]:
    """Return the frozen lines in words, as far as the actor may see their matter; titles are of the judging release."""
    ids = [line["violation"] for line in found.lines]
    known = Violation.objects.filter(pk__in=ids).select_related("release__policy")
    titles = {one.pk: rule_title(one) for one in known}
    about = subjects.told({subjects.reference(line["subject"]) for line in found.lines}, actor=actor, on=on)
    return [
        {
            **line,
            "day": day_words(date.fromisoformat(line["occurred_on"])),
            "about": about.get(subjects.reference(line["subject"])) or subjects.hidden("", _("(not yours to see)")),
            "title": titles.get(line["violation"], line["rule"]),
            "words": signed_words(line["amount"], found.unit, line["kind"]),
        }
        for line in found.lines
    ]
